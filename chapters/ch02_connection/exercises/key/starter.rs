//! Two ids, and one is a key.
//!
//! `GET /who` lists who is here, an id per line, so that everybody can see it. Since that route was added,
//! people complain that they are thrown out, and that others speak in their name.
//!
//! Look at the frames of the handshake once more: it has two ids. Find out what one can do with the wrong one,
//! and list the right one.

use tide_socketio::SocketIo;

/// Socket.IO, and who is here.
pub fn app() -> tide::Server<()> {
    let mut app = tide::new();
    let io = SocketIo::new();
    io.on_connection(async |_socket| {});
    io.attach(&mut app);

    app.at("/who").get(move |_| {
        let sockets = io.fetch_sockets();
        let ids = sockets.iter().map(|socket| socket.conn().sid().to_owned()).collect::<Vec<_>>();
        async move { Ok(ids.join("\n")) }
    });
    app
}

mod checks;
