// The bench server on the official Socket.IO server, with ws underneath: `node server.mjs PORT`.

import { createServer } from "node:http";
import { Server } from "socket.io";

const http = createServer();
const io = new Server(http);

io.on("connection", (socket) => {
  socket.on("chat", (value) => socket.broadcast.emit("chat", value));
  socket.on("all", (value) => io.emit("all", value));
  socket.on("echo", (value, ack) => ack(value));
  socket.on("join", (room, ack) => {
    socket.join(room);
    ack();
  });
  socket.on("room", (room, value) => socket.to(room).emit("room", value));
});

http.listen(Number(process.argv[2]), "127.0.0.1");
