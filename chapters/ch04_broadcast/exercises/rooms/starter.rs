//! A room has a door.
//!
//! `socket.emit("enter", "red")` enters a room. `socket.emit("say", "red", "hello")` says something there: all in the
//! room hear `said`, the speaker too, and nobody else does.
//!
//! Sockets that are not in a room may send to it, as far as the library is concerned. Here they may not: who says
//! something in a room without being in it hears `refused`, with a sentence of yours, and the room hears nothing.

use serde::Serialize;
use tide_socketio::SocketIo;

/// What is heard in a room.
#[derive(Serialize)]
struct Said {
    room: String,
    msg: String,
}

/// What happens when a client connects.
pub fn attach(io: &SocketIo) {
    io.on_connection(async |socket| {
        socket.on("enter", async |_socket, _room: String| {
            // Your line goes here.
        });
        socket.on("say", async |socket, (room, msg): (String, String)| {
            // For all in the room? And may everybody?
            socket.emit("said", Said { room, msg });
        });
    });
    io.on_error(|socket, error| socket.emit("refused", error));
}

mod checks;
