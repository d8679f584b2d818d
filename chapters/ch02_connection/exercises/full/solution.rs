//! When the handler runs, the newcomer is in already and counted: so it is more than two, not two or more.
//!
//! `socket` is the one who has just come, and `disconnect` ends that one alone. No list of our own is needed,
//! and so none can go wrong.

use tide_socketio::SocketIo;

/// Socket.IO for two, and how many are here.
pub fn app() -> tide::Server<()> {
    let mut app = tide::new();
    let io = SocketIo::new();
    io.on_connection(async |socket| {
        if socket.nsp().sockets_count() > 2 {
            socket.disconnect();
        }
    });
    io.attach(&mut app);

    app.at("/here").get(move |_| {
        let here = io.sockets_count();
        async move { Ok(here.to_string()) }
    });
    app
}

mod checks;
