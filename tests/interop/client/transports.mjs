/* How packets travel: over polling, over websocket, and from one to the other without a loss. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import {
  afterwards, brokenUpgrades, bytes, collect, connected, next, numbers, open, oursOnly, proxy, settled, slowUpgrades,
  upgraded,
} from "./support.mjs";

describe("transports", { timeout: 20_000 }, () => {
  for (const name of ["polling", "websocket"]) {
    it(`${name} only: connects, talks both ways, stays on its transport`, async () => {
      const socket = await connected("", { transports: [name] });
      assert.deepEqual(await socket.emitWithAck("echo", { a: [1, "é€😀", null, true] }), { a: [1, "é€😀", null, true] });
      const backs = collect(socket, "back");
      for (const n of numbers(50)) socket.emit("back", n);
      await settled(socket);
      assert.deepEqual(backs.map(([n]) => n), numbers(50));
      assert.equal(socket.io.engine.transport.name, name);
    });
  }

  it("polling first, then upgraded to websocket", async () => {
    const socket = open();
    const { engine } = socket.io;
    assert.equal(engine.transport.name, "polling");
    const [transport] = await next(engine, "upgrade");
    assert.equal(transport.name, "websocket");
    assert.equal(engine.transport.name, "websocket");
    assert.equal(await socket.emitWithAck("echo", "after"), "after");
  });

  it("upgrade: false stays with polling", async () => {
    const socket = await connected("", { upgrade: false });
    await sleep(400);
    assert.equal(socket.io.engine.transport.name, "polling");
  });

  it("websocket before polling in the order of transports", () => {
    assert.equal(open("", { transports: ["websocket", "polling"] }).io.engine.transport.name, "websocket");
  });

  for (const round of [1, 2, 3]) {
    it(`upgrade under load: 500 messages each way, none lost, doubled or out of order (${round})`, async () => {
      const socket = open("", { base: await slowUpgrades(20 * round) });
      const backs = [];
      const carriedBy = { polling: 0, websocket: 0 };
      socket.on("back", (n) => {
        backs.push(n);
        carriedBy[socket.io.engine.transport.name]++;
      });
      let hasUpgraded = false;
      const upgrade = next(socket.io.engine, "upgrade").then(() => { hasUpgraded = true; });
      await next(socket, "connect");
      for (let sent = 0; sent < 500; sent++) {
        socket.emit("back", sent);
        // One after the other while the upgrade is under way, so that it falls into the middle of the stream.
        if (sent === 400) await upgrade;
        else if (!hasUpgraded) await new Promise((resolve) => setImmediate(resolve));
      }
      await settled(socket);
      assert.deepEqual(backs, numbers(500));
      assert.ok(carriedBy.polling > 0 && carriedBy.websocket > 0, JSON.stringify(carriedBy));
    });
  }

  // The official client does not look at the global in Node.
  it("an upgrade waits for the request that is on its way", async () => {
    const isPost = (head) => head.toString().startsWith("POST");
    const socket = open("", { base: await proxy((head) => isPost(head) && sleep(300)) });
    const upgrade = next(socket.io.engine, "upgrade");
    await next(socket, "connect"); // whose request would be refused after the upgrade
    await upgrade;
    assert.equal(await socket.emitWithAck("echo", 1), 1);
  });

  it("an upgrade that fails leaves polling at work", oursOnly, async () => {
    const RealWebSocket = globalThis.WebSocket;
    afterwards(() => { globalThis.WebSocket = RealWebSocket; });
    globalThis.WebSocket = function () { throw new Error("no websockets here"); };
    const socket = open();
    const [error] = await next(socket.io.engine, "upgradeError");
    assert.equal(error.message, "websocket error: no websockets here");
    assert.equal(await socket.emitWithAck("echo", 1), 1);
    assert.equal(socket.io.engine.transport.name, "polling");
  });

  // The official client then waits until the ping timeout.
  it("an upgrade that breaks off half-way, with messages held back, loses none of them", oursOnly, async () => {
    const socket = open("", { base: await brokenUpgrades() });
    const backs = collect(socket, "back");
    let n = 0;
    socket.io.engine.on("upgrading", () => socket.emit("back", n++).emit("back", n++));
    const failed = next(socket.io.engine, "upgradeError");
    await next(socket, "connect");
    socket.emit("back", n++);
    await failed;
    socket.emit("back", n++);
    await settled(socket);
    assert.equal(n, 4);
    assert.deepEqual(backs.map(([n]) => n), numbers(4));
    assert.equal(socket.io.engine.transport.name, "polling");
  });

  it("payloads are merged, but not beyond maxPayload", async () => {
    const socket = await connected("", { transports: ["polling"] });
    let flushes = 0;
    socket.io.engine.on("flush", () => flushes++);
    const backs = collect(socket, "back");
    const text = "é".repeat(50_000); // 100 kB
    for (const n of numbers(25)) socket.emit("back", n, n % 2 ? text : Buffer.alloc(100_000, n));
    await settled(socket);
    assert.deepEqual(backs.map(([n]) => n), numbers(25));
    assert.ok(flushes >= 4 && flushes < 15, `${flushes} requests for 26 messages of 2.7 MB`);
  });

  it("forceBase64 carries binary over both transports", async () => {
    for (const transport of ["polling", "websocket"]) {
      const socket = await connected("", { transports: [transport], forceBase64: true });
      assert.deepEqual(bytes(await socket.emitWithAck("echo", Uint8Array.of(0, 128, 255))), [0, 128, 255]);
    }
  });
});
