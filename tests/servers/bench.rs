//! The server for measuring: `chat` goes to everybody else, `echo` comes back as its ack, `all` goes to
//! everybody. Each takes one argument of any JSON.
//!
//! `cargo run --release --example bench -- --port 3000`

use serde_json::value::RawValue;
use std::convert::Infallible;
use tide_socketio::{Edge, SocketIo};

#[async_std::main]
async fn main() -> std::io::Result<()> {
    femme::with_level(femme::LevelFilter::Warn);
    let io = SocketIo::new();
    io.on_connection(async |socket| {
        socket.on("chat", async |socket, value: Box<RawValue>| {
            socket.broadcast().emit("chat", &value);
        });
        socket.on("echo", async |_, value: Box<RawValue>| Ok::<_, Infallible>(value));
        socket.on("all", async |socket, value: Box<RawValue>| {
            socket.nsp().emit("all", &value);
        });
    });
    let mut app = tide::new();
    io.attach(&mut app);
    // All the load comes from one address.
    let edge = Edge::from_env("127.0.0.1:3000")?.max_connections(50_000);
    app.listen(edge.max_connections_per_ip(50_000)).await
}
