//! Clone before the closure: each of the two closures owns a handle on the same number. Both are written
//! `move |…| { …; async move { … } }`, for an `async |…|` that captures something is not a handler.
//!
//! Who is here needs no number of ours. The server knows it, and is always right, whatever way somebody goes.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tide_socketio::SocketIo;

/// Socket.IO, and how many have come.
pub fn app() -> tide::Server<()> {
    let mut app = tide::new();
    let io = SocketIo::new();
    let came = Arc::new(AtomicUsize::new(0));

    let counter = came.clone();
    io.on_connection(move |_socket| {
        let counter = counter.clone();
        async move {
            counter.fetch_add(1, Ordering::Relaxed);
        }
    });
    io.attach(&mut app);

    app.at("/visits").get(move |_| {
        let came = came.load(Ordering::Relaxed);
        let here = io.sockets_count();
        async move { Ok(format!("{came} have come, {here} are here")) }
    });
    app
}

mod checks;
