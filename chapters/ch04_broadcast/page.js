// Sends one message in four ways. Open this page in three windows, and watch who gets it.
"use strict";

const form = document.querySelector("form");
const input = document.querySelector("#text");
const banner = document.querySelector("#status");
const logs = document.querySelector("#chatLogs");

const socket = io();
showWire(socket);

// ANCHOR: on
/** The id of the last one that was seen: whom "one" goes to. */
let other;

socket.on("joined", (id) => {
  other = id;
  showLine("joined", `${id} is here`);
  // The new one does not know yet that we are: tell it, and nobody else.
  socket.emit("one", id, "I am here too");
});

socket.on("message", ({ from, msg }) => {
  if (from !== socket.id) other = from;
  showLine("chat", `${msg} : from ${from === socket.id ? "me" : from}`);
});
// ANCHOR_END: on

// ANCHOR: emit
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const to = event.submitter.value;
  if (!socket.connected) return;
  if (to !== "one") socket.emit(to, input.value);
  else if (other) socket.emit("one", other, input.value);
  else return showLine("joined", "There is nobody else yet: open this page in another window.");
  showLine("chat own", `${input.value} : to ${to === "one" ? other : to}`);
});
// ANCHOR_END: emit

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
