/*
 * A Socket.IO client: Engine.IO protocol 4 below, Socket.IO protocol 5 above. To be read from top to bottom.
 *
 * An engine moves messages over a transport and notices when the server is gone. A manager owns one engine at a
 * time and makes a new one after a loss. The sockets, one for each namespace, share the engine of their manager.
 * io() gives an application its socket. A leading underscore marks what is not for applications.
 */
var io = (() => {
  "use strict";
  // ------------------------------------------------------------------------------------------- Emitter
  // A listener that throws must not take the connection down, nor rob the next listener of its turn.
  // Its error still surfaces as any uncaught error does, one microtask later.
  function run(listener, self, args) {
    try { listener.apply(self, args); }
    catch (error) { queueMicrotask(() => { throw error; }); }
  }

  class Emitter {
    _lists = new Map(); // a list is replaced, never changed: _fire may be on its way through it

    removeListener(event, listener) { return this.off(event, listener); }
    removeAllListeners(event) { return this.off(event); }
    listeners(event) { return this._lists.get(event) ?? []; }
    hasListeners(event) { return this.listeners(event).length > 0; }
    _fire(event, ...args) { for (const listener of this.listeners(event)) run(listener, this, args); }
    on(event, listener) { this._lists.set(event, [...this.listeners(event), listener]); return this; }

    once(event, listener) {
      const wrapper = (...args) => run(listener, this.off(event, wrapper), args);
      wrapper.listener = listener; // so that off(event, listener) finds it
      return this.on(event, wrapper);
    }

    // off() forgets everything, off(event) all listeners of the event, off(event, listener) this one.
    off(event, listener) {
      if (event === undefined) this._lists.clear();
      const others = this.listeners(event).filter((one) => listener && one !== listener && one.listener !== listener);
      this._lists.set(event, others);
      return this;
    }
  }

  // -------------------------------------------------------------------------------------------- binary
  // By tag and not by instanceof, because a buffer may come from another frame of the page.
  const tagOf = (value) => (typeof value === "object" ? Object.prototype.toString.call(value) : "");
  const isBlob = (value) => ["[object Blob]", "[object File]"].includes(tagOf(value));
  const isBinary = (value) => ArrayBuffer.isView(value) || tagOf(value) === "[object ArrayBuffer]" || isBlob(value);

  function toBase64(data) {
    const bytes = data.buffer ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array(data);
    let text = ""; // put together in slices, because a function takes only so many arguments
    for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
    return btoa(text);
  }

  function fromBase64(base64) {
    const text = atob(base64);
    const bytes = new Uint8Array(text.length);
    for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
    return bytes.buffer;
  }

  // ------------------------------------------------------------------------ Engine.IO: packet, payload
  // The place in this list is the digit on the wire.
  const PACKET_TYPES = ["open", "close", "ping", "pong", "message", "upgrade", "noop"];

  // A text packet is its digit and its data. A binary one is always a message: bare bytes where the transport can
  // carry them, else "b" and base64. A Blob gives up its bytes only later: then, a promise.
  function encodePacket({ type, data }, textOnly) {
    if (!isBinary(data)) return PACKET_TYPES.indexOf(type) + (data ?? "");
    if (!textOnly) return data;
    return isBlob(data) ? data.arrayBuffer().then((buffer) => "b" + toBase64(buffer)) : "b" + toBase64(data);
  }

  function decodePacket(encoded) {
    if (typeof encoded !== "string") return { type: "message", data: encoded };
    if (encoded[0] === "b") return { type: "message", data: fromBase64(encoded.slice(1)) };
    const type = PACKET_TYPES[encoded[0]];
    if (!type) throw new Error(`unknown Engine.IO packet type "${encoded[0] ?? ""}"`);
    return encoded.length > 1 ? { type, data: encoded.slice(1) } : { type };
  }

  // A payload is what one polling body holds: packets joined by the record separator.
  const SEPARATOR = "\x1e";
  const decodePayload = (body) => body.split(SEPARATOR).map(decodePacket);
  const encodePayload = async (packets) =>
    (await Promise.all(packets.map((packet) => encodePacket(packet, true)))).join(SEPARATOR);

  // How many of the packets fit in a payload. At least one: what is too large by itself is the server's to refuse.
  function fitting(packets, maxPayload) {
    let size = 0;
    const tooMany = packets.findIndex(({ data = "" }, index) => {
      const bytes = typeof data === "string" ? new TextEncoder().encode(data).length : data.byteLength ?? data.size;
      size += 2 + (isBinary(data) ? 4 * Math.ceil(bytes / 3) : bytes); // with the type and the separator
      return index > 0 && size > maxPayload;
    });
    return tooMany < 0 ? packets.length : tooMany;
  }

  // ----------------------------------------------------------------------------- Engine.IO: transports
  // What both transports have in common. Fires open, packet, drain (what was given to send() has left), and at the
  // end either error or close. `writable` tells whether send() may be called.
  class Transport extends Emitter {
    readyState = "opening";
    writable = false;
    constructor(engine, sid) { super(); this._engine = engine; this._sid = sid; }
    _opened() { this.readyState = "open"; this.writable = true; this._fire("open"); }

    _fire(event, ...args) {
      if (this.readyState === "closed") return;
      if (event === "error" || event === "close") this.readyState = "closed";
      super._fire(event, ...args);
    }

    _url(scheme) {
      const { secure, host, opts } = this._engine;
      const query = new URLSearchParams(opts.query);
      const ours = { EIO: 4, transport: this.name, b64: opts.forceBase64 && 1, sid: this._sid };
      for (const [name, value] of Object.entries(ours)) if (value) query.set(name, value);
      // URLSearchParams writes a space as "+", which not every server reads back as a space.
      return `${scheme}${secure ? "s" : ""}://${host}${opts.path}?${query.toString().replaceAll("+", "%20")}`;
    }

    _receive(decode) { // whatever is wrong with the packets is an error of the transport
      try { for (const packet of decode()) this._onPacket(packet); }
      catch (error) { this._failed("packet error", error); }
    }

    _onPacket(packet) {
      if (packet.type === "open") this._sid = JSON.parse(packet.data).sid;
      if (packet.type === "close") this._fire("close", { description: "transport closed by the server" });
      else this._fire("packet", packet);
    }

    async send(packets) {
      this.writable = false;
      try { await this._write(packets); }
      catch (error) { return this._failed("write error", error); }
      this.writable = true;
      this._fire("drain");
      this._fire("idle");
    }

    _failed(what, { message, status, context }) {
      const error = new Error(`${this.name} ${what}${message ? ": " + message : ""}`);
      this._fire("error", Object.assign(error, { type: "TransportError", description: status, context }));
    }
  }

  // HTTP long-polling: one GET is always waiting for what the server has to say, and one POST at a time carries
  // what we have to say.
  class Polling extends Transport {
    name = "polling";
    _polling = false; // whether a GET is waiting
    _paused = false;
    _requests = new AbortController(); // cuts them all short

    _onPacket(packet) { if (packet.type === "open") this._opened(); super._onPacket(packet); }
    resume() { this._paused = false; if (!this._polling) this.open(); }
    async _write(packets) { await this._request("POST", await encodePayload(packets)); }

    async open() {
      this._polling = true;
      let body;
      try { body = await this._request("GET"); }
      catch (error) { return this._failed("read error", error); }
      this._polling = false;
      this._receive(() => decodePayload(body));
      if (this._paused) this._fire("idle");
      else if (this.readyState === "open") this.open(); // the next GET
    }

    async _request(method, body, keepalive = false) {
      const { opts } = this._engine, { signal } = this._requests;
      const credentials = opts.withCredentials ? "include" : "same-origin";
      const options = { method, body, headers: opts.extraHeaders, credentials, keepalive, signal, cache: "no-store" };
      const response = await fetch(this._url("http"), options);
      const text = await response.text();
      if (response.ok) return text;
      throw Object.assign(new Error(`HTTP status ${response.status} ${text}`), { status: response.status });
    }

    // Before an upgrade: ask for nothing more, and wait until nothing is on its way in either direction.
    async pause() {
      this._paused = true;
      while (this._polling || !this.writable) await new Promise((idle) => this.once("idle", idle));
    }

    close() {
      if (this.readyState === "open") this._leave();
      else this._requests.abort();
      this.readyState = "closed";
    }

    // `keepalive` lets the farewell outlive the page. Only then is the waiting GET cut off: first, it would look like
    // a client that got lost. But a server that is gone itself is not waited for.
    async _leave() {
      const timer = setTimeout(() => this._requests.abort(), 1000);
      await this._request("POST", encodePacket({ type: "close" }), true).catch(() => {});
      clearTimeout(timer);
      this._requests.abort();
    }
  }

  class WebSocketTransport extends Transport {
    name = "websocket";
    close() { this.readyState = "closed"; this._ws?.close(); }

    open() {
      try { this._ws = new WebSocket(this._url("ws")); }
      catch (error) { return queueMicrotask(() => this._failed("error", error)); } // once somebody listens
      this._ws.binaryType = "arraybuffer";
      this._ws.onopen = () => this._opened();
      this._ws.onmessage = (event) => this._receive(() => [decodePacket(event.data)]);
      this._ws.onerror = (event) => this._failed("error", { message: event.message, context: event });
      this._ws.onclose = (event) => this._fire("close", { description: "websocket connection closed", context: event });
    }

    async _write(packets) {
      for (const packet of packets) {
        const encoded = encodePacket(packet, this._engine.opts.forceBase64);
        // Only a promise is awaited, so that all else leaves at once and in one go.
        this._ws.send(encoded instanceof Promise ? await encoded : encoded);
      }
    }
  }

  const TRANSPORTS = { polling: Polling, websocket: WebSocketTransport };
  const isSupported = (name) => name === "polling" || (name === "websocket" && typeof WebSocket === "function");

  // --------------------------------------------------------------------------------- Engine.IO: engine
  // One session with the server, whatever carries it. Fires open · packet and packetCreate ({type, data}, in and out)
  // · data(message) · ping · flush (packets were handed to the transport) · drain (all of them have left) · upgrade,
  // upgrading(transport) · upgradeError, error(error) · close(reason, details)
  class Engine extends Emitter {
    readyState = "opening";
    upgrading = false;
    writeBuffer = []; // what has not left yet; the first _inFlight of them are with the transport
    _inFlight = 0;
    _closed = new AbortController();

    constructor({ secure, host, hostname }, opts) {
      super();
      Object.assign(this, { secure, host, opts });
      // A browser knows that the network is gone long before a ping is missed. (localhost needs no network.)
      const onOffline = () => this._onClose("transport close", { description: "network connection lost" });
      const options = { signal: this._closed.signal };
      if (hostname !== "localhost") globalThis.addEventListener?.("offline", onOffline, options);
      const [name] = opts.transports.filter(isSupported);
      if (name) this._use(new TRANSPORTS[name](this)).open();
      else queueMicrotask(() => this._onClose("transport error", new Error("No transports available")));
    }

    _use(transport) {
      this.transport = transport;
      return transport
        .on("packet", (packet) => this._onPacket(packet))
        .on("drain", () => this._onDrain())
        .on("error", (error) => this._onClose("transport error", error))
        .on("close", (details) => this._onClose("transport close", details));
    }

    _onPacket(packet) {
      if (this.readyState === "closed") return;
      this._fire("packet", packet);
      if (packet.type === "open" && this.readyState === "opening") this._onHandshake(JSON.parse(packet.data));
      else if (packet.type === "message") this._fire("data", packet.data);
      else if (packet.type === "ping") {
        this._expectPing();
        this.send(undefined, "pong");
        this._fire("ping");
      }
    }

    _onHandshake(handshake) {
      Object.assign(this, { _handshake: handshake, id: handshake.sid, readyState: "open" });
      this._expectPing();
      this._fire("open");
      const better = this.opts.transports.filter(isSupported).find((name) => handshake.upgrades?.includes(name));
      if (this.readyState === "open" && this.opts.upgrade && better) this._probe(better);
    }

    // The server pings every pingInterval. When it has been silent for pingTimeout more, it is gone.
    _expectPing() {
      const patience = this._handshake.pingInterval + this._handshake.pingTimeout;
      clearTimeout(this._pingTimer);
      this._pingTimer = setTimeout(() => this._onClose("ping timeout"), patience);
      this._pingDeadline = Date.now() + patience;
    }

    // A machine that slept, or a tab in the background, runs its timers late. So who is about to send asks the
    // clock as well: better to keep a message for the next session than to send it to nobody.
    _isExpired() {
      if (Date.now() <= this._pingDeadline) return false;
      queueMicrotask(() => this._onClose("ping timeout"));
      return true;
    }

    // Tries a better transport beside the one in use. No packet is lost or overtaken: once the server has answered our
    // probe, we hold our packets back; when polling has come to rest, "upgrade" tells the server that we go on here.
    _probe(name) {
      const transport = this._probing = new TRANSPORTS[name](this, this.id);
      transport
        .on("open", () => transport.send([{ type: "ping", data: "probe" }]))
        .on("error", (error) => this._giveUpProbe(error))
        .on("close", (details) => this._giveUpProbe(new Error(details.description)))
        .once("packet", async (packet) => {
          if (packet.type !== "pong" || packet.data !== "probe") return this._giveUpProbe(new Error("probe error"));
          if (this.readyState !== "open") return this._endProbe();
          this.upgrading = true;
          this._fire("upgrading", transport);
          await this.transport.pause();
          if (this._probing !== transport) return; // given up in the meantime
          this._probing = undefined;
          this.transport.off();
          this._use(transport.off()).send([{ type: "upgrade" }]); // drained, it lets the packets held back follow
          this.upgrading = false;
          this._fire("upgrade", transport);
        });
      transport.open();
    }

    _endProbe() { this._probing?.off().close(); this._probing = undefined; }
    _giveUpProbe(error) {
      this._endProbe();
      this._fire("upgradeError", error);
      if (this.upgrading) this.transport.resume();
      this.upgrading = false;
      this._flush();
    }

    send(data, type = "message") {
      if (this.readyState === "closing" || this.readyState === "closed") return;
      this._fire("packetCreate", { type, data });
      this.writeBuffer.push({ type, data });
      this._flush();
    }

    // Hands on what has gathered. When nothing is left, a close() that has waited for that takes place.
    _flush() {
      if (this.readyState === "closed" || this.upgrading || !this.transport.writable) return;
      if (this.writeBuffer.length > 0) {
        const { maxPayload } = this.transport.name === "polling" ? this._handshake : {};
        this._inFlight = maxPayload ? fitting(this.writeBuffer, maxPayload) : this.writeBuffer.length;
        this.transport.send(this.writeBuffer.slice(0, this._inFlight));
        this._fire("flush");
      } else if (this.readyState === "closing") this._onClose("forced close");
    }

    _onDrain() {
      this.writeBuffer.splice(0, this._inFlight);
      this._inFlight = 0;
      if (this.writeBuffer.length === 0) this._fire("drain");
      this._flush();
    }

    close() { // once what was given to send() before has left
      if (this.readyState === "opening") this._onClose("forced close");
      else if (this.readyState === "open") this.readyState = "closing";
      this._flush();
    }

    _onClose(reason, details) {
      if (this.readyState === "closed") return;
      this.readyState = "closed";
      clearTimeout(this._pingTimer);
      this._closed.abort();
      this._endProbe();
      this.transport?.off().close();
      this.id = undefined;
      if (reason === "transport error") this._fire("error", details);
      this._fire("close", reason, details);
      this.writeBuffer = [];
    }
  }

  // --------------------------------------------------------------------------------- Socket.IO: packet
  const CONNECT = 0, DISCONNECT = 1, EVENT = 2, ACK = 3, CONNECT_ERROR = 4, BINARY_EVENT = 5;
  const BINARY = BINARY_EVENT - EVENT; // an event or ack with attachments has a type larger by this

  // Events of the library itself: an application can listen to them but not send them.
  const RESERVED_EVENTS = ["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"];
  const MAX_ATTACHMENTS = 10; // a server closes the connection when a packet announces more

  // Takes the binary parts out of the data. JSON.stringify visits every value anyway, so each part is noticed on
  // the way; `this[key]` is the value before its own toJSON() had a say.
  function takeApart(data) {
    const attachments = [];
    const json = JSON.stringify(data, function (key, value) {
      if (!isBinary(this[key])) return value;
      return { _placeholder: true, num: attachments.push(this[key]) - 1 };
    });
    if (attachments.length <= MAX_ATTACHMENTS) return { json, attachments };
    throw new Error(`${attachments.length} binary attachments in one packet: only ${MAX_ATTACHMENTS} are allowed`);
  }

  function putTogether(json, attachments) {
    return JSON.parse(json, (key, value) => {
      if (value?._placeholder !== true || attachments.length === 0) return value;
      if (typeof value.num === "number" && value.num in attachments) return attachments[value.num];
      throw new Error("illegal attachments");
    });
  }

  // The Engine.IO messages that make up one packet: the text, then the attachments.
  function encode(type, nsp, id, { json = "", attachments = [] }) {
    const start = attachments.length > 0 ? `${type + BINARY}${attachments.length}-` : type;
    return [start + (nsp === "/" ? "" : nsp + ",") + (id ?? "") + json, ...attachments];
  }

  // type, attachments and "-" (of a binary type only), namespace and ",", ack id. The JSON is what follows.
  const HEAD = /^([0-6])(?:(?<=[56])(\d+)-)?(?:(\/[^,]*)(?:,|$))?(\d*)/;

  // Turns Engine.IO messages back into packets. Throws at what is not Socket.IO.
  class Decoder {
    // The packet that this message completes, or nothing while attachments are still to come.
    add(message) {
      const isText = typeof message === "string";
      if (isText === Boolean(this._pending)) throw new Error(isText ? "an attachment is due" : "no attachment is due");
      if (isText) this._pending = this._begin(message);
      else this._pending.attachments.push(message);
      const { due, attachments, json, ...packet } = this._pending;
      if (attachments.length < due) return undefined;
      this._pending = undefined;
      packet.data = json === "" ? undefined : putTogether(json, attachments);
      if (due > 0) packet.type -= BINARY; // with its attachments back in place it is like any other
      if (!isValid(packet)) throw new Error("invalid payload");
      return packet;
    }

    _begin(message) {
      const [head, type, due = 0, nsp = "/", id] = HEAD.exec(message) ?? [];
      if (!type) throw new Error(`unknown packet type ${message[0]}`);
      if (due > MAX_ATTACHMENTS || (type >= BINARY_EVENT && !(due > 0))) throw new Error("illegal attachments");
      return { type: +type, nsp, id: id ? +id : undefined, due, attachments: [], json: message.slice(head.length) };
    }
  }

  function isValid({ type, data }) {
    const isObject = typeof data === "object" && data !== null && !Array.isArray(data);
    if (type === CONNECT) return data === undefined || isObject;
    if (type === DISCONNECT) return data === undefined;
    if (type === CONNECT_ERROR) return isObject || typeof data === "string";
    if (type === ACK) return Array.isArray(data);
    const isName = (name) => typeof name === "number" || (typeof name === "string" && !RESERVED_EVENTS.includes(name));
    return Array.isArray(data) && isName(data[0]);
  }

  // -------------------------------------------------------------------------------- Socket.IO: manager
  const CONNECTION = { path: "/socket.io/", transports: ["polling", "websocket"], upgrade: true, autoConnect: true };
  const RECONNECTION = { reconnection: true, reconnectionAttempts: Infinity, reconnectionDelay: 1000,
    reconnectionDelayMax: 5000, randomizationFactor: 0.5, timeout: 20000 };

  // What one may write for a server: nothing at all, "/namespace", "host:port" or "https://host/namespace".
  function parseUrl(uri = "") {
    const page = globalThis.location;
    const isPath = /^(\/(?!\/)|$)/.test(uri);
    if (isPath && !page) throw new Error(`io("${uri}") has no page to take the host of the server from`);
    const isComplete = /^(http|ws)s?:\/\//.test(uri);
    const completed = isPath ? page?.origin + uri : (page?.protocol ?? "https:") + uri.replace(/^(\/\/)?/, "//");
    const full = isComplete ? uri : completed;
    const { search: query, protocol, host, hostname } = new URL(full);
    const nsp = /^\w+:\/\/[^/?#]*([^?#]*)/.exec(full)[1] || "/"; // from the text: URL would percent-encode it
    return { nsp, query, secure: protocol === "https:" || protocol === "wss:", host, hostname };
  }

  // Owns the connection to one server for all of its sockets, and makes a new one when it is lost. Fires
  // open · error(error) · ping · close(reason, details) · reconnect_attempt(number) · reconnect(number of the attempt)
  // · reconnect_error(error) · reconnect_failed
  class Manager extends Emitter {
    nsps = {}; // the sockets by namespace
    _readyState = "closed";
    _attempts = 0; // at reconnecting; more than 0 until it has ended one way or the other

    constructor(uri, opts) {
      super();
      if (typeof uri === "object") [uri, opts] = [undefined, uri];
      this._server = parseUrl(uri);
      this.opts = { ...opts };
      for (const [name, value] of Object.entries({ ...RECONNECTION, ...CONNECTION })) this.opts[name] ??= value;
      this.opts.query ??= this._server.query;
      this.opts.path = this.opts.path.replace(/\/?$/, "/");
      if (this.opts.autoConnect) this.open();
    }

    _activeSockets() { return Object.values(this.nsps).filter((socket) => socket.active); }
    // A socket has left. After the last one nobody needs the connection.
    _release() { if (this._activeSockets().length === 0) this._close(); }
    _close() { this._givenUp = true; this._attempts = 0; this._onClose("forced close"); }
    // A timer of the manager belongs to the state it was set in.
    _enter(readyState) { clearTimeout(this._timer); this._readyState = readyState; }

    socket(nsp, opts) {
      const socket = this.nsps[nsp] ??= new Socket(this, nsp, opts);
      if (this.opts.autoConnect && !socket.active) socket.connect();
      return socket;
    }

    open() {
      if (this._readyState !== "closed") return this;
      this._enter("opening");
      this._givenUp = false;
      const engine = this.engine = new Engine(this._server, this.opts);
      const isInUse = () => this.engine === engine && this._readyState !== "closed";
      const whileInUse = (listener) => (...args) => isInUse() && listener(...args);
      engine
        .on("open", whileInUse(() => this._onOpen()))
        .on("data", whileInUse((message) => this._onMessage(message)))
        .on("ping", whileInUse(() => this._fire("ping")))
        .on("close", whileInUse((reason, details) => this._onClose(reason, details)));
      const { timeout } = this.opts;
      if (timeout !== false) this._timer = setTimeout(() => this._onFailure(new Error("timeout")), timeout);
      return this;
    }

    _onOpen() {
      this._enter("open");
      this._decoder = new Decoder();
      const attempts = this._attempts;
      this._attempts = 0;
      for (const socket of this._activeSockets()) socket._join();
      this._fire("open");
      if (attempts > 0) this._fire("reconnect", attempts);
    }

    _onFailure(error) { // the connection could not be made
      this._enter("closed");
      this.engine.close();
      for (const socket of this._activeSockets()) socket._fire("connect_error", error);
      this._fire("error", error);
      if (this._attempts > 0) this._fire("reconnect_error", error);
      this._reconnect();
    }

    _onClose(reason, details) { // the connection is lost, or no longer wanted
      const error = details instanceof Error ? details : new Error(reason);
      if (this._readyState === "opening" && !this._givenUp) return this._onFailure(error);
      this._enter("closed");
      this.engine?.close();
      for (const socket of this._activeSockets()) socket._onClose(reason, details);
      this._fire("close", reason, details);
      this._reconnect();
    }

    _onMessage(message) {
      let packet;
      try { packet = this._decoder.add(message); }
      catch (error) { return this._onClose("parse error", error); }
      if (packet) this.nsps[packet.nsp]?._onPacket(packet);
    }

    _reconnect() {
      const { opts } = this;
      if (this._readyState !== "closed") return;
      const isWanted = opts.reconnection && !this._givenUp;
      if (!isWanted || this._attempts >= opts.reconnectionAttempts) {
        this._attempts = 0;
        if (isWanted) this._fire("reconnect_failed");
        return;
      }
      // Twice as long after each failure, up to a limit. And a little different for each client: those that lost
      // the same server must not all come back in the same instant.
      const jitter = 1 + opts.randomizationFactor * (2 * Math.random() - 1);
      const delay = Math.min(opts.reconnectionDelay * 2 ** this._attempts++ * jitter, opts.reconnectionDelayMax);
      this._timer = setTimeout(() => {
        if (opts.reconnection) this._fire("reconnect_attempt", this._attempts);
        if (opts.reconnection && !this._givenUp) this.open(); // a listener may just have thought better of it
        else this._attempts = 0;
      }, delay);
    }
  }

  // manager.reconnectionDelay() reads a setting, manager.reconnectionDelay(100) changes it.
  for (const name of Object.keys(RECONNECTION)) {
    Manager.prototype[name] = function (value) {
      if (value === undefined) return this.opts[name];
      this.opts[name] = value;
      return this;
    };
  }

  // --------------------------------------------------------------------------------- Socket.IO: socket
  // One namespace. Fires what the server sends, and connect, connect_error(error), disconnect(reason, details).
  class Socket extends Emitter {
    id = undefined; // known while connected; a new one after each reconnection that is not a recovery
    connected = false;
    active = false; // whether it is connected, or will be without being asked again
    recovered = false;
    sendBuffer = []; // messages for when we are connected
    receiveBuffer = []; // events that came before the answer to our CONNECT
    acks = {}; // by id: what to do with the answer
    _nextId = 0;
    _queue = []; // with the option `retries`: messages not yet acknowledged
    _flags = {}; // for the next emit
    _any = []; // the listeners of onAny and onAnyOutgoing; these lists are never changed either
    _anyOutgoing = [];

    constructor(manager, nsp, opts) {
      super();
      Object.assign(this, { io: manager, nsp, _opts: { ...manager.opts, ...opts } });
      this.auth = this._opts.auth;
    }

    open() { return this.connect(); }
    close() { return this.disconnect(); }
    send(...args) { return this.emit("message", ...args); }
    get disconnected() { return !this.connected; }
    // The next emit is dropped if it cannot leave at once.
    get volatile() { this._flags.volatile = true; return this; }
    // The acknowledgement of the next emit takes an error first: null, or an Error after so many milliseconds.
    timeout(ms) { this._flags.timeout = ms; return this; }
    _leave() { this.active = false; this.io._release(); }

    connect() {
      if (this.active && this.io._readyState !== "closed") return this;
      this.active = true;
      if (this.io._attempts === 0) this.io.open(); // else it is about to try again by itself
      if (this.io._readyState === "open") this._join();
      return this;
    }

    disconnect() {
      if (this.connected) this._write(DISCONNECT);
      this._leave();
      if (this.connected) this._onClose("io client disconnect");
      return this;
    }

    // Asks to be let into the namespace. Not again before the answer: a server would hang up on that.
    _join() {
      const { engine } = this.io;
      const sendConnect = (auth) => {
        if (!this.active || this.connected || this.io.engine !== engine || this._joining === engine) return;
        this._joining = engine;
        const data = this._pid ? { pid: this._pid, offset: this._offset, ...auth } : auth;
        this._write(CONNECT, data && { json: JSON.stringify(data) });
      };
      if (typeof this.auth === "function") run(this.auth, this, [sendConnect]);
      else sendConnect(this.auth);
    }

    _write(type, payload = {}, id) {
      for (const message of encode(type, this.nsp, id, payload)) this.io.engine.send(message);
    }

    emit(event, ...args) {
      const { volatile, timeout = this._opts.ackTimeout, withError = timeout !== undefined } = this._flags;
      this._flags = {};
      if (RESERVED_EVENTS.includes(event)) throw new Error(`"${event}" is a reserved event name`);
      const ack = typeof args.at(-1) === "function" ? args.pop() : undefined;
      const data = [event, ...args];
      // Taken apart here, so that data which cannot be sent throws at the line that tries to send it.
      const message = { data, payload: takeApart(data), ack, volatile, timeout, withError };
      if (this._opts.retries && !volatile) this._enqueue(message);
      else this._dispatch(message);
      return this;
    }

    emitWithAck(event, ...args) {
      return new Promise((resolve, reject) => {
        this._flags.withError = true;
        this.emit(event, ...args, (error, value) => (error ? reject(error) : resolve(value)));
      });
    }

    _dispatch(message) {
      const { engine } = this.io;
      if (message.ack) this._registerAck(message);
      if (message.volatile && !engine?.transport?.writable) return;
      if (this.connected && !engine._isExpired()) this._transmit(message);
      else this.sendBuffer.push(message);
    }

    _transmit({ data, payload, id }) {
      for (const listener of this._anyOutgoing) run(listener, this, data);
      this._write(EVENT, payload, id);
    }

    // An ack with a timeout, or behind a promise, takes an error first. A plain one takes the answer alone.
    _registerAck(message) {
      const { ack, timeout, withError } = message;
      const id = message.id = this._nextId++;
      const timer = timeout === undefined ? undefined : setTimeout(() => {
        this.sendBuffer = this.sendBuffer.filter((other) => other !== message);
        settle(new Error("operation has timed out"));
      }, timeout);
      const settle = this.acks[id] = (error, answer = []) => {
        clearTimeout(timer);
        delete this.acks[id];
        if (withError) run(ack, this, [error, ...answer]);
        else if (!error) run(ack, this, answer);
      };
    }

    // With `retries`, one message at a time is under way. The next waits until it is acknowledged or given up.
    _enqueue(message) {
      const { ack } = message;
      Object.assign(message, { tries: 0, withError: true });
      message.ack = (error, ...answer) => {
        message.pending = false;
        if (!error || message.tries > this._opts.retries) {
          this._queue.shift();
          if (ack) run(ack, this, [error, ...answer]);
        }
        this._drainQueue();
      };
      this._queue.push(message);
      this._drainQueue();
    }

    _drainQueue() {
      const [message] = this._queue;
      if (!this.connected || !message || message.pending) return;
      Object.assign(message, { pending: true, tries: message.tries + 1 });
      this._dispatch({ ...message }); // with an ack id of its own
    }

    _onPacket({ type, data, id }) {
      if (type === CONNECT || type === CONNECT_ERROR) this._joining = undefined;
      if (!this.active) {
        if (type === CONNECT) this._write(DISCONNECT); // we have left while the server let us in
      } else if (type === CONNECT) this._onConnect(data);
      else if (type === ACK) this.acks[id]?.(null, data);
      else if (type === EVENT && this.connected) this._deliver(data, id);
      else if (type === EVENT) this.receiveBuffer.push([data, id]);
      else {
        this._leave(); // the server has sent us away, or has not let us in
        if (type === DISCONNECT) this._onClose("io server disconnect");
        else this._fire("connect_error", Object.assign(new Error(data.message ?? data), { data: data.data }));
      }
    }

    _onConnect(data) {
      if (!data?.sid) return this._fire("connect_error", new Error("the server speaks an old version of Socket.IO"));
      this.id = data.sid;
      this.recovered = data.pid !== undefined && data.pid === this._pid;
      this._pid = data.pid; // known to us and the server alone: with it the next session can take up this one
      this.connected = true;
      for (const [args, id] of this.receiveBuffer.splice(0)) this._deliver(args, id);
      if (!this.connected) return; // a listener has left again
      for (const message of this.sendBuffer.splice(0)) this._transmit(message);
      this._drainQueue();
      this._fire("connect");
    }

    _deliver(args, id) {
      // A server that can recover a session appends the offset of the packet to every event, save to those that
      // want an acknowledgement: there the last string is the application's own.
      if (this._pid && id === undefined && typeof args.at(-1) === "string") this._offset = args.at(-1);
      if (id !== undefined) args.push(this._answer(id));
      for (const listener of this._any) run(listener, this, args);
      this._fire(...args);
    }

    // The function that acknowledges an event: once, and only to the session that asked.
    _answer(id) {
      let session = this.id;
      return (...args) => {
        if (this.id !== session) return;
        session = null; // answered
        this._write(ACK, takeApart(args), id);
      };
    }

    _onClose(reason, details) {
      this.connected = false;
      this.id = undefined;
      this._fire("disconnect", reason, details);
      // What was sent will get no answer any more. What waits in sendBuffer may, in the next session.
      const waiting = new Set(this.sendBuffer.map((message) => String(message.id)));
      for (const [id, settle] of Object.entries(this.acks)) {
        if (!waiting.has(id)) settle(new Error("socket has been disconnected"));
      }
    }
  }

  // onAny(), prependAny(), offAny(), listenersAny() are for all events that arrive; AnyOutgoing, for all that leave.
  for (const [suffix, list] of [["Any", "_any"], ["AnyOutgoing", "_anyOutgoing"]]) {
    const changing = (change) => function (listener) { this[list] = change(this[list], listener); return this; };
    Socket.prototype["on" + suffix] = changing((all, listener) => [...all, listener]);
    Socket.prototype["prepend" + suffix] = changing((all, listener) => [listener, ...all]);
    Socket.prototype["off" + suffix] = changing((all, listener) => all.filter((one) => listener && one !== listener));
    Socket.prototype["listeners" + suffix] = function () { return this[list]; };
  }

  // ---------------------------------------------------------------------------------------------- io()
  // One manager for each server and path, so that the namespaces of an application share a connection.
  const managers = {};
  function io(uri, opts) {
    if (typeof uri === "object") [uri, opts] = [undefined, uri];
    const { nsp, secure, host } = parseUrl(uri);
    const key = [secure, host, opts?.path ?? CONNECTION.path].join(" ");
    // Asking twice for the same namespace means two sockets, which one connection cannot hold.
    const separate = opts?.forceNew || opts?.multiplex === false || managers[key]?.nsps[nsp];
    const manager = separate ? new Manager(uri, opts) : managers[key] ??= new Manager(uri, opts);
    return manager.socket(nsp, opts);
  }

  return Object.assign(io, { io, connect: io, Manager, Socket, protocol: 5 });
})();
