//! Chapter 1: a page over HTTP, and a Socket.IO server beside it that has nothing to do yet.
//!
//! `cargo run --bin ch01_http_route`, then http://localhost:3000

#[path = "../page.rs"]
mod page;

use tide::http::mime;
use tide::log::info;
use tide_socketio::{Edge, SocketIo};

#[async_std::main]
async fn main() -> std::io::Result<()> {
    femme::with_level(femme::LevelFilter::Info);
    // ANCHOR: app
    let mut app = tide::new();
    let io = SocketIo::new();
    io.attach(&mut app);
    // ANCHOR_END: app

    // ANCHOR: route
    app.at("/").get(async |_| Ok(page::file(include_str!("index.html"), mime::HTML)));
    app.at("/page.js").get(async |_| Ok(page::file(include_str!("page.js"), mime::JAVASCRIPT)));
    page::attach(&mut app);
    // ANCHOR_END: route

    // ANCHOR: listen
    let edge = Edge::from_env("127.0.0.1:3000")?
        .on_listen(|address| info!("Socket IO server listening on port {}", address.port()))
        .on_stop(move || async move { io.close() });
    app.listen(edge).await
    // ANCHOR_END: listen
}
