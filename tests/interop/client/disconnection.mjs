/* How a connection ends, with which reason, and whether the client comes back. */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { WebSocketServer } from "ws";
import { connected, listening, next, open, OURS, startServer } from "./support.mjs";

describe("disconnection", { timeout: 20_000 }, () => {
  it("by the client: io client disconnect, the server hears what was sent before", async () => {
    const socket = await connected("", { transports: ["polling"] });
    const listener = await connected();
    const reason = next(socket, "disconnect");
    const news = next(listener, "news");
    socket.emit("broadcast", "last words").disconnect();
    assert.equal((await reason)[0], "io client disconnect");
    assert.equal((await news)[0], "last words");
    await sleep(100);
    assert.equal(socket.connected, false);
  });

  it("by the client over polling: says goodbye twice, as a socket and as a session", async () => {
    const posts = [];
    let poll;
    const server = createServer(async (request, response) => {
      if (request.method === "POST") {
        posts.push(await text(request));
        response.end("ok");
      } else if (request.url.includes("sid=")) poll = response;
      else return response.end('0{"sid":"s","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}');
      if (poll && posts.length === 1) poll.end('40{"sid":"socket"}');
    });
    const socket = await connected("", { base: await listening(server), transports: ["polling"] });
    socket.disconnect();
    for (let waited = 0; posts.length < 3 && waited < 2000; waited += 5) await sleep(5);
    assert.deepEqual(posts, ["40", "41", "1"]);
  });

  it("by the server: io server disconnect, and no reconnection unless asked for", async () => {
    for (const event of ["kick", "kickall"]) {
      const socket = await connected();
      socket.emit(event);
      assert.equal((await next(socket, "disconnect"))[0], "io server disconnect");
      assert.equal(socket.active, false);
      await sleep(100);
      assert.equal(socket.connected, false);
      socket.connect();
      await next(socket, "connect");
    }
  });

  it("transport close: reconnects by itself", async () => {
    for (const transports of [["polling"], ["websocket"]]) {
      const socket = await connected("", { transports });
      socket.emit("engine-close");
      const [reason, details] = await next(socket, "disconnect");
      assert.equal(reason, "transport close");
      assert.ok(details.description);
      assert.equal(socket.active, true);
      await next(socket, "connect");
    }
  });

  it("forced close of the engine: reconnects by itself", async () => {
    const socket = await connected();
    const reason = next(socket, "disconnect");
    socket.io.engine.close();
    assert.equal((await reason)[0], "forced close");
    const [attempt] = await next(socket.io, "reconnect");
    assert.equal(attempt, 1);
  });

  it("parse error: what is no Socket.IO closes the connection", async () => {
    const bad = ["2", '2{"a":1}', "2[]", '2["connect"]', "2[", "1{}", "3{}", "4[]", "7", "", Buffer.of(1)]
      .concat('51-["x",{"_placeholder":true,"num":1}]', '51["x"]', '50-["x"]', '511-["x"]');
    const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
    const base = await listening(server);
    let message;
    server.on("connection", (ws) => {
      ws.send('0{"sid":"s","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}');
      ws.once("message", () => {
        ws.send('40{"sid":"socket"}');
        if (Buffer.isBuffer(message)) ws.send(message);
        else ws.send("4" + message);
        if (String(message).startsWith("51-")) ws.send(Buffer.of(1));
      });
    });
    // The official client lets two of them pass.
    for (message of OURS ? bad : bad.filter((one) => one !== "2" && one !== "")) {
      const socket = open("", { base, transports: ["websocket"], reconnection: false });
      const [reason] = await next(socket, "disconnect").catch((error) => assert.fail(`${message}: ${error.message}`));
      assert.equal(reason, "parse error", String(message));
    }
  });

  it("ping timeout: a server that stalls is given up, and found again when it wakes", async () => {
    const server = await startServer({ PING_INTERVAL: "100", PING_TIMEOUT: "150" });
    for (const transports of [["polling"], ["websocket"]]) {
      const socket = await connected("", { base: server.url, transports, timeout: 300 });
      await next(socket.io, "ping");
      server.signal("SIGSTOP");
      const started = Date.now();
      assert.equal((await next(socket, "disconnect"))[0], "ping timeout");
      const waited = Date.now() - started;
      assert.ok(waited < 600, `given up after ${waited} ms`);
      server.signal("SIGCONT");
      await next(socket, "connect");
    }
  });

  it("pings keep an idle connection alive", async () => {
    const server = await startServer({ PING_INTERVAL: "100", PING_TIMEOUT: "100" });
    for (const transports of [["polling"], ["websocket"]]) {
      const socket = await connected("", { base: server.url, transports });
      const { id } = socket;
      await sleep(700);
      assert.equal(socket.id, id);
    }
  });
});
