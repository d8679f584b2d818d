//! Nobody ever goes.
//!
//! `GET /log` lists who has come and who has gone, and why. `come` is there for everybody. `gone` is there for
//! nobody, whatever they do. And yet `"disconnect"` is spelled right, and the library does call its handlers.
//!
//! The author had read of JavaScript's `socket.on("disconnect", (reason, details) => …)`, where the second is
//! often not there. Find out why that matters here.

use async_std::sync::{Arc, Mutex};
use tide_socketio::SocketIo;

type Log = Arc<Mutex<Vec<String>>>;

/// Socket.IO, and who has come and gone.
pub fn app() -> tide::Server<()> {
    let mut app = tide::new();
    let io = SocketIo::new();
    let log = Log::default();

    let guests = log.clone();
    io.on_connection(move |socket| {
        let log = guests.clone();
        async move {
            log.lock().await.push("come".to_owned());
            socket.on("disconnect", move |_, (reason, _details): (String, String)| {
                let log = log.clone();
                async move { log.lock().await.push(format!("gone: {reason}")) }
            });
        }
    });
    io.attach(&mut app);

    app.at("/log").get(move |_| {
        let log = log.clone();
        async move { Ok(log.lock().await.join("\n")) }
    });
    app
}

mod checks;
