//! Chapter 4: the four kinds of emit, and who receives each.
//!
//! `cargo run --bin ch04_broadcast`, then http://localhost:3000 in three windows

#[path = "../page.rs"]
mod page;

use serde::Serialize;
use tide::http::mime;
use tide::log::info;
use tide_socketio::{Edge, Socket, SocketIo};

// ANCHOR: message
/// A message, and the id of the socket that it came from.
#[derive(Serialize)]
struct Message {
    from: String,
    msg: String,
}

fn message(socket: &Socket, msg: String) -> Message {
    Message { from: socket.id().to_owned(), msg }
}
// ANCHOR_END: message

#[async_std::main]
async fn main() -> std::io::Result<()> {
    femme::with_level(femme::LevelFilter::Info);
    let mut app = tide::new();
    let io = SocketIo::new();
    io.on_connection(async |socket| {
        // ANCHOR: joined
        // Whoever is here already learns the id of the new one.
        socket.broadcast().emit("joined", socket.id());
        // ANCHOR_END: joined

        // ANCHOR: everyone
        socket.on("everyone", async |socket, msg: String| {
            socket.nsp().emit("message", message(&socket, msg));
        });
        // ANCHOR_END: everyone

        // ANCHOR: me
        socket.on("me", async |socket, msg: String| {
            socket.emit("message", message(&socket, msg));
        });
        // ANCHOR_END: me

        // ANCHOR: others
        socket.on("others", async |socket, msg: String| {
            socket.broadcast().emit("message", message(&socket, msg));
        });
        // ANCHOR_END: others

        // ANCHOR: one
        socket.on("one", async |socket, (id, msg): (String, String)| {
            socket.nsp().to(id).emit("message", message(&socket, msg));
        });
        // ANCHOR_END: one
    });
    io.attach(&mut app);

    app.at("/").get(async |_| Ok(page::file(include_str!("index.html"), mime::HTML)));
    app.at("/page.js").get(async |_| Ok(page::file(include_str!("page.js"), mime::JAVASCRIPT)));
    page::attach(&mut app);

    let edge = Edge::from_env("127.0.0.1:3000")?
        .on_listen(|address| info!("Socket IO server listening on port {}", address.port()))
        .on_stop(move || async move { io.close() });
    app.listen(edge).await
}
