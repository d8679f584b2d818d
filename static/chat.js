// The browser's half of the chat. The script before this one, /socket.io/socket.io.js, has given us io().
"use strict";

const form = document.querySelector("form");
const input = document.querySelector("#msgForm");
const sendButton = document.querySelector("#send");
const leaveButton = document.querySelector("#leave");
const banner = document.querySelector("#status");
const logs = document.querySelector("#chatLogs");

const me = makeRandomName();
const socket = io();
showWire(socket);

// ---------------------------------------------------------------- what the server tells us
// All listeners are added here, once. Added inside "connect" they would be there twice after the first
// reconnect, and every message would show twice.

socket.on("connect", () => {
  // Every time and not only the first: after a lost connection we are a new socket, one without a name.
  socket.emit("login", { name: me, userid: `${me}@example.com` });
  showState();
});

socket.on("login", (name) => addLine("joined", element("strong", name), " has joined"));

socket.on("chat", ({ from, msg }) => addMessage("chat", msg, from.name));

socket.on("disconnect", showState);

socket.on("connect_error", (error) => {
  showState();
  // A server that is away is tried again. A server that refuses us is not, and it says why.
  if (!socket.active) banner.textContent = `The server refused: ${error.message}`;
});

// ---------------------------------------------------------------- what we tell the server

form.addEventListener("submit", (event) => {
  event.preventDefault(); // or the browser would load the page anew
  const msg = input.value;
  // Without a connection the text stays in the field. Emitted now it would be kept for later and then go
  // out before our "login", so nobody could tell from whom it came.
  if (msg.trim() === "" || !socket.connected) return;
  socket.emit("chat", { msg });
  addMessage("chat own", msg, me); // the server passes it on to the others only
  input.value = "";
  input.focus();
});

leaveButton.addEventListener("click", () => {
  if (!socket.active) socket.connect();
  else if (socket.connected) socket.emit("forceDisconnect"); // the server hangs up: "disconnect" follows
  else socket.disconnect(); // nobody there to hang up: just stop trying
  showState();
});

// ---------------------------------------------------------------- Enter, while Korean or Japanese is typed
// An input method composes several keys into one text, and Enter ends that. In Korean the last syllable
// always composes and Enter means "send", so we send as soon as the syllable is complete. In Japanese or
// Chinese this Enter only picks the word that was offered; the next one sends. Any other Enter submits the
// form by itself.

let enterWhileComposing = false;

input.addEventListener("keydown", (event) => {
  // 229 is "a key that the input method has taken"; Safari sends it after the composition has ended.
  if (event.key !== "Enter" || !(event.isComposing || event.keyCode === 229)) return;
  event.preventDefault();
  enterWhileComposing = event.isComposing;
});

input.addEventListener("compositionend", (event) => {
  const send = enterWhileComposing && /\p{Script=Hangul}/u.test(event.data);
  enterWhileComposing = false;
  // Not at once: some browsers put the last syllable into the field only after this event.
  if (send) queueMicrotask(() => form.requestSubmit());
});

// ---------------------------------------------------------------- what the page shows

function showState() {
  const texts = {
    connected: `Connected as ${me}`,
    reconnecting: "Connection lost, reconnecting… Your text stays here.",
    offline: "You are offline. Your text stays here.",
    left: "You have left the chat.",
  };
  let state = "connected";
  if (!socket.active) state = "left";
  else if (!socket.connected) state = navigator.onLine ? "reconnecting" : "offline";

  banner.dataset.state = state;
  banner.textContent = texts[state];
  sendButton.disabled = state !== "connected";
  leaveButton.textContent = state === "left" ? "Join again" : "Leave";
}

window.addEventListener("online", showState);
window.addEventListener("offline", showState);

function addMessage(kind, msg, name) {
  // <bdi>, because Arabic or Hebrew in a message would otherwise turn around the words that follow it.
  const from = element("span", " : from ");
  from.append(element("strong", name));
  addLine(kind, element("bdi", msg), from);
}

function addLine(kind, ...parts) {
  const line = element("div", "");
  line.className = kind;
  line.append(...parts);
  logs.append(line);
  if (logs.childElementCount > 500) logs.firstElementChild.remove(); // a page may stay open for days
  followLogs();
}

// textContent and never innerHTML: <b> in a message is four characters, and a script in it stays a text.
function element(tag, text) {
  const made = document.createElement(tag);
  made.textContent = typeof text === "object" ? JSON.stringify(text) : text; // other clients send anything
  return made;
}

// Who has scrolled up to read is left there. When the keyboard of a phone takes half of the screen away the
// end is out of sight too, but nobody has scrolled up, so that is no reason to stop following.
let atBottom = true;
let lastTop = 0;

logs.addEventListener("scroll", () => {
  const isNearEnd = logs.scrollHeight - logs.scrollTop - logs.clientHeight < 40;
  if (isNearEnd || logs.scrollTop < lastTop) atBottom = isNearEnd;
  lastTop = logs.scrollTop;
});

function followLogs() {
  if (atBottom) logs.scrollTop = logs.scrollHeight;
}

new ResizeObserver(followLogs).observe(logs);

function makeRandomName() {
  const possible = "abcdefghijklmnopqrstuvwxyz";
  let name = "";
  for (let i = 0; i < 3; i++) name += possible[Math.floor(Math.random() * possible.length)];
  return name;
}
