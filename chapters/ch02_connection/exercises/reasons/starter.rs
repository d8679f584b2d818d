//! Six ways to go.
//!
//! The handler of `"disconnect"` is told a reason: who has ended it, and how. Which reason belongs to which end?
//! Each stands for one of them, and one is left over:
//!
//! `client namespace disconnect` · `forced close` · `parse error` · `ping timeout` · `server namespace disconnect` ·
//! `server shutting down` · `transport close`
//!
//! 1. Ann sends `41`.
//! 2. Bob closes the window.
//! 3. Carol sends `hello`, as if this were a bare WebSocket.
//! 4. Dora stays, and Eva comes after her. Why does Eva go?
//! 5. Finn is still there, as far as anybody can see, but his cable is pulled.
//! 6. Gina is here when somebody stops the server, which calls `io.close()`.

use async_std::sync::{Arc, Mutex};
use tide_socketio::SocketIo;

/// Your guesses, in the order of the story.
pub const REASONS: &[&str] = &[
    "?", // 1
    "?", // 2
    "?", // 3
    "?", // 4
    "?", // 5
    "?", // 6
];

/// Socket.IO, and why somebody went last.
pub fn app(io: &SocketIo) -> tide::Server<()> {
    let mut app = tide::new();
    let last = Arc::new(Mutex::new(String::new()));

    let log = last.clone();
    io.on_connection(move |socket| {
        let log = log.clone();
        async move {
            socket.on("disconnect", move |_, reason: String| {
                let log = log.clone();
                async move { *log.lock().await = reason }
            });
            // One at a time.
            if socket.nsp().sockets_count() > 1 {
                socket.disconnect();
            }
        }
    });
    io.attach(&mut app);

    app.at("/last").get(move |_| {
        let last = last.clone();
        async move { Ok(last.lock().await.clone()) }
    });
    app
}

mod checks;
