/* What the parts of client.test.mjs share: the client under test, servers, sockets, and ways to wait. */
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { connect as connectTcp, createServer as createTcpServer } from "node:net";
import { after, afterEach, before } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import WebSocket from "ws";

const { CLIENT = "ours", SERVER_CMD, SERVER_URL } = process.env;
export const OURS = CLIENT === "ours";
export const oursOnly = { skip: OURS ? false : "not so with the official client" }; // the comment at the test tells why
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
globalThis.WebSocket ??= WebSocket; // Node has its own from version 22 on

const { io, Manager } = await loadClient();
export { io, Manager };

async function loadClient() {
  if (!OURS) return import("socket.io-client");
  // As the server makes the ES module: the same file with one more line.
  const source = await readFile(here("../../../static/socket.io.js"), "utf8");
  const module = `${source}\nexport const { Manager, Socket, protocol } = io;\nexport { io, io as default };`;
  return import(`data:text/javascript;base64,${Buffer.from(module).toString("base64")}`);
}

const leftovers = [];

// Whatever a test has opened goes when it is over, however it ended: the last first.
export function afterwards(close) {
  leftovers.push(close);
}

afterEach(async () => {
  for (const close of leftovers.splice(0).reverse()) await close();
});

async function spawnServer(env) {
  const [command, ...args] = (SERVER_CMD ?? `${process.execPath} ${here("../reference.mjs")}`).split(/\s+/);
  const stdio = ["ignore", "pipe", "inherit"];
  const child = spawn(command, args, { env: { ...process.env, PORT: "0", ...env }, stdio });
  const exited = new Promise((resolve) => child.on("exit", resolve));
  const port = await new Promise((resolve, reject) => {
    let output = "";
    child.stdout.on("data", (chunk) => {
      output += chunk;
      const line = /listening on (\d+)/.exec(output);
      if (line) resolve(line[1]);
    });
    child.on("error", reject);
    child.on("exit", (code) => reject(new Error(`the server ended with ${code} before it listened: ${output}`)));
  });
  const stop = () => {
    child.kill("SIGKILL");
    return exited;
  };
  return { url: `http://127.0.0.1:${port}`, port, stop, signal: (name) => child.kill(name) };
}

// A server for one test, to be stopped or stalled at will.
export async function startServer(env = {}) {
  const server = await spawnServer(env);
  afterwards(server.stop);
  return server;
}

let shared;
export let url; // of the server that most tests share
before(async () => {
  if (!SERVER_URL) shared = await spawnServer({});
  url = SERVER_URL ?? shared.url;
});
after(() => shared?.stop());

export function closeAfterTest(socket) {
  afterwards(() => {
    socket.io.reconnection(false);
    socket.disconnect();
    socket.io._close();
  });
  return socket;
}

// A listening server of Node's net, http or ws, and its URL.
export async function listening(server) {
  if (!server.options) server.listen(0, "127.0.0.1"); // a WebSocketServer listens by itself
  if (!server.address()) await new Promise((resolve) => server.on("listening", resolve));
  const connections = new Set();
  server.on("connection", (connection) => connections.add(connection));
  afterwards(() => {
    for (const connection of connections) connection.terminate?.() ?? connection.destroy?.();
    server.close();
  });
  return `http://127.0.0.1:${server.address().port}`;
}

// A socket; the option `base` is the URL of another server than the one that most tests share.
export function open(path = "", options = {}) {
  const quick = { forceNew: true, reconnectionDelay: 20, reconnectionDelayMax: 50 };
  return closeAfterTest(io((options.base ?? url) + path, { ...quick, ...options }));
}

// The arguments of the next such event; a test fails clearly where it would else wait for ever.
export function next(emitter, event, ms = 5000) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no "${event}" within ${ms} ms`)), ms);
    emitter.once(event, (...args) => {
      clearTimeout(timer);
      resolve(args);
    });
  });
}

export async function connected(path, options) {
  const socket = open(path, options);
  await next(socket, "connect");
  return socket;
}

export async function upgraded(socket) {
  if (socket.io.engine.transport.name !== "websocket") await next(socket.io.engine, "upgrade");
}

// What the acknowledgement of an event is called with.
export const answer = (socket, ...args) => new Promise((resolve) => socket.emit(...args, (...got) => resolve(got)));

// A round trip that takes its place behind everything sent before, in both directions.
export const settled = (socket) => socket.timeout(10_000).emitWithAck("echo");

// The arguments of every such event from now on. (The last one is the offset that a server with recovery appends.)
export function collect(socket, event) {
  const seen = [];
  socket.on(event, (...args) => seen.push(args));
  return seen;
}

// Binary data as plain numbers: an ArrayBuffer from our client, a Buffer from the official one.
export const bytes = (data) => [...(data instanceof ArrayBuffer ? new Uint8Array(data) : data)];
export const numbers = (count, from = 0) => Array.from({ length: count }, (_, index) => from + index);

const isUpgrade = (head) => /upgrade: websocket/i.test(head);

// A pipe to the shared server for each connection. `toServer(head, connection)` may hold back the first bytes of the
// client, `toClient(chunk, connection)` what the server says, each by returning a promise.
export function proxy(toServer, toClient = () => {}) {
  return listening(createTcpServer({ noDelay: true }, (near) => {
    const far = connectTcp({ host: "127.0.0.1", port: new URL(url).port, noDelay: true });
    for (const [one, other] of [[near, far], [far, near]]) one.on("close", () => other.destroy()).on("error", () => {});
    near.once("data", async (head) => {
      near.pause();
      await toServer(head, near);
      far.write(head);
      near.pipe(far);
    });
    far.on("data", async (chunk) => {
      await toClient(chunk, near);
      if (!near.writableEnded) near.write(chunk);
    });
  }));
}

// A way to the server on which WebSockets take a while to open.
export function slowUpgrades(ms) {
  return proxy((head) => isUpgrade(head) && sleep(ms));
}

// A way to the server on which WebSockets die with the answer to the probe, and polling stands still until then.
export function brokenUpgrades() {
  let death;
  const toServer = (head, near) => {
    if (isUpgrade(head)) death = new Promise((resolve) => near.on("close", () => setTimeout(resolve, 50)));
  };
  const toClient = (chunk, near) => {
    if (chunk.includes("3probe")) near.end(chunk);
    else if (!chunk.includes("HTTP/1.1 101")) return death;
  };
  return proxy(toServer, toClient);
}
