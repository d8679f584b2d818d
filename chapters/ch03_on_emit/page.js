// Emits a string or an object, and shows what comes back. Try {"a": 1, "b": "2"}, or {}.
"use strict";

const banner = document.querySelector("#status");
const logs = document.querySelector("#chatLogs");
const nameInput = document.querySelector("#name");
const jsonInput = document.querySelector("#json");

const socket = io();
showWire(socket);

// ANCHOR: on
socket.on("hello", (greeting) => showLine("chat", greeting));

socket.on("sum", (data) => showLine("chat", `The sum is ${data.sum}.`));

socket.on("refused", (error) => showLine("chat", `Refused: ${error}`));
// ANCHOR_END: on

// ANCHOR: emit
document.querySelector("#hello").addEventListener("submit", (event) => {
  event.preventDefault();
  emit("hello", nameInput.value);
});
// ANCHOR_END: emit

document.querySelector("#add").addEventListener("submit", (event) => {
  event.preventDefault();
  try {
    emit("add", JSON.parse(jsonInput.value));
  } catch (error) {
    showLine("joined", `This is not JSON: ${error.message}`);
  }
});

function emit(name, data) {
  if (!socket.connected) return;
  socket.emit(name, data);
  showLine("chat own", `${name} ${JSON.stringify(data)}`);
}

socket.on("connect", () => showState("connected", `Connected as ${socket.id}`));
socket.on("disconnect", (reason) => showState("reconnecting", `Disconnected: ${reason}`));

function showState(state, text) {
  banner.dataset.state = state;
  banner.textContent = text;
}

function showLine(kind, text) {
  const line = document.createElement("div");
  line.className = kind;
  line.textContent = text;
  logs.append(line);
  if (logs.childElementCount > 200) logs.firstElementChild.remove();
  logs.scrollTop = logs.scrollHeight;
}
