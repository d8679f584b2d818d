// Comes and goes. The scripts before this one have given us io() and showWire().
"use strict";

const toggle = document.querySelector("#toggle");
const banner = document.querySelector("#status");
const logs = document.querySelector("#chatLogs");

// ANCHOR: connect
const socket = io();
showWire(socket);

socket.on("connect", () => showState("connected", `Connected as ${socket.id}`));

socket.on("disconnect", (reason) => showState("reconnecting", `Disconnected: ${reason}`));
// ANCHOR_END: connect

socket.on("connect_error", (error) => showState("reconnecting", `No connection: ${error.message}`));

toggle.addEventListener("click", () => {
  if (socket.active) socket.disconnect();
  else socket.connect();
  toggle.textContent = socket.active ? "Disconnect" : "Connect";
});

function showState(state, text) {
  banner.dataset.state = state;
  banner.textContent = text;
  const line = document.createElement("div");
  line.className = "joined";
  line.textContent = text;
  logs.append(line);
  if (logs.childElementCount > 200) logs.firstElementChild.remove();
  logs.scrollTop = logs.scrollHeight;
}
