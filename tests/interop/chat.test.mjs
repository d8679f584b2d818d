/*
 * The chat page in a real browser. Run with `node --test chat.test.mjs`; the environment chooses the two sides:
 *
 *   CLIENT      `ours` (static/socket.io.js, the default) or `official` (socket.io-client)
 *   SERVER_CMD  a command line that starts a server on PORT (0: any) and prints `listening on port N`;
 *               the JavaScript original of chapter 5 unless given
 *   CHROMIUM    the browser, /usr/bin/chromium unless given
 *   SHOTS       a directory for pictures of the page, none unless given
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdir, readFile } from "node:fs/promises";
import { after, afterEach, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const { CLIENT = "ours", SERVER_CMD, CHROMIUM = "/usr/bin/chromium", SHOTS } = process.env;
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const clientFile = CLIENT === "ours" ? "../../static/socket.io.js" : "node_modules/socket.io-client/dist/socket.io.js";
const clientSource = await readFile(here(clientFile), "utf8");
const FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync"];

// ------------------------------------------------------------------------------------ the server

async function startServer(port = 0) {
  const [command, ...args] = (SERVER_CMD ?? `node ${here("../../chapters/ch05_full_client/original.js")}`).split(/\s+/);
  const child = spawn(command, args, {
    // The original lives outside of this folder, but its modules are in here.
    env: { ...process.env, PORT: String(port), NODE_PATH: here("node_modules") },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true, // a group of its own, so that what the command starts ends with it
  });
  const server = { log: "" };
  const exited = new Promise((resolve) => child.on("exit", resolve));
  server.stop = async () => {
    if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid, "SIGKILL");
    await exited;
  };
  server.port = await new Promise((resolve, reject) => {
    const listen = (chunk) => {
      server.log += chunk;
      const line = /listening on port (\d+)/.exec(server.log);
      if (line) resolve(Number(line[1]));
    };
    child.stdout.on("data", listen);
    child.stderr.on("data", listen); // a logger may write to either
    child.on("error", reject);
    child.on("exit", (code) => reject(new Error(`the server ended with ${code} before it listened: ${server.log}`)));
  });
  server.url = `http://127.0.0.1:${server.port}/`;
  return server;
}

// ------------------------------------------------------------------------------------ people with a browser

let browser;
let server;
let people = [];

/** One person in a browser of their own, on the chat page and connected. */
async function join(options = {}) {
  const context = await browser.newContext({ viewport: { width: 900, height: 700 }, permissions: ["local-network-access"], ...options });
  const page = await context.newPage();
  const person = { page, context, faults: [], requests: [], sockets: [] };
  people.push(person);
  // A lost connection is reported on the console by the browser itself; the tests that cause one expect it.
  page.on("console", (line) => line.type() === "error" && person.faults.push(line.text()));
  page.on("pageerror", (error) => person.faults.push(String(error)));
  page.on("dialog", (dialog) => person.faults.push(`dialog: ${dialog.message()}`) && dialog.dismiss());
  page.on("request", (request) => person.requests.push(`${request.method()} ${request.url()}`));
  page.on("websocket", (socket) => person.sockets.push(socket.url()));
  await page.route("**/socket.io/socket.io.js", (route) =>
    route.fulfill({ contentType: "text/javascript", body: clientSource }));
  // The strictest policy a site could have: a violation shows up as an error on the console.
  await page.route(server.url, async (route) => {
    const response = await route.fetch();
    route.fulfill({ response, headers: { ...response.headers(), "content-security-policy": "default-src 'self'" } });
  });
  await page.goto(server.url);
  await state(person, "connected");
  person.name = (await page.locator("#status").textContent()).replace("Connected as ", "");
  // Our own login has come back: from here on the log grows by what the test does.
  await hasLine(person, `${person.name} has joined`);
  return person;
}

const state = ({ page }, name, timeout = 10_000) => page.locator(`#status[data-state="${name}"]`).waitFor({ timeout });
const lines = ({ page }) => page.locator("#chatLogs > div").allTextContents();
const count = async (person, text) => (await lines(person)).filter((line) => line === text).length;
const focusId = ({ page }) => page.evaluate(() => document.activeElement.id);

async function hasLine(person, text) {
  await person.page.waitForFunction(
    (text) => [...document.querySelectorAll("#chatLogs > div")].some((line) => line.textContent === text), text,
    { timeout: 10_000 });
}

async function send({ page }, text) {
  await page.locator("#msgForm").fill(text);
  await page.keyboard.press("Enter");
}

/** Everybody has everything: a message sent after the others has reached them all, and order is kept. */
async function settled() {
  const text = `settled ${Math.random()}`;
  for (const person of people) {
    await send(person, text);
    for (const reader of people) await hasLine(reader, `${text} : from ${person.name}`);
  }
}

async function shot({ page }, name) {
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/${name}.png` });
}

const timings = [];
async function timed(what, work) {
  const start = performance.now();
  const result = await work();
  timings.push(`${what}: ${(performance.now() - start).toFixed(0)} ms`);
  return result;
}

before(async () => {
  if (SHOTS) await mkdir(SHOTS, { recursive: true });
  browser = await timed("browser started", () => chromium.launch({ executablePath: CHROMIUM, args: FLAGS }));
  server = await timed("server started", () => startServer());
});

afterEach(async () => {
  const faults = people.flatMap((person) => person.faults);
  await Promise.all(people.map((person) => person.context.close()));
  people = [];
  assert.deepEqual(faults, [], "no error on the console, no violation of the policy, no dialog");
});

after(async () => {
  await browser?.close();
  await server?.stop();
  console.log(`client: ${CLIENT}, server: ${SERVER_CMD ?? "original.js"}\n  ${timings.join("\n  ")}`);
});

// ------------------------------------------------------------------------------------ what is checked

describe("a conversation", () => {
  it("shows each login to everybody, and each message once to each", async () => {
    const ann = await timed("page opened and connected", join);
    const bob = await join();
    await hasLine(ann, `${bob.name} has joined`);
    assert.match(ann.name, /^[a-z]{3}$/);
    assert.equal(await bob.page.locator("#chatLogs > .joined strong").first().textContent(), bob.name);

    await timed("message from one browser to the other", async () => {
      await send(ann, "hello");
      await hasLine(bob, `hello : from ${ann.name}`);
    });
    await settled();
    for (const person of [ann, bob]) assert.equal(await count(person, `hello : from ${ann.name}`), 1);
    for (const person of [ann, bob]) assert.equal(await count(person, `${bob.name} has joined`), 1);

    const own = (person) => person.page.locator("#chatLogs > .own", { hasText: "hello" });
    assert.equal(await own(ann).count(), 1, "the sender's line is marked as own");
    assert.equal(await own(bob).count(), 0);
    assert.equal(await own(ann).locator("strong").textContent(), ann.name);
  });

  it("tells the server who logs in, who says what and who goes", async () => {
    const ann = await join();
    await send(ann, "to the log");
    await ann.page.locator("#leave").click();
    await state(ann, "left");
    const { name } = ann;
    const expected = [`Client logged-in:\n name:${name}\n userid: ${name}@example.com`,
      `Message from ${name}: to the log`, `user disconnected: ${name}`];
    await until(() => expected.every((entry) => server.log.includes(entry)), () => `not all in:\n${server.log}`);
  });

  it("begins with polling and goes on over one WebSocket", async () => {
    const ann = await join();
    await until(() => ann.sockets.length > 0, () => "no WebSocket");
    await ann.page.waitForFunction(() => socket.io.engine.transport.name === "websocket");
    const polls = () => ann.requests.filter((request) => request.includes("transport=polling")).length;
    const before = polls();
    assert.ok(before >= 2, `a handshake and at least one more: ${before}`);
    await send(ann, "over the WebSocket");
    const bob = await join();
    await hasLine(ann, `${bob.name} has joined`);
    assert.equal(polls(), before, "no polling after the upgrade");
    assert.equal(ann.sockets.length, 1);
    assert.match(ann.sockets[0], /EIO=4&transport=websocket&sid=/);
  });

  it("shows HTML in a message as text", async () => {
    const [ann, bob] = [await join(), await join()];
    const html = "<img src=x onerror=alert(1)><b>bold</b><script>alert(2)</script>";
    await send(ann, html);
    await hasLine(bob, `${html} : from ${ann.name}`);
    for (const { page } of [ann, bob]) assert.equal(await page.locator("#chatLogs :is(img, b, script)").count(), 0);
  });

  it("shows what no page would send, and goes on", async () => {
    const [ann, bob] = [await join(), await join()];
    await ann.page.evaluate(() => {
      for (const msg of [42, null, { toString: 1 }, ["<b>"]]) socket.emit("chat", { msg });
      socket.emit("chat", {});
      socket.emit("login", { name: "<img src=x onerror=alert(3)>", userid: "" });
    });
    await hasLine(bob, "<img src=x onerror=alert(3)> has joined");
    // A server may pass the others on, as the original does, or refuse them: the page has to live with both.
    await send(ann, "still here");
    await hasLine(bob, "still here : from <img src=x onerror=alert(3)>");
    assert.equal(await bob.page.locator("#chatLogs :is(img, b)").count(), 0);
  });

  it("does not send an empty message", async () => {
    const [ann, bob] = [await join(), await join()];
    const before = (await lines(bob)).length;
    for (const text of ["", " ", "\u3000"]) await send(ann, text);
    await ann.page.locator("#send").click();
    await settled();
    assert.equal((await lines(bob)).length, before + 2, "only the two that settle");
  });
});

describe("leaving and coming back", () => {
  it("leaves by the button, and joins again", async () => {
    const [ann, bob] = [await join(), await join()];
    const leave = ann.page.locator("#leave");
    await leave.click();
    await state(ann, "left");
    assert.equal(await ann.page.locator("#status").textContent(), "You have left the chat.");
    assert.equal(await leave.textContent(), "Join again");
    await shot(ann, "left");

    await send(ann, "kept in the field");
    await send(bob, "without you");
    await hasLine(bob, `without you : from ${bob.name}`);
    assert.equal(await count(ann, `without you : from ${bob.name}`), 0);

    await leave.click();
    await state(ann, "connected");
    await hasLine(bob, `${ann.name} has joined`);
    assert.equal(await leave.textContent(), "Leave");
    await ann.page.locator("#msgForm").press("Enter");
    await hasLine(bob, `kept in the field : from ${ann.name}`);
    await settled();
    for (const person of [ann, bob]) assert.equal(await count(person, `kept in the field : from ${ann.name}`), 1);
  });

  it("comes back after the server was killed, and hears everything once", async () => {
    const [ann, bob] = [await join(), await join()];
    await timed("killed server noticed", async () => {
      await server.stop();
      await Promise.all([state(ann, "reconnecting"), state(bob, "reconnecting")]);
    });
    await send(ann, "typed while away");
    await shot(ann, "reconnecting");
    assert.equal(await count(ann, `typed while away : from ${ann.name}`), 0);
    assert.equal(await ann.page.locator("#msgForm").inputValue(), "typed while away");

    server = await startServer(server.port);
    await timed("reconnected after the restart", () => Promise.all([state(ann, "connected"), state(bob, "connected")]));
    await hasLine(ann, `${bob.name} has joined`);
    await ann.page.locator("#msgForm").press("Enter");
    await hasLine(bob, `typed while away : from ${ann.name}`);
    for (let i = 0; i < 20; i++) await send(bob, `after ${i}`);
    await settled();
    for (const person of [ann, bob]) {
      assert.equal(await count(person, `typed while away : from ${ann.name}`), 1);
      const after = (await lines(person)).filter((line) => line.startsWith("after "));
      assert.deepEqual(after, Array.from({ length: 20 }, (_, i) => `after ${i} : from ${bob.name}`));
    }
    expectFaults(/ERR_CONNECTION|WebSocket connection to/);
  });

  it("says so when the network is away, and goes on when it is back", async () => {
    const ann = await join();
    await ann.context.setOffline(true);
    await state(ann, "offline");
    assert.equal(await ann.page.locator("#send").isDisabled(), true);
    await ann.context.setOffline(false);
    await state(ann, "connected");
    await settled();
    expectFaults(/ERR_INTERNET_DISCONNECTED|WebSocket connection to/);
  });

  it("can be left while it reconnects", async () => {
    const ann = await join();
    await server.stop();
    await state(ann, "reconnecting");
    await ann.page.locator("#leave").click();
    await state(ann, "left");
    server = await startServer(server.port);
    await ann.page.locator("#leave").click();
    await state(ann, "connected");
    await settled();
    expectFaults(/ERR_CONNECTION|WebSocket connection to/);
  });
});

describe("typing with an input method", () => {
  /** The keys of a person who composes text, as the browser's own input method would report them. */
  async function typist(person) {
    const devtools = await person.context.newCDPSession(person.page);
    await person.page.locator("#msgForm").focus();
    const enter = (keyCode) => ["rawKeyDown", "keyUp"].map((type) => ({
      type, key: "Enter", code: "Enter", windowsVirtualKeyCode: keyCode }));
    return {
      compose: (text) => devtools.send("Input.imeSetComposition", { text, selectionStart: text.length, selectionEnd: text.length }),
      commit: (text) => devtools.send("Input.insertText", { text }),
      /** Enter that the input method takes for itself. */
      async enterInComposition() {
        for (const event of enter(229)) await devtools.send("Input.dispatchKeyEvent", event);
      },
      /** Enter as a browser passes it on although a text is composing: it would submit the form. */
      async plainEnter() {
        await devtools.send("Input.dispatchKeyEvent", { type: "keyDown", key: "Enter", code: "Enter", text: "\r", windowsVirtualKeyCode: 13 });
        await devtools.send("Input.dispatchKeyEvent", { type: "keyUp", key: "Enter", code: "Enter", windowsVirtualKeyCode: 13 });
      },
    };
  }

  /** Syllable by syllable, as two-set Korean keyboards compose: the last one is still open at the end. */
  async function typeHello({ compose, commit }) {
    for (const [steps, done] of [[["ㅇ", "아", "안"], "안"], [["ㄴ", "녀", "녕"], "녕"], [["ㅎ", "하"], "하"], [["ㅅ", "세"], "세"]]) {
      for (const step of steps) await compose(step);
      await commit(done);
    }
    for (const step of ["ㅇ", "요"]) await compose(step);
  }

  const greeting = (person) => `안녕하세요 : from ${person.name}`;

  for (const [browserSends, key, again] of [
    ["one Enter, taken by the input method", "enterInComposition", false],
    ["one Enter, passed on while composing", "plainEnter", false],
    ["Enter twice, during and after (macOS)", "enterInComposition", true],
  ]) {
    it(`Korean: the first Enter sends, once (${browserSends})`, async () => {
      const [ann, bob] = [await join(), await join()];
      const keys = await typist(ann);
      await typeHello(keys);
      assert.equal(await ann.page.locator("#msgForm").inputValue(), "안녕하세요");
      await keys[key]();
      assert.equal(await count(ann, greeting(ann)), 0, "not before the last syllable is complete");
      await keys.commit("요");
      if (again) await keys.plainEnter();
      await hasLine(bob, greeting(ann));
      assert.equal(await ann.page.locator("#msgForm").inputValue(), "");
      await settled();
      for (const person of [ann, bob]) {
        const said = (await lines(person)).filter((line) => line.endsWith(` : from ${ann.name}`) && !line.startsWith("settled"));
        assert.deepEqual(said, [greeting(ann)]);
      }
      await shot(ann, "korean-sent");
    });
  }

  it("Korean: a composition that ends without Enter is not sent", async () => {
    const ann = await join();
    const keys = await typist(ann);
    await keys.compose("안");
    await keys.commit("안");
    await ann.page.locator("#leave").focus();
    await settled();
    assert.equal(await count(ann, `안 : from ${ann.name}`), 0);
  });

  it("Korean: without a connection the text stays in the field", async () => {
    const ann = await join();
    await ann.page.locator("#leave").click();
    await state(ann, "left");
    const keys = await typist(ann);
    await typeHello(keys);
    await keys.enterInComposition();
    await keys.commit("요");
    await ann.page.locator("#leave").click();
    await state(ann, "connected");
    assert.equal(await ann.page.locator("#msgForm").inputValue(), "안녕하세요");
    assert.equal(await count(ann, greeting(ann)), 0);
  });

  it("Japanese: the first Enter picks the word, the second sends", async () => {
    const [ann, bob] = [await join(), await join()];
    const keys = await typist(ann);
    for (const step of ["に", "にほ", "にほん", "日本"]) await keys.compose(step);
    await keys.enterInComposition();
    await keys.commit("日本");
    assert.equal(await ann.page.locator("#msgForm").inputValue(), "日本", "picked, and still in the field");
    assert.equal(await count(ann, `日本 : from ${ann.name}`), 0);
    await keys.plainEnter();
    await hasLine(bob, `日本 : from ${ann.name}`);
    await settled();
    for (const person of [ann, bob]) assert.equal(await count(person, `日本 : from ${ann.name}`), 1);
  });
});

describe("for everybody", () => {
  it("works by keyboard alone, with a ring around what has the focus", async () => {
    const [ann, bob] = [await join(), await join()];
    const { keyboard } = ann.page;
    assert.equal(await focusId(ann), "msgForm", "ready to type");
    const seen = [];
    for (let i = 0; i < 6; i++) {
      await keyboard.press("Tab");
      seen.push(await focusId(ann));
      if (!seen.at(-1)) continue; // the browser's own bar
      const ring = await ann.page.evaluate(() => getComputedStyle(document.activeElement).outlineWidth);
      assert.equal(ring, "3px", seen.at(-1));
    }
    for (const id of ["send", "leave", "chatLogs"]) assert.ok(seen.includes(id), `Tab never came to ${id}: ${seen}`);

    await ann.page.locator("#msgForm").focus();
    await keyboard.type("no mouse");
    await keyboard.press("Tab");
    await keyboard.press("Space");
    await hasLine(bob, `no mouse : from ${ann.name}`);
    assert.equal(await focusId(ann), "msgForm", "back to where one types");

    await ann.page.locator("#leave").focus();
    await keyboard.press("Enter");
    await state(ann, "left");
    assert.equal(await focusId(ann), "leave", "the focus stays on the button that brings one back");
    await keyboard.press("Enter");
    await state(ann, "connected");
  });

  it("has the names and roles that a screen reader needs", async () => {
    const ann = await join();
    const { page } = ann;
    assert.equal(await page.title(), "Socket.io Chat Example");
    assert.equal(await page.getAttribute("html", "lang"), "en");
    assert.equal(await page.getByRole("heading", { level: 1 }).textContent(), "Socket.io Chat Example");
    assert.equal(await page.locator("label").textContent(), "Message: ");
    for (const [role, name, id] of [["textbox", "Message:", "msgForm"], ["button", "Send", "send"],
      ["button", "Leave", "leave"], ["log", "Messages", "chatLogs"]]) {
      assert.equal(await page.getByRole(role, { name, exact: true }).getAttribute("id"), id);
    }
    assert.equal(await page.getByRole("status").getAttribute("id"), "status");
    assert.equal(await page.getByRole("log").getAttribute("aria-live"), "polite");
    assert.equal(await page.getByRole("main").count(), 1);
  });

  for (const colorScheme of ["light", "dark"]) {
    it(`has enough contrast in ${colorScheme} mode, in every state`, async () => {
      const [ann, bob] = [await join({ colorScheme }), await join()];
      await converse(ann, bob);
      await ann.page.locator("#msgForm").fill("");
      await shot(ann, colorScheme);
      for (const name of ["connected", "reconnecting", "offline", "left"]) {
        await ann.page.evaluate((name) => {
          document.querySelector("#status").dataset.state = name;
          document.querySelector("#send").disabled = name !== "connected";
        }, name);
        const weak = (await ann.page.evaluate(contrasts)).filter(({ ratio }) => ratio < 4.5);
        assert.deepEqual(weak, [], `${name}: text below 4.5:1`);
      }
    });
  }

  for (const width of [320, 360, 1280]) {
    it(`fits ${width} pixels, whatever is said`, async () => {
      const ann = await join({ viewport: { width, height: 640 }, hasTouch: width < 400 });
      const bob = await join();
      await converse(ann, bob);
      await send(bob, "W".repeat(300));
      await send(bob, `Z\u0322${"\u030d\u0489\u0353\u0301".repeat(60)}algo${"\u0337\u0300".repeat(80)}`);
      await settled();
      await ann.page.locator("#chatLogs > .own").last().scrollIntoViewIfNeeded();
      await shot(ann, `width-${width}`);
      const layout = await ann.page.evaluate(() => ({
        wide: [...document.querySelectorAll("html, #chatLogs")].map((box) => box.scrollWidth - box.clientWidth),
        small: ["#msgForm", "#send", "#leave"].filter((id) => {
          const { width, height } = document.querySelector(id).getBoundingClientRect();
          return width < 44 || height < 44;
        }),
        // What a line paints outside of its box is cut off by `overflow`, and boxes do not overlap.
        spills: [...document.querySelectorAll("#chatLogs > div")].filter((line) => getComputedStyle(line).overflow !== "hidden").length,
        overlaps: [...document.querySelectorAll("#chatLogs > div")].filter((line) =>
          line.nextElementSibling && line.getBoundingClientRect().bottom > line.nextElementSibling.getBoundingClientRect().top).length,
        bottom: Math.round(document.querySelector("form").getBoundingClientRect().bottom) <= innerHeight,
      }));
      assert.deepEqual(layout, { wide: [0, 0], small: [], spills: 0, overlaps: 0, bottom: true });
    });
  }

  it("follows the conversation only when one is at its end", async () => {
    const [ann, bob] = [await join(), await join()];
    const fromEnd = () => ann.page.evaluate(() => logs.scrollHeight - logs.scrollTop - logs.clientHeight);
    for (let i = 0; i < 40; i++) await send(bob, `line ${i}`);
    await hasLine(ann, `line 39 : from ${bob.name}`);
    assert.ok(await fromEnd() <= 1, "followed");

    await ann.page.setViewportSize({ width: 900, height: 420 }); // as the keyboard of a phone does
    await until(async () => await fromEnd() <= 1, async () => `the end is ${await fromEnd()} px away`);

    await ann.page.evaluate(() => { logs.scrollTop = 100; });
    await until(() => ann.page.evaluate(() => !atBottom), () => "the page has not noticed");
    await send(bob, "do not move me");
    await hasLine(ann, `do not move me : from ${bob.name}`);
    assert.equal(await ann.page.evaluate(() => logs.scrollTop), 100);
  });
});

async function until(holds, message) {
  const deadline = Date.now() + 10_000;
  while (!(await holds())) {
    if (Date.now() > deadline) assert.fail(await message());
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** These errors were the point of the test; any other still fails it. */
function expectFaults(pattern) {
  for (const person of people) person.faults = person.faults.filter((fault) => !pattern.test(fault));
}

async function converse(ann, bob) {
  await send(bob, "Good morning! Can everybody read this?");
  await hasLine(ann, `Good morning! Can everybody read this? : from ${bob.name}`);
  await send(ann, "Yes, loud and clear.");
  await send(bob, "안녕하세요, 오늘은 네 가지 emit을 배웁니다.");
  await hasLine(ann, `안녕하세요, 오늘은 네 가지 emit을 배웁니다. : from ${bob.name}`);
  await send(ann, "네, 잘 들립니다! 그런데 broadcast는 보낸 사람에게는 가지 않나요?");
  await send(bob, "Right: the server sends it to everybody else, and the page adds your own line. That is why you see it exactly once.");
  await hasLine(ann, `Right: the server sends it to everybody else, and the page adds your own line. That is why you see it exactly once. : from ${bob.name}`);
}

/** In the page: every text with the contrast to what is behind it, as WCAG 2 counts it. */
function contrasts() {
  const channels = (color) => color.match(/[\d.]+/g).map(Number);
  const luminance = (color) => {
    const [r, g, b] = channels(color).map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (node) => {
    const color = getComputedStyle(node).backgroundColor;
    return channels(color)[3] === 0 ? behind(node.parentElement) : color;
  };
  const texts = [...document.querySelectorAll("body *")].filter((node) =>
    node.matches("input") || [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim()));
  return texts.filter((node) => !node.matches("script")).map((node) => {
    const [a, b] = [getComputedStyle(node).color, behind(node)].map(luminance);
    return { what: `${node.tagName} ${node.textContent}`.trim(), ratio: (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) };
  });
}
