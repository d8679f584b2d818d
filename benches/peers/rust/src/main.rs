//! The bench server on socketioxide: `peer PORT`, and `peer PORT nodelay` for a listener with TCP_NODELAY.

use axum::serve::ListenerExt;
use serde_json::Value;
use socketioxide::SocketIo;
use socketioxide::extract::{AckSender, Data, SocketRef};

#[tokio::main]
async fn main() {
    let mut args = std::env::args().skip(1);
    let port: u16 = args.next().and_then(|port| port.parse().ok()).expect("a port");
    let nodelay = args.next().is_some_and(|word| word == "nodelay");

    // Over 128, the default, it drops what a slow client should have had, and that would not be the same work.
    let (layer, io) = SocketIo::builder().max_buffer_size(100_000).build_layer();
    io.ns("/", async |socket: SocketRef| {
        socket.on("chat", async |socket: SocketRef, Data::<Value>(value)| {
            socket.broadcast().emit("chat", &value).await.expect("a local broadcast");
        });
        socket.on("all", async |io: SocketIo, Data::<Value>(value)| {
            io.emit("all", &value).await.expect("a local broadcast");
        });
        socket.on("echo", async |Data::<Value>(value), ack: AckSender| {
            ack.send(&value).ok();
        });
        socket.on("join", async |socket: SocketRef, Data::<String>(room), ack: AckSender| {
            socket.join(room);
            ack.send(&()).ok();
        });
        socket.on("room", async |socket: SocketRef, Data::<(String, Value)>((room, value))| {
            socket.to(room).emit("room", &value).await.expect("a local broadcast");
        });
    });
    let app = axum::Router::new().layer(layer);
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await.expect("a free port");
    let served = match nodelay {
        false => axum::serve(listener, app).await,
        true => {
            let listener = listener.tap_io(|io| io.set_nodelay(true).expect("a TCP socket"));
            axum::serve(listener, app).await
        }
    };
    served.expect("a server");
}
