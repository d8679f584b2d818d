/* Namespaces, and what a client says about itself when it joins one. */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import {
  afterwards, closeAfterTest, connected, io, listening, Manager, next, open, oursOnly, url,
} from "./support.mjs";

describe("namespaces", { timeout: 20_000 }, () => {
  it("share one connection, and leave it one by one", async () => {
    const options = { forceNew: false, query: { of: "sharing" } };
    const main = await connected("", options);
    const custom = await connected("/custom", options);
    assert.equal(main.io, custom.io);
    assert.notEqual(main.id, custom.id);
    assert.equal(await custom.emitWithAck("echo", "custom"), "custom");
    main.disconnect();
    assert.equal(await custom.emitWithAck("echo", "still"), "still");
    const closed = next(custom.io, "close");
    custom.disconnect();
    assert.deepEqual((await closed)[0], "forced close");
  });

  it("asked for twice, or with forceNew or multiplex: false, get connections of their own", () => {
    const options = { forceNew: false, autoConnect: false, path: "/elsewhere" };
    const first = open("/a", options);
    assert.equal(open("/b", options).io, first.io);
    assert.notEqual(open("/a", options).io, first.io);
    assert.notEqual(open("/c", { ...options, multiplex: false }).io, first.io);
    assert.notEqual(open("/d", { ...options, forceNew: true }).io, first.io);
    assert.notEqual(open("/e", { ...options, path: "/other" }).io, first.io);
  });

  it("manager.socket() gives the same socket for the same namespace", async () => {
    const manager = new Manager(url, { reconnectionDelay: 10 });
    const socket = closeAfterTest(manager.socket("/custom"));
    assert.equal(manager.socket("/custom"), socket);
    await next(socket, "connect");
    assert.equal(socket.nsp, "/custom");
  });

  // The official client asks twice here, and is let in twice.
  it("joined, left and joined again while the server still decides: asked for once", oursOnly, async () => {
    const main = await connected();
    const sent = [];
    main.io.engine.on("packetCreate", ({ data }) => data.includes("/slow") && sent.push(data));
    const slow = closeAfterTest(main.io.socket("/slow"));
    slow.disconnect().connect();
    await next(slow, "connect");
    assert.deepEqual(sent, ["0/slow,"]);
    assert.equal(await slow.emitWithAck("echo", 1), 1);
  });

  // The official client stays in the namespace, as the server sees it.
  it("left while the server still decides: left at the server too, as soon as it has let us in", oursOnly, async () => {
    const main = await connected();
    const slow = closeAfterTest(main.io.socket("/slow"));
    slow.disconnect();
    const wire = [];
    for (const event of ["packet", "packetCreate"]) {
      main.io.engine.on(event, ({ data }) => data?.includes("/slow") && wire.push(data.slice(0, 7)));
    }
    await sleep(400);
    assert.deepEqual(wire, ["0/slow,", "1/slow,"]);
    assert.equal(slow.connected, false);
    assert.equal(await main.emitWithAck("echo", 1), 1);
  });

  it("refused by a middleware: connect_error with message and data, and no second attempt", async () => {
    const socket = open("/forbidden");
    let errors = 0;
    socket.on("connect_error", () => errors++);
    const [error] = await next(socket, "connect_error");
    assert.ok(error instanceof Error);
    assert.equal(error.message, "forbidden");
    assert.deepEqual(error.data, { code: 403 });
    assert.equal(socket.active, false);
    await sleep(150);
    assert.equal(errors, 1);
    assert.equal(socket.connected, false);
  });

  it("take from the page what the URL leaves out", async () => {
    const { protocol, host, hostname, port, origin } = new URL(url);
    globalThis.location = { protocol, host, hostname, port, origin };
    afterwards(() => { delete globalThis.location; });
    const uris = [undefined, "/", "/custom", `//${host}/custom`, `${host}/custom?a=b`, `${origin}/custom`];
    for (const uri of uris) {
      const socket = closeAfterTest(io(uri, { forceNew: true }));
      await next(socket, "connect");
      assert.equal(socket.nsp, uri?.includes("custom") ? "/custom" : "/");
    }
    await next(closeAfterTest(io({ forceNew: true })), "connect");
  });

  it("without a page need the host of the server", oursOnly, () => {
    assert.throws(() => io("/custom"), /has no page to take the host of the server from/);
  });

  it("unknown: Invalid namespace", async () => {
    const socket = open("/이름공간");
    const [error] = await next(socket, "connect_error");
    assert.deepEqual([error.message, socket.nsp], ["Invalid namespace", "/이름공간"]);
  });
});

describe("handshake", { timeout: 20_000 }, () => {
  it("carries auth, query and extraHeaders", async () => {
    const options = { auth: { token: "t" }, extraHeaders: { "x-test": "yes" }, transports: ["polling"] };
    const socket = await connected("/custom?from=url", options);
    const seen = await socket.emitWithAck("handshake", "x-test");
    assert.deepEqual(seen.auth, { token: "t" });
    assert.equal(seen.query.from, "url");
    assert.equal(seen.query.token, undefined);
    assert.equal(seen.header, "yes");
  });

  it("encodes a query so that it arrives as it was", async () => {
    const query = { "&a": "&=?a +%", 한글: "값" };
    const socket = await connected("", { query });
    const seen = await socket.emitWithAck("handshake", "");
    for (const key of Object.keys(query)) assert.equal(seen.query[key], query[key]);
  });

  // The official client sends a time stamp as well.
  it("asks for an exact URL: the query of the application, then the protocol's own", oursOnly, async () => {
    const base = await listening(createServer((request, response) => response.writeHead(400).end(request.url)));
    const options = { query: { "a b": "c+d/é" }, path: "/chat", forceBase64: true, reconnection: false };
    const [error] = await next(open("/news?ignored=1", { base, ...options }), "connect_error");
    const path = "/chat/?a%20b=c%2Bd%2F%C3%A9&EIO=4&transport=polling&b64=1";
    assert.deepEqual([error.message, error.description], [`polling read error: HTTP status 400 ${path}`, 400]);
  });

  it("asks an auth function at every connection", async () => {
    let asked = 0;
    const socket = await connected("", { auth: (done) => setTimeout(() => done({ attempt: ++asked }), 10) });
    assert.equal((await socket.emitWithAck("handshake", "")).auth.attempt, 1);
    socket.disconnect().connect();
    await next(socket, "connect");
    assert.equal((await socket.emitWithAck("handshake", "")).auth.attempt, 2);
  });

  // The official client asks twice on one connection then, and the server hangs up.
  it("a late answer of an auth function is not taken for the next connection", oursOnly, async () => {
    const done = [];
    const socket = open("", { auth: (give) => setTimeout(() => give({ asked: done.push(1) }), 60) });
    await next(socket.io, "open");
    socket.io.engine.close();
    await next(socket, "connect");
    assert.equal(await socket.emitWithAck("echo", "fine"), "fine");
    assert.equal(done.length, 2);
  });

  it("connect, disconnect, connect in one go", async () => {
    for (const transports of [["polling"], ["websocket"]]) {
      const socket = open("", { transports });
      socket.disconnect().connect();
      await next(socket, "connect");
      assert.equal(await socket.emitWithAck("echo", 1), 1);
      socket.disconnect().connect().disconnect().connect();
      await next(socket, "connect");
      const opened = next(socket.io, "open"); // and while the server has not answered our CONNECT
      socket.io.engine.close();
      await opened;
      socket.disconnect().connect();
      await next(socket, "connect");
      assert.equal(await socket.emitWithAck("echo", 2), 2);
    }
  });

  it("gives ids: the socket's own, not the engine's, and none while disconnected", async () => {
    const socket = open("", { autoConnect: false });
    assert.deepEqual([socket.id, socket.connected, socket.disconnected], [undefined, false, true]);
    assert.equal(socket.active, false);
    socket.connect();
    assert.equal(socket.active, true);
    await next(socket, "connect");
    assert.ok(socket.id && socket.io.engine.id && socket.id !== socket.io.engine.id);
    assert.deepEqual([socket.connected, socket.disconnected, socket.recovered], [true, false, false]);
    socket.close();
    assert.deepEqual([socket.id, socket.connected, socket.active], [undefined, false, false]);
  });
});
