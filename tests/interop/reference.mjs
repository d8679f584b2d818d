/*
 * The official Node server with the few handlers that client.test.mjs plays against. Any server that
 * keeps this contract can run the same tests.
 *
 * Environment: PORT (0: any), PING_INTERVAL and PING_TIMEOUT in ms (25000 and 20000). Once it listens it
 * prints `listening on PORT`. Limits are the protocol's defaults (1 MB per message, 10 attachments).
 * Connection state recovery is on, without middleware for a recovered session.
 *
 * Namespaces: `/` and `/custom` with the handlers below. `/slow` likewise, after a middleware of 200 ms.
 * `/forbidden` refuses everybody with the message "forbidden" and the data {"code": 403}.
 *
 *   echo ...args, ack            ack(...args)
 *   back ...args                 emit("back", ...args)
 *   handshake header, ack        ack({auth, query, header: the value of that request header})
 *   bin                          emit("bin", {list: [<01 02 03>], deep: {bytes: <ff>}}, <00>)
 *   ackme                        emit("q", 1, "two", ack), then emit("a", ...answer)
 *   volatile n                   volatile.emit("volatile", n)
 *   flaky n, ack                 acknowledges only the n-th "flaky" of this connection: ack(n)
 *   broadcast x                  broadcast.emit("news", x)
 *   join room, ack               join(room), then ack()
 *   room room, x                 to(room).emit("news", x)
 *   kick                         disconnect()
 *   kickall                      disconnect(true)
 *   engine-close                 closes the Engine.IO connection under the socket
 *   (any other event)            no answer
 */
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { Server } from "socket.io";

const { PORT = "0", PING_INTERVAL = "25000", PING_TIMEOUT = "20000" } = process.env;
const http = createServer();
const io = new Server(http, {
  pingInterval: Number(PING_INTERVAL),
  pingTimeout: Number(PING_TIMEOUT),
  connectionStateRecovery: {},
  serveClient: false,
});

function handle(socket) {
  let flaky = 0;
  socket.on("echo", (...args) => args.pop()(...args));
  socket.on("back", (...args) => socket.emit("back", ...args));
  socket.on("handshake", (header, ack) => {
    const { auth, query, headers } = socket.handshake;
    ack({ auth, query, header: headers[header] });
  });
  socket.on("bin", () => {
    socket.emit("bin", { list: [Buffer.of(1, 2, 3)], deep: { bytes: Buffer.of(255) } }, Buffer.of(0));
  });
  socket.on("ackme", () => socket.emit("q", 1, "two", (...answer) => socket.emit("a", ...answer)));
  socket.on("volatile", (n) => socket.volatile.emit("volatile", n));
  socket.on("flaky", (n, ack) => ++flaky === n && ack(n));
  socket.on("broadcast", (x) => socket.broadcast.emit("news", x));
  socket.on("join", (room, ack) => {
    socket.join(room);
    ack();
  });
  socket.on("room", (room, x) => socket.to(room).emit("news", x));
  socket.on("kick", () => socket.disconnect());
  socket.on("kickall", () => socket.disconnect(true));
  socket.on("engine-close", () => socket.conn.close());
}

for (const namespace of ["/", "/custom", "/slow"]) io.of(namespace).on("connection", handle);
io.of("/slow").use((socket, next) => sleep(200).then(() => next()));
io.of("/forbidden").use((socket, next) => next(Object.assign(new Error("forbidden"), { data: { code: 403 } })));

http.listen(Number(PORT), "127.0.0.1", () => console.log(`listening on ${http.address().port}`));
