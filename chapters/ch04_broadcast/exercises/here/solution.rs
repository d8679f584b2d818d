//! A `Broadcast` can do two things: emit to an audience, and say who that is. *All but me* is the same audience for
//! both.
//!
//! The ids are a `Vec`, so they are one argument: a list. And the answer is for one, so it is `socket.emit`.

use tide_socketio::SocketIo;

/// What happens when a client connects.
pub fn attach(io: &SocketIo) {
    io.on_connection(async |socket| {
        let others = socket.broadcast().fetch_sockets();
        let ids: Vec<&str> = others.iter().map(|other| other.id()).collect();
        socket.emit("here", ids);
        socket.broadcast().emit("joined", socket.id());
    });
}

mod checks;
