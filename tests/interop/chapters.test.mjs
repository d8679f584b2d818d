/*
 * The pages of the chapters, and the wire panel beside them, in a real browser. Run with
 * `node --test chapters.test.mjs`; the environment chooses the two sides:
 *
 *   CLIENT      `ours` (static/socket.io.js, the default) or `official` (socket.io-client)
 *   PROGRAMS    the directory with the chapters' programs, as cargo has built them; without it each chapter's
 *               original.js is the server
 *   CHROMIUM    the browser, /usr/bin/chromium unless given
 *   SHOTS       a directory for pictures of the pages, none unless given
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdir, readFile } from "node:fs/promises";
import { after, afterEach, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const { CLIENT = "ours", PROGRAMS, CHROMIUM = "/usr/bin/chromium", SHOTS } = process.env;
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const clientFile = CLIENT === "ours" ? "../../static/socket.io.js" : "node_modules/socket.io-client/dist/socket.io.js";
const clientSource = await readFile(here(clientFile), "utf8");
const FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const POLICY = "default-src 'self'; frame-ancestors 'none'";

let browser;
let server;
let pages = [];

async function startServer(chapter) {
  const command = PROGRAMS ? [`${PROGRAMS}/${chapter}`] : ["node", here(`../../chapters/${chapter}/original.js`)];
  const child = spawn(command[0], command.slice(1), {
    // The original lives outside of this folder, but its modules are in here.
    env: { ...process.env, PORT: "0", NODE_PATH: here("node_modules") },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = new Promise((resolve) => child.on("exit", resolve));
  const port = await new Promise((resolve, reject) => {
    let log = "";
    child.stdout.on("data", (chunk) => {
      log += chunk;
      const line = /listening on port (\d+)/.exec(log);
      if (line) resolve(Number(line[1]));
    });
    child.on("error", reject);
    child.on("exit", (code) => reject(new Error(`${chapter} ended with ${code} before it listened: ${log}`)));
  });
  return {
    url: `http://127.0.0.1:${port}/`,
    async stop() {
      child.kill("SIGKILL");
      await exited;
    },
  };
}

/** A window with the chapter's page. */
async function open(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1400, height: 800 }, permissions: ["local-network-access"], ...options });
  const page = await context.newPage();
  page.faults = [];
  pages.push(page);
  page.on("console", (line) => line.type() === "error" && page.faults.push(line.text()));
  page.on("pageerror", (error) => page.faults.push(String(error)));
  await page.route("**/socket.io/socket.io.js", (route) =>
    route.fulfill({ contentType: "text/javascript", body: clientSource }));
  // The originals send no policy; the pages have to do with the strictest one all the same.
  await page.route(server.url, async (route) => {
    const response = await route.fetch();
    route.fulfill({ response, headers: { ...response.headers(), "content-security-policy": POLICY } });
  });
  await page.goto(server.url);
  return page;
}

const connected = (page) => page.locator('#status[data-state="connected"]').waitFor();
const lines = (page) => page.locator("#chatLogs > div").allTextContents();

async function hasLine(page, text) {
  await page.waitForFunction(
    (text) => [...document.querySelectorAll("#chatLogs > div")].some((line) => line.textContent === text), text,
    { timeout: 10_000 });
}

/** The rows of the panel, each as `direction transport: layer | layer`, and the notes. */
function wire(page) {
  return page.evaluate(() => [...document.querySelectorAll(".wire li")].map((row) => {
    if (row.className === "note") return row.textContent;
    const layers = [...row.querySelectorAll("a")].map((link) => link.querySelector("code").textContent);
    const transport = row.querySelector(".transport").textContent.trim();
    return `${row.className} ${transport}: ${layers.join(" | ")}`;
  }));
}

async function hasRow(page, row) {
  const wanted = (rows) => rows.some((text) => (row instanceof RegExp ? row.test(text) : text === row));
  const deadline = Date.now() + 10_000;
  let rows = await wire(page);
  while (!wanted(rows) && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    rows = await wire(page);
  }
  assert.ok(wanted(rows), `no row ${row} among\n${rows.join("\n")}`);
}

async function shot(page, name) {
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/${name}.png` });
}

before(async () => {
  if (SHOTS) await mkdir(SHOTS, { recursive: true });
  browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
});

afterEach(async () => {
  const faults = pages.flatMap((page) => page.faults);
  await Promise.all(pages.map((page) => page.context().close()));
  pages = [];
  assert.deepEqual(faults, [], "no error on the console, no violation of the policy");
});

after(() => browser?.close());

/** The tests of one chapter, with its server running. */
function chapter(name, tests) {
  describe(name, () => {
    before(async () => { server = await startServer(name); });
    after(() => server.stop());
    tests();
  });
}

chapter("ch00_websocket", () => {
  it("tells over the WebSocket, and over HTTP only when asked", async () => {
    const [ann, bob] = [await open(), await open()];
    await Promise.all([connected(ann), connected(bob)]);
    await bob.locator("#ask").click();
    await hasLine(bob, "asked 1 times, the answer is: (nothing)");
    await ann.locator("#text").fill("안녕 <b>");
    await ann.keyboard.press("Enter");
    await hasLine(bob, "told: 1: 안녕 <b>");
    await hasLine(ann, "told: 1: 안녕 <b>");
    assert.equal((await lines(bob)).length, 2, "asked once, told once");
    await bob.locator("#ask").click();
    await hasLine(bob, "asked 2 times, the answer is: 1: 안녕 <b>");
    await shot(bob, "ch00");
  });
});

chapter("ch01_http_route", () => {
  it("asks, and shows the answer", async () => {
    const ann = await open();
    for (const path of ["/", "/socket.io/socket.io.js"]) {
      await ann.locator("#path").fill(path);
      await ann.keyboard.press("Enter");
      await hasLine(ann, `GET ${path}`);
    }
    await ann.locator("#chatLogs > div:nth-child(4)").waitFor();
    const [, page, , script] = await lines(ann);
    assert.match(page, /^200 OK, text\/html; ?charset=utf-8, \d+ characters/);
    assert.match(script, /^200 OK, \w+\/javascript(; ?charset=utf-8)?, \d+ characters/);
    assert.match(await ann.locator("#status").textContent(), /^We have asked 2 times/);
    await shot(ann, "ch01");
  });
});

chapter("ch02_connection", () => {
  it("shows the handshake, the upgrade and the end, and all of it again", async () => {
    const ann = await open();
    await connected(ann);
    await hasRow(ann, "sent websocket: 5");
    const id = await ann.evaluate(() => socket.id);
    const rows = await wire(ann);
    assert.match(rows[0], /^received polling: 0 \| \{"sid":"[^"]+","upgrades":\["websocket"\],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000\}$/);
    // The probe goes its own way: its rows may come between any others, in this order.
    const upgrade = ["sent websocket: 2 | probe", "received websocket: 3 | probe", "sent websocket: 5"];
    assert.deepEqual(rows.filter((row) => upgrade.includes(row)), upgrade);
    assert.deepEqual(rows.slice(1).filter((row) => !upgrade.includes(row) && !/: 6$/.test(row)),
      ["sent polling: 4 | 0", `received polling: 4 | 0 | {"sid":"${id}"}`]);
    await shot(ann, "ch02");

    await ann.locator("#toggle").click();
    await hasRow(ann, "sent websocket: 4 | 1");
    await hasRow(ann, /^closed: /);
    await ann.locator("#toggle").click();
    await connected(ann);
    const again = await ann.evaluate(() => socket.id);
    assert.notEqual(again, id);
    await hasRow(ann, `received polling: 4 | 0 | {"sid":"${again}"}`);
    await ann.waitForFunction(() => socket.io.engine.transport.name === "websocket");
    const opened = (await wire(ann)).filter((row) => row.startsWith("received polling: 0 |"));
    assert.equal(opened.length, 2, "each session is seen from its first packet on, and once");
  });
});

chapter("ch03_on_emit", () => {
  it("shows a packet where it is sent, not where it is made: after the upgrade that it had to wait for", async () => {
    const ann = await open();
    await connected(ann);
    // Else the first session's upgrade goes on beside the second's.
    await hasRow(ann, "sent websocket: 5");
    // As soon as the probe is answered, and before the poll that is out has come back.
    await ann.evaluate(() => {
      socket.disconnect();
      socket.connect();
      socket.io.engine.on("upgrading", () => socket.emit("hello", "in between"));
    });
    await hasLine(ann, "Hello, in between!");
    const rows = await wire(ann);
    const again = rows.slice(rows.findLastIndex((row) => row.startsWith("received polling: 0 |")));
    const sent = again.filter((row) => row.startsWith("sent websocket"));
    assert.deepEqual(sent, ["sent websocket: 2 | probe", "sent websocket: 5", 'sent websocket: 4 | 2 | ["hello","in between"]']);
  });

  it("sends a string and an object, and shows what is refused", async () => {
    const ann = await open();
    await connected(ann);
    await ann.locator("#name").fill("<b>Ann</b>");
    await ann.keyboard.press("Enter");
    await hasLine(ann, "Hello, <b>Ann</b>!");
    await ann.locator("#json").focus();
    await ann.keyboard.press("Enter");
    await hasLine(ann, "The sum is 3.");
    await ann.locator("#json").fill('{"a": 1, "b": "2"}');
    await ann.keyboard.press("Enter");
    await ann.locator("#chatLogs > div", { hasText: /^Refused: / }).waitFor();
    await ann.locator("#json").fill("{a}");
    await ann.keyboard.press("Enter");
    await ann.locator("#chatLogs > div", { hasText: /^This is not JSON: / }).waitFor();
    await hasRow(ann, /^sent \w+: 4 \| 2 \| \["hello","<b>Ann<\/b>"\]$/);
    await hasRow(ann, /^received \w+: 4 \| 2 \| \["sum",\{"sum":3\}\]$/);
    assert.equal(await ann.locator(".wire b, #chatLogs b").count(), 0);
    await shot(ann, "ch03");
  });

  it("names every layer there is, and leads to the book", async () => {
    const ann = await open();
    await connected(ann);
    await ann.waitForFunction(() => socket.io.engine.transport.name === "websocket");
    await ann.evaluate(() => {
      socket.emit("ask", 1, () => {});
      socket.emit("bytes", new Uint8Array([0, 255]), new Uint8Array(20));
      socket.io.socket("/custom");
    });
    await hasRow(ann, 'received websocket: 4 | 4 | /custom, | {"message":"Invalid namespace"}');
    const rows = await wire(ann);
    const from = rows.findIndex((row) => row.includes('["ask",1]'));
    assert.deepEqual(rows.slice(from).filter((row) => row.startsWith("sent")), [
      'sent websocket: 4 | 2 | 0 | ["ask",1]',
      'sent websocket: 4 | 5 | 2- | ["bytes",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]',
      "sent websocket: 2 bytes: 00 ff",
      `sent websocket: 20 bytes: ${"00 ".repeat(16)}…`,
      "sent websocket: 4 | 0 | /custom,",
    ]);
    const row = ann.locator(".wire li", { hasText: '["bytes",' });
    assert.deepEqual(await row.locator(".name").allTextContents(),
      ["message", "BINARY_EVENT", "how many attachments follow", "JSON: bytes"]);
    const links = await row.locator("a").evaluateAll((links) => links.map((link) => link.getAttribute("href")));
    assert.deepEqual(links.map((link) => link.split("#")[1]), ["engine-message", "socket-binary-event", "attachment", "json"]);
    assert.ok(links.every((link) => link.startsWith("/book/")));
  });

  it("keeps the last 200 packets, and stays where one reads", async () => {
    const ann = await open();
    await connected(ann);
    await ann.evaluate(() => { for (let i = 0; i < 250; i++) socket.emit("flood", i); });
    await hasRow(ann, /\["flood",249\]$/);
    assert.equal((await wire(ann)).length, 200);
    const list = ann.locator(".wire ol");
    const gap = () => list.evaluate((list) => list.scrollHeight - list.scrollTop - list.clientHeight);
    assert.ok(await gap() < 40, "the newest is in view");
    await list.evaluate((list) => { list.scrollTop = 0; list.dispatchEvent(new Event("scroll")); });
    await ann.evaluate(() => socket.emit("more"));
    await hasRow(ann, /\["more"\]$/);
    assert.ok(await gap() > 40, "who has scrolled up is left there");
  });

  it("is one stop of Tab; arrows go from layer to layer", async () => {
    const ann = await open();
    await connected(ann);
    await ann.locator("#name").press("Enter");
    await hasLine(ann, "Hello, Ann!");
    assert.equal(await ann.locator(".wire a[tabindex='0']").count(), 1);
    await ann.locator(".wire a[tabindex='0']").focus();
    const focused = () => ann.evaluate(() => document.activeElement.querySelector("code")?.textContent);
    const press = async (key) => { await ann.keyboard.press(key); return focused(); };
    assert.equal(await press("Home"), "0", "the open packet");
    assert.match(await press("ArrowRight"), /^\{"sid"/);
    assert.match(await press("ArrowRight"), /^\{"sid"/, "at the end of the row it stays");
    assert.equal(await press("ArrowLeft"), "0");
    assert.equal(await press("ArrowUp"), "0");
    await press("ArrowDown");
    await press("End");
    assert.equal(await ann.locator(".wire a[tabindex='0']").count(), 1);
    const ring = await ann.evaluate(() => getComputedStyle(document.activeElement).outlineWidth);
    assert.equal(ring, "3px");
    // Where Tab leaves to is no other layer.
    await ann.keyboard.press("Tab");
    assert.equal(await ann.evaluate(() => document.activeElement.closest(".wire a")), null);
  });

  it("is read out in words, and fits a phone, light and dark", async () => {
    const ann = await open();
    await connected(ann);
    const region = ann.getByRole("region", { name: "On the wire" });
    await region.waitFor();
    assert.match(await region.locator("li").first().innerText(), /received/);
    for (const [name, options] of [["dark", { colorScheme: "dark" }], ["phone", { viewport: { width: 360, height: 740 } }]]) {
      const page = await open(options);
      await connected(page);
      await page.locator("#name").press("Enter");
      await hasLine(page, "Hello, Ann!");
      if (name === "phone") await page.locator(".wire").scrollIntoViewIfNeeded();
      await shot(page, `ch03-${name}`);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name}: nothing sticks out`);
    }
  });
});

chapter("ch04_broadcast", () => {
  it("reaches whom each emit is for", async () => {
    const ann = await open();
    await connected(ann);
    const bob = await open();
    await connected(bob);
    const ids = await Promise.all([ann, bob].map((page) => page.evaluate(() => socket.id)));
    await hasLine(ann, `${ids[1]} is here`);
    await hasLine(bob, `I am here too : from ${ids[0]}`);
    for (const [to, ours, theirs] of [
      ["everyone", 1, 1], ["me", 1, 0], ["others", 0, 1], ["one", 0, 1],
    ]) {
      await ann.locator("#text").fill(`to ${to}`);
      await ann.locator(`button[value=${to}]`).click();
      const mine = `to ${to} : from me`;
      const their = `to ${to} : from ${ids[0]}`;
      if (ours) await hasLine(ann, mine);
      if (theirs) await hasLine(bob, their);
      // What comes after it in order has come: so has all that was before.
      await ann.evaluate((to) => socket.emit("everyone", `after ${to}`), to);
      await hasLine(ann, `after ${to} : from me`);
      await hasLine(bob, `after ${to} : from ${ids[0]}`);
      const count = async (page, text) => (await lines(page)).filter((line) => line === text).length;
      assert.deepEqual([await count(ann, mine), await count(bob, their)], [ours, theirs], to);
    }
    await shot(ann, "ch04");
  });
});
