//! Chapter 2: somebody comes, somebody goes.
//!
//! `cargo run --bin ch02_connection`, then http://localhost:3000

#[path = "../page.rs"]
mod page;

use tide::http::mime;
use tide::log::info;
use tide_socketio::{Edge, SocketIo};

#[async_std::main]
async fn main() -> std::io::Result<()> {
    femme::with_level(femme::LevelFilter::Info);
    let mut app = tide::new();
    let io = SocketIo::new();

    // ANCHOR: connection
    io.on_connection(async |socket| {
        info!("user connected: {}", socket.id());

        // ANCHOR: disconnect
        socket.on("disconnect", async |socket, reason: String| {
            info!("user disconnected: {} ({reason})", socket.id());
        });
        // ANCHOR_END: disconnect
    });
    // ANCHOR_END: connection
    io.attach(&mut app);

    app.at("/").get(async |_| Ok(page::file(include_str!("index.html"), mime::HTML)));
    app.at("/page.js").get(async |_| Ok(page::file(include_str!("page.js"), mime::JAVASCRIPT)));
    page::attach(&mut app);

    let edge = Edge::from_env("127.0.0.1:3000")?
        .on_listen(|address| info!("Socket IO server listening on port {}", address.port()))
        .on_stop(move || async move { io.close() });
    app.listen(edge).await
}
