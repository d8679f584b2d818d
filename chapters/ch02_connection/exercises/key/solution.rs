//! The session's id is a key: every request of a polling client has it in its address, and whoever has it *is*
//! the client. It belongs neither on a page nor in a log.
//!
//! The socket's id is a name. One may show it to everybody, and all that one can do with it is to be told apart.

use tide_socketio::SocketIo;

/// Socket.IO, and who is here.
pub fn app() -> tide::Server<()> {
    let mut app = tide::new();
    let io = SocketIo::new();
    io.on_connection(async |_socket| {});
    io.attach(&mut app);

    app.at("/who").get(move |_| {
        let sockets = io.fetch_sockets();
        let ids = sockets.iter().map(|socket| socket.id().to_owned()).collect::<Vec<_>>();
        async move { Ok(ids.join("\n")) }
    });
    app
}

mod checks;
