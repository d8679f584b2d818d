//! A handler that needs something from outside of it: the clients are numbered.
//!
//! `cargo run --example outside`, then http://localhost:3000

// ANCHOR: uses
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
// ANCHOR_END: uses
use tide_socketio::{Edge, SocketIo};

#[async_std::main]
async fn main() -> std::io::Result<()> {
    let mut app = tide::new();
    let io = SocketIo::new();
    // ANCHOR: closure
    let came = Arc::new(AtomicUsize::new(0));

    // A handle for the closure, so that this function keeps its own…
    let guests = came.clone();
    io.on_connection(move |socket| {
        // …and one for each call, so that the closure keeps its own.
        let guests = guests.clone();
        async move {
            let number = guests.fetch_add(1, Ordering::Relaxed) + 1;
            socket.emit("number", number);
        }
    });

    app.at("/").get(move |_| {
        let count = came.load(Ordering::Relaxed);
        async move { Ok(format!("{count} have come")) }
    });
    // ANCHOR_END: closure
    io.attach(&mut app);
    app.listen(Edge::from_env("127.0.0.1:3000")?).await
}
