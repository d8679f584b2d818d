//! The server for measuring: `chat` goes to everybody else, `all` to everybody, `echo` comes back as its
//! ack; `join` puts its sender into a room, and `room` goes to everybody else in one. What is sent on is any
//! JSON.
//!
//! `cargo run --release --example bench -- --port 3000`

use serde_json::Value;
use std::convert::Infallible;
use tide_socketio::{Edge, Options, SocketIo};

/// More than come, and all of them come from one address.
const MANY: usize = 50_000;

#[async_std::main]
async fn main() -> std::io::Result<()> {
    femme::with_level(femme::LevelFilter::Warn);
    let io = SocketIo::with(Options { max_sessions_per_ip: MANY, ..Options::default() });
    io.on_connection(async |socket| {
        socket.on("chat", async |socket, value: Value| {
            socket.broadcast().emit("chat", &value);
        });
        socket.on("all", async |socket, value: Value| {
            socket.nsp().emit("all", &value);
        });
        socket.on("echo", async |_, value: Value| Ok::<_, Infallible>(value));
        socket.on("join", async |socket, room: String| {
            socket.join(room);
            Ok::<_, Infallible>(())
        });
        socket.on("room", async |socket, (room, value): (String, Value)| {
            socket.to(room).emit("room", &value);
        });
    });
    let mut app = tide::new();
    io.attach(&mut app);
    let edge = Edge::from_env("127.0.0.1:3000")?.max_connections(MANY);
    app.listen(edge.max_connections_per_ip(MANY).shortcut(io)).await
}
