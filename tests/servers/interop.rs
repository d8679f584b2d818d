//! The server that `tests/interop/client.test.mjs` plays against; `reference.mjs` beside it is the same in
//! JavaScript, and has the contract.
//!
//! `PORT=0 cargo run --example interop` prints `listening on PORT`.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tide_socketio::engine::CloseReason;
use tide_socketio::{Args, Binary, ConnectError, Edge, Options, Recovery, Socket, SocketIo};

fn milliseconds(name: &str, default: u64) -> Duration {
    let given = std::env::var(name).ok().and_then(|value| value.parse().ok());
    Duration::from_millis(given.unwrap_or(default))
}

fn handle(socket: &Socket) {
    socket.on("echo", async |_, args: Args| Ok::<_, Infallible>(args));
    socket.on("back", async |socket, args: Args| socket.emit("back", args));
    socket.on("handshake", async |socket, header: String| {
        let handshake = socket.handshake();
        Ok::<_, Infallible>(serde_json::json!({
            "auth": handshake["auth"],
            "query": handshake["query"],
            "header": handshake["headers"].get(&header),
        }))
    });
    socket.on("bin", async |socket, ()| {
        #[derive(serde::Serialize)]
        struct Bytes {
            bytes: Binary,
        }
        #[derive(serde::Serialize)]
        struct Nested {
            list: Vec<Binary>,
            deep: Bytes,
        }
        let list = vec![Binary::from(vec![1, 2, 3])];
        let nested = Nested { list, deep: Bytes { bytes: vec![255].into() } };
        socket.emit("bin", (nested, Binary::from(vec![0])));
    });
    socket.on("ackme", async |socket, ()| {
        let answer: Args = socket.emit_with_ack("q", (1, "two")).await?;
        socket.emit("a", answer);
        Ok::<_, tide_socketio::AckError>(())
    });
    socket.on("volatile", async |socket, n: u64| socket.volatile().emit("volatile", n));
    let flaky = Arc::new(AtomicU64::new(0));
    socket.on("flaky", move |_, n: u64| {
        let count = flaky.fetch_add(1, Ordering::Relaxed) + 1;
        async move { if count == n { Ok(n) } else { Err("not the one to answer") } }
    });
    socket.on("broadcast", async |socket, x: Args| socket.broadcast().emit("news", x));
    socket.on("join", async |socket, room: String| {
        socket.join(room);
        Ok::<_, Infallible>(())
    });
    socket.on("room", async |socket, (room, x): (String, serde_json::Value)| {
        socket.to(room).emit("news", x);
    });
    socket.on("kick", async |socket, ()| socket.disconnect());
    socket.on("kickall", async |socket, ()| socket.disconnect_transport());
    socket.on("engine-close", async |socket, ()| socket.conn().close(CloseReason::ForcedClose));
}

#[async_std::main]
async fn main() -> std::io::Result<()> {
    let io = SocketIo::with(Options {
        ping_interval: milliseconds("PING_INTERVAL", 25_000),
        ping_timeout: milliseconds("PING_TIMEOUT", 20_000),
        connection_state_recovery: Some(Recovery::default()),
        ..Options::default()
    });
    for name in ["/", "/custom", "/slow"] {
        io.of(name).on_connection(async |socket| handle(&socket));
    }
    io.of("/slow").use_(async |_| {
        async_std::task::sleep(Duration::from_millis(200)).await;
        Ok(())
    });
    io.of("/forbidden")
        .use_(async |_| Err(ConnectError::new("forbidden", serde_json::json!({ "code": 403 }))));

    let mut app = tide::new();
    io.attach(&mut app);
    let edge = Edge::from_env("127.0.0.1:0")?
        .on_listen(|address| println!("listening on {}", address.port()));
    app.listen(edge.shortcut(io)).await
}
