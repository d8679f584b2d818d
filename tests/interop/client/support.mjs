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
export { Manager };

async function loadClient() {
  if (!OURS) return import("socket.io-client");
  // As the server makes the ES module: the same file with one more line.
  const source = await readFile(here("../../../static/socket.io.js"), "utf8");
  const module = `${source}\nexport const { Manager, Socket, protocol } = io;\nexport { io, io as default };`;
  return import(`data:text/javascript;base64,${Buffer.from(module).toString("base64")}`);
}

const running = new Set();

export async function startServer(env = {}) {
  const [command, ...args] = (SERVER_CMD ?? `${process.execPath} ${here("../reference.mjs")}`).split(/\s+/);
  const stdio = ["ignore", "pipe", "inherit"];
  const child = spawn(command, args, { env: { ...process.env, PORT: "0", ...env }, stdio });
  running.add(child);
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
  const exited = new Promise((resolve) => child.on("exit", resolve));
  const stop = async () => {
    child.kill("SIGKILL");
    await exited;
    running.delete(child);
  };
  return { url: `http://127.0.0.1:${port}`, port, stop, signal: (name) => child.kill(name) };
}

export let url; // of the server that most tests share
before(async () => {
  url = SERVER_URL ?? (await startServer()).url;
});
after(() => {
  for (const child of running) child.kill("SIGKILL");
});

const opened = new Set();

export function closeAfterTest(socket) {
  opened.add(socket);
  return socket;
}

// A socket; the option `base` is the URL of another server than the one that most tests share.
export function open(path = "", options = {}) {
  const quick = { forceNew: true, reconnectionDelay: 20, reconnectionDelayMax: 50 };
  return closeAfterTest(io((options.base ?? url) + path, { ...quick, ...options }));
}

afterEach(() => {
  for (const socket of opened) {
    socket.io.reconnection(false);
    socket.disconnect();
    socket.io._close();
  }
  opened.clear();
});

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

// A way to the server on which WebSockets take a while to open, and may die as soon as the probe is answered.
export async function slowUpgrades(ms, { dropProbed = false } = {}) {
  const sockets = new Set();
  const proxy = createTcpServer((near) => {
    const far = connectTcp({ host: "127.0.0.1", port: new URL(url).port, noDelay: true });
    for (const socket of [near, far]) sockets.add(socket.setNoDelay(true).on("error", () => {}));
    near.on("close", () => far.destroy());
    far.on("close", () => near.destroy());
    far.on("data", (chunk) => (dropProbed && chunk.includes("3probe") ? near.end(chunk) : near.write(chunk)));
    near.once("data", async (head) => {
      near.pause();
      if (/upgrade: websocket/i.test(head)) await sleep(ms);
      far.write(head);
      near.pipe(far);
    });
  });
  await new Promise((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const stop = () => {
    for (const socket of sockets) socket.destroy();
    proxy.close();
  };
  return { url: `http://127.0.0.1:${proxy.address().port}`, stop };
}
