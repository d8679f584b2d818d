//! Chapter 3: `on` hears what a client says, `emit` answers it. Strings, objects, and what is neither.
//!
//! `cargo run --bin ch03_on_emit`, then http://localhost:3000

#[path = "../page.rs"]
mod page;

use serde::{Deserialize, Serialize};
use tide::http::mime;
use tide::log::info;
use tide_socketio::{Edge, SocketIo};

// ANCHOR: types
/// `{"a":1,"b":2}`: two whole numbers. Whatever else is in it is ignored.
#[derive(Deserialize)]
struct Add {
    a: i32,
    b: i32,
}

/// What is sent back: `{"sum":3}`.
#[derive(Serialize)]
struct Sum {
    sum: i64,
}
// ANCHOR_END: types

#[async_std::main]
async fn main() -> std::io::Result<()> {
    femme::with_level(femme::LevelFilter::Info);
    let mut app = tide::new();
    let io = SocketIo::new();
    io.on_connection(async |socket| {
        // ANCHOR: string
        socket.on("hello", async |socket, name: String| {
            info!("Message from Client: {name}");
            socket.emit("hello", format!("Hello, {name}!"));
        });
        // ANCHOR_END: string

        // ANCHOR: object
        socket.on("add", async |socket, add: Add| {
            info!("Message from Client: {} + {}", add.a, add.b);
            socket.emit("sum", Sum { sum: i64::from(add.a) + i64::from(add.b) });
        });
        // ANCHOR_END: object
    });

    // ANCHOR: bad
    // A handler is not called with data that is not of its type. The client that sent it is told.
    io.on_error(|socket, error| socket.emit("refused", error));
    // ANCHOR_END: bad
    io.attach(&mut app);

    app.at("/").get(async |_| Ok(page::file(include_str!("index.html"), mime::HTML)));
    app.at("/page.js").get(async |_| Ok(page::file(include_str!("page.js"), mime::JAVASCRIPT)));
    page::attach(&mut app);

    let edge = Edge::from_env("127.0.0.1:3000")?
        .on_listen(|address| info!("Socket IO server listening on port {}", address.port()))
        .on_stop(move || async move { io.close() });
    app.listen(edge).await
}
