// Asks the server for a path, and shows what it answers. Try / and /socket.io/socket.io.js and /nothing.
"use strict";

const form = document.querySelector("form");
const input = document.querySelector("#path");
const banner = document.querySelector("#status");
const logs = document.querySelector("#chatLogs");

// ANCHOR: ask
let asked = 0;

async function ask(path) {
  const start = performance.now();
  const answer = await fetch(path, { cache: "no-store" });
  const body = await answer.text();
  asked += 1;
  const type = answer.headers.get("Content-Type") ?? "no type";
  const time = Math.round(performance.now() - start);
  showLine("chat own", `GET ${path}`);
  showLine("chat", `${answer.status} ${answer.statusText}, ${type}, ${body.length} characters, ${time} ms`);
  banner.dataset.state = "connected";
  banner.textContent = `We have asked ${asked} times. The server does not know that: it keeps nothing of us.`;
}
// ANCHOR_END: ask

form.addEventListener("submit", (event) => {
  event.preventDefault();
  // The server of this page only: a path that begins with / and not with //.
  const path = `/${input.value.replace(/^\/+/, "")}`;
  ask(path).catch((error) => {
    banner.dataset.state = "offline";
    banner.textContent = `No answer: ${error.message}`;
  });
});

function showLine(kind, text) {
  const line = document.createElement("div");
  line.className = kind;
  line.textContent = text;
  logs.append(line);
  if (logs.childElementCount > 200) logs.firstElementChild.remove();
  logs.scrollTop = logs.scrollHeight;
}
