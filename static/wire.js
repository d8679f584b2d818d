// The wire panel: every packet between this page and its server, layer by layer.
//
// showWire(socket), called right after io(), adds the panel to the page. Each layer of a packet is a link to the
// section of the book about it. The packets are one stop of the Tab key; the arrow keys go from layer to layer.
"use strict";

const showWire = (() => {
  const BOOK = "/book/";
  const PACKETS = "/book/wire.html";
  const LIMIT = 200;
  const LONG = 400;

  const ENGINE = ["open", "close", "ping", "pong", "message", "upgrade", "noop"];
  const SOCKET = ["CONNECT", "DISCONNECT", "EVENT", "ACK", "CONNECT_ERROR", "BINARY_EVENT", "BINARY_ACK"];

  // ---------------------------------------------------------------- from a packet to its layers

  /** A layer: what of the packet it is, what it is called, and where the book speaks of it. */
  const layer = (text, name, anchor) => ({ text, name, anchor });

  function peel({ type, data }) {
    const kind = layer(String(ENGINE.indexOf(type)), type, `engine-${type}`);
    if (type !== "message") {
      if (!data) return [kind];
      return [kind, type === "open" ? layer(data, "JSON: the handshake", "handshake") : layer(data, "probe", "probe")];
    }
    // Bytes have no type before them: over a WebSocket they are a message as they stand.
    if (typeof data !== "string") return [layer(bytes(data), "attachment", "attachment")];
    return [kind, ...peelMessage(data)];
  }

  /** TYPE [ATTACHMENTS -] [/NAMESPACE ,] [ACK ID] [JSON] */
  function peelMessage(text) {
    const [, type, count, namespace, comma, id, json] = /^([0-6]?)(?:(\d+)-)?(?:(\/[^,]*)(,?))?(\d*)(.*)$/s.exec(text);
    const name = SOCKET[type];
    if (!name) return [layer(text, "no Socket.IO packet", "socket-packet")];
    const layers = [layer(type, name, `socket-${name.toLowerCase().replace("_", "-")}`)];
    if (count) layers.push(layer(`${count}-`, "how many attachments follow", "attachment"));
    if (namespace) layers.push(layer(namespace + comma, "namespace", "namespace"));
    if (id) layers.push(layer(id, "ack id", "ack-id"));
    if (json) layers.push(layer(json, jsonName(json), "json"));
    return layers;
  }

  function jsonName(json) {
    try {
      const data = JSON.parse(json);
      if (Array.isArray(data) && typeof data[0] === "string") return `JSON: ${data[0].slice(0, 40)}`;
      return "JSON";
    } catch {
      return "no JSON";
    }
  }

  function bytes(data) {
    if (data instanceof Blob) return `${data.size} bytes`;
    const all = data instanceof ArrayBuffer ? new Uint8Array(data)
      : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const first = Array.from(all.subarray(0, 16), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
    return `${all.length} bytes: ${first}${all.length > 16 ? " …" : ""}`;
  }

  // ---------------------------------------------------------------- the panel

  function element(tag, className, text = "") {
    const made = document.createElement(tag);
    made.className = className;
    made.textContent = text; // never innerHTML: what is shown here has come from others
    return made;
  }

  function makePanel() {
    const panel = element("section", "wire");
    const title = element("h2", "", "On the wire");
    title.id = "wire-title";
    panel.setAttribute("aria-labelledby", title.id);
    const list = element("ol", "");
    const hint = element("p", "hint", "↑ sent, ↓ received. Each part leads to its section in the ");
    const book = element("a", "", "book");
    book.href = BOOK;
    hint.append(book, ".");
    panel.append(title, hint, list);
    list.addEventListener("keydown", (event) => move(list, event));
    list.addEventListener("focusin", (event) => setCurrent(list, event.target));
    document.body.append(panel);
    return list;
  }

  /** The one link that Tab comes to. */
  function setCurrent(list, link) {
    for (const old of list.querySelectorAll("[tabindex='0']")) old.tabIndex = -1;
    if (link) link.tabIndex = 0;
  }

  function move(list, event) {
    const rows = [...list.querySelectorAll("li:has(a)")];
    const row = rows.indexOf(event.target.closest("li"));
    const links = [...rows[row].querySelectorAll("a")];
    const link = links.indexOf(event.target);
    const first = (row) => row?.querySelector("a");
    const next = {
      ArrowUp: () => first(rows[row - 1]),
      ArrowDown: () => first(rows[row + 1]),
      ArrowLeft: () => links[link - 1],
      ArrowRight: () => links[link + 1],
      Home: () => first(rows[0]),
      End: () => first(rows.at(-1)),
    }[event.key];
    if (!next) return;
    event.preventDefault();
    next()?.focus();
  }

  function addRow(list, row) {
    // Who has scrolled up to read is left there.
    const atBottom = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
    list.append(row);
    if (list.childElementCount > LIMIT) {
      const oldest = list.firstElementChild;
      const hadFocus = oldest.contains(document.activeElement);
      oldest.remove();
      if (hadFocus) list.querySelector("a")?.focus();
    }
    if (!list.querySelector("[tabindex='0']")) setCurrent(list, list.querySelector("a"));
    if (atBottom) list.scrollTop = list.scrollHeight;
  }

  function addPacket(list, direction, transport, packet) {
    const row = element("li", direction);
    const head = element("span", "head", direction === "sent" ? "↑ " : "↓ ");
    head.append(element("span", "words", direction), element("span", "transport", ` ${transport}`));
    const layers = element("span", "layers");
    row.append(head, layers);
    for (const { text, name, anchor } of peel(packet)) {
      const link = element("a", `layer ${anchor.split("-")[0]}`);
      link.href = `${PACKETS}#${anchor}`;
      link.tabIndex = -1;
      const shown = text.length > LONG ? `${text.slice(0, LONG)}… (${text.length} characters)` : text;
      link.append(element("code", "", shown), element("span", "name", name));
      layers.append(link);
    }
    addRow(list, row);
  }

  // ---------------------------------------------------------------- what the client tells us

  function watch(engine, list) {
    const add = (direction, packet) => addPacket(list, direction, engine.transport.name, packet);
    engine.on("packet", (packet) => add("received", packet));
    // Made is not sent: during an upgrade packets wait, and then leave by the new transport.
    const made = [];
    engine.on("packetCreate", (packet) => made.push(packet));
    engine.on("flush", () => { for (const packet of made.splice(0)) add("sent", packet); });
    // The probe passes by the engine; that it was answered is what "upgrading" means.
    engine.on("upgrading", ({ name }) => {
      addPacket(list, "sent", name, { type: "ping", data: "probe" });
      addPacket(list, "received", name, { type: "pong", data: "probe" });
    });
    engine.on("upgrade", ({ name }) => addPacket(list, "sent", name, { type: "upgrade" }));
    engine.on("close", (reason) => addRow(list, element("li", "note", `closed: ${reason}`)));
  }

  return (socket) => {
    const manager = socket.io;
    const list = makePanel();
    const seen = new WeakSet();
    const watchEngine = () => {
      if (!manager.engine || seen.has(manager.engine)) return;
      seen.add(manager.engine);
      watch(manager.engine, list);
    };
    watchEngine();
    // Every reconnect makes a new engine, and all of them are made in here.
    const open = manager.open;
    manager.open = function (...args) {
      const result = open.apply(this, args);
      watchEngine();
      return result;
    };
  };
})();
