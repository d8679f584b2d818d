// One board, seen twice: by asking over HTTP, and by being told over a WebSocket.
"use strict";

const form = document.querySelector("form");
const input = document.querySelector("#text");
const sendButton = document.querySelector("#send");
const askButton = document.querySelector("#ask");
const banner = document.querySelector("#status");
const logs = document.querySelector("#chatLogs");

// ANCHOR: ask
let asked = 0;

/** Polling: most answers are old news, and new ones come late. */
async function ask() {
  const answer = await fetch("/board", { cache: "no-store" });
  asked += 1;
  showLine("joined", `asked ${asked} times, the answer is: ${await answer.text() || "(nothing)"}`);
}
// ANCHOR_END: ask

// ANCHOR: websocket
const ws = new WebSocket(`ws://${location.host}/ws`);

ws.addEventListener("open", () => showState("connected", "The WebSocket is open."));

ws.addEventListener("message", (event) => showLine("chat", `told: ${event.data}`));

// Nobody opens it again: that, and much else, is left to us.
ws.addEventListener("close", () => showState("offline", "The WebSocket is closed. Load the page again."));
// ANCHOR_END: websocket

askButton.addEventListener("click", () => {
  ask().catch((error) => showLine("joined", `no answer: ${error.message}`));
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (input.value === "" || ws.readyState !== WebSocket.OPEN) return;
  ws.send(input.value);
  input.value = "";
});

function showState(state, text) {
  banner.dataset.state = state;
  banner.textContent = text;
  sendButton.disabled = state !== "connected";
}

function showLine(kind, text) {
  const line = document.createElement("div");
  line.className = kind;
  line.textContent = text;
  logs.append(line);
  if (logs.childElementCount > 200) logs.firstElementChild.remove();
  logs.scrollTop = logs.scrollHeight;
}
