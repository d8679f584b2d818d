//! `namespace disconnect` is an end that somebody wanted, and the client does not come back by itself. After all
//! the others it does: they are accidents, or the server has only been started anew.
//!
//! Nobody tells the server of a cable that was pulled. It has to ask, and to wait for an answer that does not
//! come: that is what pings are for.

use async_std::sync::{Arc, Mutex};
use tide_socketio::SocketIo;

/// Your guesses, in the order of the story.
pub const REASONS: &[&str] = &[
    "client namespace disconnect", // 41 is her own word
    "transport close",             // nothing was said, the connection ended
    "parse error",                 // `hello` is no packet
    "server namespace disconnect", // the server says 41
    "ping timeout",                // silence
    "server shutting down",        // all have to go
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
