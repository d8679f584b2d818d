/* Events, acknowledgements, binary data, and what a panel can watch of the engine. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import {
  afterwards, answer, bytes, collect, connected, next, numbers, open, OURS, oursOnly, settled, upgraded,
} from "./support.mjs";

describe("events", { timeout: 20_000 }, () => {
  it("on, once, off, send and chaining", async () => {
    const socket = await connected();
    const calls = [];
    const removed = () => calls.push("removed");
    const never = () => calls.push("never");
    socket.on("back", removed).on("back", () => calls.push("on")).once("back", () => calls.push("once"));
    socket.once("back", never).off("back", removed).off("back", never);
    socket.emit("back").emit("back").send("to nobody");
    await settled(socket);
    assert.deepEqual(calls, ["on", "once", "on"]);
    assert.equal(socket.hasListeners("back"), true);
    socket.off("back");
    assert.deepEqual(socket.listeners("back"), []);
  });

  it("onAny and onAnyOutgoing, prepended, removed", async () => {
    const socket = await connected();
    const seen = [];
    const off = () => seen.push("off");
    socket.onAny((event, n) => seen.push(["in", event, n]));
    socket.prependAny(() => seen.push("first in")).onAny(off).offAny(off);
    socket.onAnyOutgoing((event, n) => seen.push(["out", event, n]));
    socket.prependAnyOutgoing(() => seen.push("first out")).onAnyOutgoing(off).offAnyOutgoing(off);
    socket.emit("back", 1);
    await next(socket, "back");
    assert.deepEqual(seen, ["first out", ["out", "back", 1], "first in", ["in", "back", 1]]);
    socket.offAny().offAnyOutgoing();
    assert.deepEqual([socket.listenersAny(), socket.listenersAnyOutgoing()], [[], []]);
  });

  it("reserved names cannot be emitted", () => {
    const socket = open("", { autoConnect: false });
    for (const name of ["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"]) {
      assert.throws(() => socket.emit(name), new RegExp(`"${name}" is a reserved event name`));
    }
  });

  it("acks: from the server, from the client, once each", async () => {
    const socket = await connected();
    assert.deepEqual(await answer(socket, "echo", 1, { two: 2 }), [1, { two: 2 }]);
    socket.once("q", (one, two, ack) => {
      ack({ one }, two, Uint8Array.of(9));
      ack("again");
    });
    const answers = collect(socket, "a");
    const sent = [];
    socket.io.engine.on("packetCreate", ({ data }) => sent.push(data));
    socket.emit("ackme");
    const [first, second, third] = await next(socket, "a");
    await settled(socket);
    assert.deepEqual([first, second, bytes(third)], [{ one: 1 }, "two", [9]]);
    assert.equal(answers.length, 1);
    const acks = sent.filter((data) => data?.[0] === "3" || data?.[0] === "6");
    assert.deepEqual(acks.map((data) => data.slice(0, 3)), ["61-"]);
  });

  it("timeouts: an error when there is no answer, null and the answer when there is", async () => {
    const socket = await connected();
    const [error] = await answer(socket.timeout(30), "silence");
    assert.ok(error instanceof Error);
    assert.equal(error.message, "operation has timed out");
    assert.deepEqual(await answer(socket.timeout(2000), "echo", 5), [null, 5]);
    await assert.rejects(socket.timeout(30).emitWithAck("silence"), /timed out/);
    assert.equal(await socket.timeout(2000).emitWithAck("echo", 6), 6);
    assert.deepEqual(Object.keys(socket.acks), []);
  });

  it("a timeout while disconnected takes the message out of the buffer", async () => {
    const socket = open("", { autoConnect: false });
    await assert.rejects(socket.timeout(20).emitWithAck("echo", 1), /timed out/);
    assert.equal(socket.sendBuffer.length, 0);
  });

  it("ackTimeout is the timeout of every emit", async () => {
    const socket = await connected("", { ackTimeout: 30 });
    const [error] = await answer(socket, "silence");
    assert.match(error.message, /timed out/);
  });

  it("pending acks end with an error when the connection does", async () => {
    const socket = await connected();
    const promise = socket.emitWithAck("silence");
    socket.emit("silence", () => assert.fail("a plain ack is not called without an answer"));
    socket.disconnect();
    await assert.rejects(promise, /socket has been disconnected/);
    assert.deepEqual(Object.keys(socket.acks), []);
  });

  it("volatile: dropped when offline or behind a message that is still leaving, sent when idle", async () => {
    const socket = open("", { transports: ["websocket"] });
    const backs = collect(socket, "back");
    socket.volatile.emit("back", "offline");
    await next(socket, "connect");
    socket.emit("back", "sent");
    socket.volatile.emit("back", "busy");
    await settled(socket);
    await sleep(20);
    socket.volatile.emit("back", "idle");
    await settled(socket);
    assert.deepEqual(backs.map(([name]) => name), ["sent", "idle"]);
  });

  it("volatile from the server arrives at an idle client", async () => {
    const socket = await connected();
    await upgraded(socket);
    await settled(socket);
    await sleep(50);
    socket.emit("volatile", 7);
    assert.equal((await next(socket, "volatile"))[0], 7);
  });

  // There it ends as an unhandled rejection.
  it("a listener that throws does not disturb the connection, and its error is not swallowed", oursOnly, async () => {
    const socket = await connected();
    const thrown = new Promise((resolve) => process.setUncaughtExceptionCaptureCallback(resolve));
    afterwards(() => process.setUncaughtExceptionCaptureCallback(null));
    socket.once("back", () => { throw new Error("in a listener"); });
    const [[n]] = await Promise.all([next(socket, "back"), socket.emit("back", 1)]);
    assert.equal(n, 1);
    assert.match((await Promise.race([thrown, sleep(1000)]))?.message, /in a listener/);
    assert.equal(await socket.emitWithAck("echo", 2), 2);
  });
});

describe("binary", { timeout: 20_000 }, () => {
  for (const transport of ["polling", "websocket"]) {
    it(`both ways, nested anywhere, over ${transport}`, async () => {
      const socket = await connected("", { transports: [transport] });
      socket.emit("bin");
      const [{ list, deep }, plain] = await next(socket, "bin");
      assert.deepEqual([bytes(list[0]), bytes(deep.bytes), bytes(plain)], [[1, 2, 3], [255], [0]]);
      if (OURS) assert.ok(plain instanceof ArrayBuffer);
      const buffer = Uint8Array.from(numbers(256)).buffer;
      const sent = { a: buffer, b: [new Uint8Array(buffer, 10, 3), { c: new DataView(buffer, 250) }], text: "t" };
      const { a, b, text } = await socket.emitWithAck("echo", sent);
      assert.deepEqual([bytes(a), bytes(b[0]), bytes(b[1].c)], [numbers(256), [10, 11, 12], numbers(6, 250)]);
      assert.equal(text, "t");
    });

    it(`a large buffer comes back whole over ${transport}`, async () => {
      const socket = await connected("", { transports: [transport] });
      const large = Uint8Array.from({ length: 300_000 }, (_, index) => (index * 31) % 256);
      assert.deepEqual(bytes(await socket.emitWithAck("echo", large)), [...large]);
    });

    // The official client sends them in browsers only.
    it(`Blob and File arrive in order with what surrounds them over ${transport}`, oursOnly, async () => {
      const socket = await connected("", { transports: [transport] });
      const backs = collect(socket, "back");
      const file = new File(["file"], "name");
      socket.emit("back", new Blob(["blob"])).emit("back", "between").emit("back", { file });
      await settled(socket);
      const text = (data) => Buffer.from(data).toString();
      assert.deepEqual([text(backs[0][0]), backs[1][0], text(backs[2][0].file)], ["blob", "between", "file"]);
    });
  }

  it("a binary event and its attachments stay together among other events", async () => {
    const socket = await connected();
    const backs = collect(socket, "back");
    for (const n of numbers(60)) socket.emit("back", n, n % 3 ? { n } : { n: Uint8Array.of(n) });
    await upgraded(socket);
    await settled(socket);
    assert.deepEqual(backs.map(([n]) => n), numbers(60));
    for (const [n, value] of backs) assert.deepEqual(n % 3 ? value.n : bytes(value.n)[0], n);
  });

  const parts = (count) => numbers(count).map((n) => Uint8Array.of(n));

  it("ten attachments in one event", async () => {
    const socket = await connected();
    const answer = await socket.emitWithAck("echo", parts(10));
    assert.deepEqual(answer.map((part) => bytes(part)[0]), numbers(10));
  });

  // The official client sends them, and the server hangs up.
  it("eleven attachments throw where they are emitted", oursOnly, async () => {
    const socket = await connected();
    assert.throws(() => socket.emit("echo", parts(11)), /11 binary attachments/);
    assert.equal(await socket.emitWithAck("echo", "still here"), "still here");
  });
});

describe("engine events", { timeout: 20_000 }, () => {
  it("packet and packetCreate show {type, data} in both directions", async () => {
    const socket = open("", { transports: ["websocket"] });
    const wire = [];
    const { engine } = socket.io;
    engine.on("packetCreate", ({ type, data }) => wire.push(["out", type, data]));
    engine.on("packet", ({ type, data }) => wire.push(["in", type, data]));
    await next(socket, "connect");
    await settled(socket);
    const exchange = ["in open", "out message", "in message", "out message", "in message"];
    assert.deepEqual(wire.map(([way, type]) => `${way} ${type}`), exchange);
    assert.equal(JSON.parse(wire[0][2]).sid, engine.id);
    assert.deepEqual([wire[1][2], wire[3][2], wire[4][2]], ["0", '20["echo"]', "30[]"]);
  });

  it("open, flush, drain, close, and the manager's own events", async () => {
    const socket = open();
    const log = [];
    const { engine } = socket.io;
    for (const event of ["open", "flush", "drain", "upgrade", "close"]) engine.once(event, () => log.push(event));
    socket.io.on("open", () => log.push("manager open")).on("close", (reason) => log.push(`manager ${reason}`));
    await next(engine, "upgrade");
    await settled(socket);
    const closed = next(engine, "close");
    socket.disconnect();
    await closed;
    // Opening lets the manager send its CONNECT at once, before those who listen to the engine are told.
    const order = ["flush", "open", "drain", "upgrade", "close"];
    assert.deepEqual(log.filter((event) => order.includes(event)), order);
    assert.ok(log.includes("manager open") && log.includes("manager forced close"), String(log));
  });
});
