/*
 * What brings a stock tide server down, sent to the finished chat while two people talk in it: neither of them may
 * notice. `node --test attacks.test.mjs`; the environment names what is not in its usual place:
 *
 *   SERVER     the chat, `../../target/debug/ch05_full_client` unless given
 *   CHROMIUM   the browser, /usr/bin/chromium unless given
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import net from "node:net";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const { SERVER = here("../../target/debug/ch05_full_client"), CHROMIUM = "/usr/bin/chromium" } = process.env;
const FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync"];
/** How long a message may take from one person to the other. */
const AT_ONCE = 1000;

// ------------------------------------------------------------------------------------ the server and two people

let server, port, browser, ann, bob;
let said = 0;
const waits = [];

/** Somebody on the page of the chat, who notes every change of the connection. */
async function join() {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${port}/`);
  const status = page.locator('#status[data-state="connected"]');
  await status.waitFor();
  await page.waitForFunction(() => socket.io.engine.transport.name === "websocket");
  const name = (await status.textContent()).replace("Connected as ", "");
  await page.evaluate(() => {
    window.changes = [];
    for (const event of ["connect", "disconnect", "connect_error"]) socket.on(event, (why) => changes.push([event, why]));
  });
  return { page, name };
}

/** One of them says something, and the other has it. */
async function talk([from, to]) {
  const text = `message ${++said}`;
  await from.page.locator("#msgForm").fill(text);
  const start = performance.now();
  await from.page.keyboard.press("Enter");
  await to.page.waitForFunction(
    (line) => [...document.querySelectorAll("#chatLogs > div")].slice(-100).some(({ textContent }) => textContent === line),
    `${text} : from ${from.name}`, { timeout: 10_000, polling: 20 });
  waits.push(performance.now() - start);
}

/** Plays an attack while they talk, and fails if they notice. */
async function unnoticed(attack) {
  const first = waits.length;
  let over = false;
  const attacked = attack().finally(() => { over = true; });
  attacked.catch(() => {}); // looked at below
  do {
    for (const pair of [[ann, bob], [bob, ann]]) await talk(pair);
  } while (!over);
  await attacked;
  for (const pair of [[ann, bob], [bob, ann]]) await talk(pair);
  const worst = Math.max(...waits.slice(first));
  assert.ok(worst < AT_ONCE, `a message took ${worst.toFixed(0)} ms`);
  for (const { page } of [ann, bob]) assert.deepEqual(await page.evaluate(() => changes), [], "no change of the connection");
}

before(async () => {
  server = spawn(SERVER, ["--port", "0"], { stdio: ["ignore", "pipe", "ignore"] });
  let log = "";
  server.stdout.on("data", (chunk) => { log += chunk; });
  while (!(port = /listening on port (\d+)/.exec(log)?.[1])) {
    assert.equal(server.exitCode, null, `the chat does not start: ${log}`);
    await sleep(20);
  }
  browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  [ann, bob] = [await join(), await join()];
});

after(async () => {
  await browser?.close();
  server?.kill("SIGKILL");
  waits.sort((a, b) => a - b);
  console.log(`${waits.length} messages, half within ${waits[waits.length >> 1]?.toFixed(0)} ms, ` +
    `the slowest ${waits.at(-1)?.toFixed(0)} ms`);
});

// ------------------------------------------------------------------------------------ the attacker's tools

const SOCKET = "/socket.io/?EIO=4&transport=websocket";
const POLL = "/socket.io/?EIO=4&transport=polling";
const HEAD = "HTTP/1.1\r\nHost: a\r\n";
const UPGRADE = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" +
  "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n";

/** A connection from another address than the people's, so that no limit for one client is theirs. */
async function connect(localAddress = "127.0.0.2") {
  const socket = net.connect({ port, host: "127.0.0.1", localAddress });
  socket.answer = "";
  socket.ended = new Promise((resolve) => socket.once("close", resolve));
  socket.on("data", (chunk) => { if (socket.answer.length < 1e6) socket.answer += chunk.toString("latin1"); });
  socket.on("error", () => {}); // refused in mid-sentence
  await once(socket, "connect");
  return socket;
}

/** Writes piece by piece, as fast as the server takes it, for as long as it does. */
async function pour(socket, pieces) {
  for (const piece of pieces) {
    if (socket.destroyed || !socket.writable) return;
    if (!socket.write(piece)) await Promise.race([once(socket, "drain"), socket.ended]).catch(() => {});
  }
}

async function until(holds, what, limit = 5000) {
  const deadline = Date.now() + limit;
  while (!holds()) {
    assert.ok(Date.now() < deadline, what());
    await sleep(5);
  }
}

/** Sends this, and expects an answer with that status, or one of those. */
async function refused(status, ...pieces) {
  const socket = await connect();
  await pour(socket, pieces);
  const expected = new RegExp(`^HTTP/1.1 (${status}) `);
  await until(() => expected.test(socket.answer), () => `no ${status} but ${JSON.stringify(socket.answer.slice(0, 200))}`);
  socket.destroy();
}

/** One frame of a client, with a mask of zeros. */
function frame(first, payload = "") {
  const data = Buffer.from(payload);
  const short = data.length < 126 ? data.length : data.length < 65536 ? 126 : 127;
  const length = Buffer.alloc(short === 126 ? 2 : short === 127 ? 8 : 0);
  if (short === 126) length.writeUInt16BE(data.length);
  if (short === 127) length.writeBigUInt64BE(BigInt(data.length));
  return Buffer.concat([Buffer.from([first, 0x80 | short]), length, Buffer.alloc(4), data]);
}

/** A WebSocket in the main namespace. */
async function webSocket() {
  const socket = await connect();
  socket.write(`GET ${SOCKET} ${HEAD}${UPGRADE}\r\n`);
  socket.write(frame(0x81, "40"));
  await until(() => socket.answer.includes('40{"sid"'), () => `not let in: ${socket.answer}`);
  return socket;
}

/** A session over long-polling. */
async function session(from) {
  const socket = await connect(from);
  socket.write(`GET ${POLL} ${HEAD}Connection: close\r\n\r\n`);
  await until(() => socket.answer.includes('"sid"'), () => `no session: ${socket.answer}`);
  socket.destroy();
  return `${POLL}&sid=${/"sid":"([^"]+)"/.exec(socket.answer)[1]}`;
}

const times = (count, make) => Array.from({ length: count }, (_, index) => make(index));

// ------------------------------------------------------------------------------------ the attacks

const attacks = {
  "a body of a terabyte, announced": async () => {
    const target = await session();
    await refused(413, `POST ${target} ${HEAD}Content-Length: 1000000000000\r\n\r\nabcd`);
    await refused(413, `POST / ${HEAD}Content-Length: 1000000000000\r\n\r\nabcd`);
  },
  "a WebSocket that never reads what others are told": async () => {
    const deaf = await webSocket();
    deaf.pause();
    const loud = await Promise.all(times(4, webSocket));
    for (const [index, one] of loud.entries()) one.write(frame(0x81, `42["login",{"name":"loud${index}","userid":""}]`));
    const msg = `${" ".repeat(65_520)}loud and long`; // which the page shows in a line
    for (const one of times(64, (index) => loud[index % 4])) {
      await pour(one, [frame(0x81, JSON.stringify(["chat", { msg }]).replace(/^/, "42"))]);
      await sleep(10);
    }
    for (const one of [deaf, ...loud]) one.destroy();
  },
  "a WebSocket that never reads what it asks for": async () => {
    const deaf = await webSocket();
    deaf.pause();
    await pour(deaf, times(30_000, (index) => frame(0x81, `40/${"x".repeat(200)}${index},`)));
    deaf.destroy();
  },
  "a chunked body whose end comes late": async () => {
    const target = await session();
    const late = await Promise.all(times(50, () => connect()));
    for (const one of late) one.write(`POST ${target} ${HEAD}Transfer-Encoding: chunked\r\n\r\n2\r\n40\r\n0\r\n`);
    await sleep(200);
    for (const one of late) one.write("\r\n");
    await until(() => late.every((one) => one.answer.startsWith("HTTP/1.1 ")), () => "a late end is not answered");
    for (const one of late) one.destroy();
  },
  "a request line with no end": async () => refused(431, "GET /", ...times(160, () => "a".repeat(65536))),
  "a chunked body of 300 MiB": async () => {
    const target = await session();
    const chunk = `10000\r\n${"x".repeat(65536)}\r\n`;
    await refused(413, `POST ${target} ${HEAD}Transfer-Encoding: chunked\r\n\r\n`, ...times(4800, () => chunk));
  },
  "requests within requests": async () => {
    const inner = `GET /smuggled ${HEAD}\r\n`;
    await refused("400|501", `POST / ${HEAD}Transfer-Encoding: gzip, chunked\r\n\r\n${inner}`);
    await refused(400, `POST / ${HEAD}Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde${inner}`);
    await refused(400, `POST / ${HEAD}Content-Length: +4\r\n\r\nabcd${inner}`);
    await refused(400, `POST / ${HEAD}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\nabcd${inner}`);
  },
  "bodies and heads that never come, and silent WebSockets": async () => {
    const slow = await Promise.all(times(150, () => connect()));
    for (const [index, one] of slow.entries()) {
      const words = [`POST ${POLL} ${HEAD}Content-Length: 1000\r\n\r\n`, "GET / HTTP/1.1\r\nHo", `GET ${SOCKET} ${HEAD}${UPGRADE}\r\n`];
      one.write(words[index % 3]);
    }
    for (let second = 0; second < 3; second++) {
      for (const one of slow) one.write("x");
      await sleep(1000);
    }
    for (const one of slow) one.destroy();
  },
  "people who leave in the middle of a long-poll": async () => {
    const targets = await Promise.all(times(100, () => session()));
    const polls = await Promise.all(targets.map(async (target) => {
      const poll = await connect();
      poll.write(`GET ${target} ${HEAD}\r\n`);
      return poll;
    }));
    await sleep(100);
    for (const [index, poll] of polls.entries()) index % 2 ? poll.destroy() : poll.resetAndDestroy();
  },
  "a frame in the segment of the upgrade, and requests without a pause": async () => {
    const eager = await connect();
    eager.write(Buffer.concat([Buffer.from(`GET ${SOCKET} ${HEAD}${UPGRADE}\r\n`), frame(0x81, "40")]));
    await until(() => eager.answer.includes('40{"sid"'), () => `the frame is lost: ${eager.answer}`);
    const many = await connect();
    await pour(many, times(1000, () => `GET / ${HEAD}\r\n`));
    for (const one of [eager, many]) one.destroy();
  },
  "an upgrade with a body that never comes": async () =>
    refused(400, `GET ${SOCKET} ${HEAD}${UPGRADE}Content-Length: 10\r\n\r\n`),
  "heads that are none": async () => {
    await refused(400, "GET / HTTP/1.1\r\n\r\n");
    await refused(400, `GET / ${HEAD}Host: b\r\n\r\n`);
    await refused(400, "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n");
    await refused(400, "GET / HTTP/1.1\r\nHost: a/qpairs?v=1&w=\r\n\r\n");
    await refused(431, `GET / ${HEAD}X: ${"a".repeat(20_000)}\r\n\r\n`);
    await refused(431, `GET / ${HEAD}${times(150, (index) => `X${index}: a\r\n`).join("")}\r\n`);
    await refused(200, `GET / ${HEAD}X: \u00e9\u00ff\r\n\r\n`);
  },
  "frames that are none": async () => {
    const frames = [Buffer.from([0x81, 0x02, 0x34, 0x32]), frame(0xc1, "2"), frame(0x83, "x"), frame(0x09, "x"),
      frame(0x89, "a".repeat(126)), frame(0x81, Buffer.from([0x34, 0xff])), Buffer.from("82ff800000000000000000000000", "hex"),
      Buffer.concat([frame(0x01), ...times(100_000, () => frame(0x00))]), Buffer.concat(times(20_000, () => frame(0x89, "p")))];
    for (const bad of frames) {
      const socket = await webSocket();
      await pour(socket, [bad]);
      await Promise.race([socket.ended, sleep(3000)]);
      assert.ok(socket.destroyed || socket.readableEnded, `the connection lives after ${bad.subarray(0, 8).toString("hex")}`);
    }
  },
  "packets that are none": async () => {
    for (const bad of ["42[", "9", `42["chat",${"[".repeat(100_000)}`, "4511-[\"chat\"]", "42[{\"toString\":1}]", "", "40/,[]"]) {
      const socket = await webSocket();
      await pour(socket, [frame(0x81, bad)]);
      await Promise.race([socket.ended, sleep(3000)]);
      assert.ok(socket.destroyed || socket.readableEnded, `the connection lives after ${JSON.stringify(bad.slice(0, 20))}`);
    }
  },
  "upgrades without a key, with a bad one, of another version": async () => {
    await refused(400, `GET ${SOCKET} ${HEAD}${UPGRADE.replace(/Sec-WebSocket-Key.*\r\n/, "")}\r\n`);
    await refused(400, `GET ${SOCKET} ${HEAD}${UPGRADE.replace("AAAAAAAAAAAAAAAAAAAAAA==", "none")}\r\n`);
    await refused(426, `GET ${SOCKET} ${HEAD}${UPGRADE.replace("13", "8")}\r\n`);
  },
  "twelve hundred connections, and a thousand sessions that nobody uses": async () => {
    const crowd = await Promise.all(times(1200, () => connect()));
    await until(() => crowd.some((one) => one.answer.startsWith("HTTP/1.1 503 ")), () => "nobody is turned away");
    for (const one of crowd) one.destroy();
    for (let left = 1000; left > 0; left -= 50) await Promise.all(times(50, () => session("127.0.0.3")));
    await assert.rejects(session("127.0.0.3"), /403 Forbidden/);
  },
  "20,000 events at once": async () => {
    const fast = await webSocket();
    await pour(fast, times(200, () => Buffer.concat(times(100, () => frame(0x81, '42["nobody listens",1]')))));
    await sleep(200);
    fast.destroy();
  },
};

describe("two people talk while somebody sends", () => {
  for (const [what, attack] of Object.entries(attacks)) it(what, () => unnoticed(attack));
});
