/* Coming back: when, how often, and what becomes of the messages. */
import assert from "node:assert/strict";
import { createServer as createTcpServer } from "node:net";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import {
  afterwards, answer, collect, connected, listening, next, numbers, open, oursOnly, settled, startServer, upgraded,
} from "./support.mjs";

describe("reconnection", { timeout: 20_000 }, () => {
  it("after a restart of the server: events in order, buffered messages sent once", async () => {
    const first = await startServer();
    const socket = await connected("", { base: first.url });
    const { id } = socket;
    await upgraded(socket);
    const lost = next(socket, "disconnect");
    await first.stop();
    const [reason] = await lost;
    assert.ok(["transport close", "transport error"].includes(reason), reason);
    const log = [];
    for (const event of ["reconnect_attempt", "reconnect_error", "reconnect"]) {
      socket.io.on(event, () => log.push(event));
    }
    const backs = collect(socket, "back");
    for (const n of numbers(5)) socket.emit("back", n);
    const kept = socket.emitWithAck("echo", "kept");
    await next(socket.io, "reconnect_error");
    const second = await startServer({ PORT: first.port });
    await next(socket, "connect");
    assert.equal(await kept, "kept");
    await settled(socket);
    assert.deepEqual(backs.map(([n]) => n), numbers(5));
    assert.notEqual(socket.id, id);
    assert.equal(log[0], "reconnect_attempt");
    assert.equal(log.at(-1), "reconnect");
  });

  it("gives up after reconnectionAttempts", async () => {
    const server = await startServer();
    await server.stop();
    const socket = open("", { base: server.url, reconnectionAttempts: 2, reconnectionDelay: 10 });
    const log = [];
    socket.on("connect_error", () => log.push("connect_error"));
    for (const event of ["error", "reconnect_attempt", "reconnect_error"]) {
      socket.io.on(event, (what) => log.push(typeof what === "number" ? `${event} ${what}` : event));
    }
    await next(socket.io, "reconnect_failed");
    await sleep(50);
    const attempts = log.filter((line) => line.startsWith("reconnect_attempt"));
    assert.deepEqual(attempts, ["reconnect_attempt 1", "reconnect_attempt 2"]);
    assert.equal(log.filter((line) => line === "connect_error").length, 3);
    assert.equal(log.filter((line) => line === "reconnect_error").length, 2);
  });

  it("reconnection: false does not try again", async () => {
    const server = await startServer();
    await server.stop();
    const socket = open("", { base: server.url, reconnection: false });
    socket.io.on("reconnect_attempt", () => assert.fail("tried again"));
    await next(socket, "connect_error");
    await sleep(100);
  });

  it("waits longer after each failure, with some randomness, up to a limit", async () => {
    const server = await startServer();
    await server.stop();
    const random = Math.random;
    afterwards(() => { Math.random = random; });
    Math.random = () => 0.99; // almost the whole of randomizationFactor more
    for (const [randomizationFactor, least] of [[0, [40, 80, 160, 160, 160]], [0.5, [59, 119, 160, 160, 160]]]) {
      const delays = { reconnectionDelay: 40, reconnectionDelayMax: 160, randomizationFactor };
      const socket = open("", { base: server.url, reconnectionAttempts: 5, ...delays });
      const waits = [];
      let failed;
      socket.io.on("error", () => { failed = performance.now(); });
      socket.io.on("reconnect_attempt", () => waits.push(performance.now() - failed));
      await next(socket.io, "reconnect_failed");
      const right = waits.every((wait, index) => wait >= least[index] - 3 && wait < least[index] + 140);
      assert.ok(right && waits.length === 5, `waited ${waits} ms instead of ${least}`);
    }
  });

  it("connect timeout: a server that accepts and says nothing", async () => {
    const base = await listening(createTcpServer());
    for (const transports of [["polling"], ["websocket"]]) {
      const socket = open("", { base, transports, timeout: 80, reconnection: false });
      assert.equal((await next(socket, "connect_error"))[0].message, "timeout");
    }
  });

  it("disconnect() stops the attempts, connect() starts again", async () => {
    const server = await startServer();
    const socket = await connected("", { base: server.url });
    await server.stop();
    await next(socket.io, "reconnect_attempt");
    socket.disconnect();
    const again = await startServer({ PORT: server.port });
    await sleep(150);
    assert.equal(socket.connected, false);
    socket.connect();
    await next(socket, "connect");
  });

  it("recovery: same id, recovered, and the events missed meanwhile, once and before connect", async () => {
    for (const transports of [["polling"], ["websocket"]]) {
      const socket = await connected("", { transports, reconnectionDelay: 300, reconnectionDelayMax: 300 });
      const other = await connected("");
      const { id } = socket;
      const log = [];
      socket.on("connect", () => log.push("connect"));
      socket.on("news", (x) => log.push(x));
      socket.emit("back", "an event, so that there is an offset");
      await next(socket, "back");
      await socket.emitWithAck("join", "room");
      const lost = next(socket, "disconnect");
      const back = next(socket, "connect");
      socket.emit("engine-close");
      await lost;
      other.emit("room", "room", "missed 1");
      other.emit("broadcast", "missed 2");
      await back;
      assert.equal(socket.recovered, true);
      assert.equal(socket.id, id);
      other.emit("room", "room", "live");
      await next(socket, "news");
      assert.deepEqual(log, ["missed 1", "missed 2", "connect", "live"]);
    }
  });

  // The official client takes it for an offset, and the session is lost.
  it("recovery is not led astray by the last string of an event with an ack", oursOnly, async () => {
    const socket = await connected("");
    socket.emit("back", "an event");
    await next(socket, "back");
    socket.on("q", (one, two, ack) => ack());
    socket.emit("ackme");
    await next(socket, "q");
    const { id } = socket;
    // Only now, when "a" with its own offset has come, would the damage be repaired: so close before.
    socket.io.engine.close();
    await next(socket, "connect");
    assert.equal(socket.recovered, true);
    assert.equal(socket.id, id);
  });

  it("retries: sent again until acknowledged, one at a time and in order", async () => {
    const socket = await connected("", { retries: 3, ackTimeout: 60 });
    const outgoing = [];
    socket.onAnyOutgoing((event) => outgoing.push(event));
    const answers = [answer(socket, "flaky", 3), answer(socket, "echo", "second")];
    assert.deepEqual(await Promise.all(answers), [[null, 3], [null, "second"]]);
    assert.deepEqual(outgoing, ["flaky", "flaky", "flaky", "echo"]);
  });

  it("retries: an error after the last one, and the next message goes on", async () => {
    const socket = await connected("", { retries: 2, ackTimeout: 30 });
    let tries = 0;
    socket.onAnyOutgoing((event) => event === "silence" && tries++);
    const [error] = await answer(socket, "silence");
    assert.match(error.message, /timed out/);
    assert.equal(tries, 3);
    assert.deepEqual(await answer(socket, "echo", 1), [null, 1]);
  });

  it("retries: kept while offline", async () => {
    const socket = open("", { retries: 1, ackTimeout: 500, autoConnect: false });
    const answered = answer(socket, "echo", 1);
    await sleep(50);
    socket.connect();
    assert.deepEqual(await answered, [null, 1]);
  });

  // Looks inside the client.
  it("a late timer does not lose a message: it waits for the next session", oursOnly, async () => {
    const socket = await connected();
    socket.io.engine._pingDeadline = Date.now() - 1; // as after a sleep of the machine
    const reason = next(socket, "disconnect");
    const kept = socket.emitWithAck("echo", "kept");
    assert.equal((await reason)[0], "ping timeout");
    assert.equal(await kept, "kept");
  });
});
