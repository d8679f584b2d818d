//! The type of the data is a promise: the handler is called with all of it, or not at all. In JavaScript an
//! argument that is missing is `undefined`, and goes on. Here it would have to be a `String`, and it is none.
//!
//! The server has one argument for this event, the reason. If a second one may come or not, the type can say
//! that too: `(reason, details): (String, Option<String>)`.

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
            socket.on("disconnect", move |_, reason: String| {
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
