//! Who is in a room, the library knows: no list of our own. `nsp().to(room)` includes the speaker, `socket.to(room)`
//! would not.
//!
//! A handler that returns `Err` says *no*, and `on_error` takes it to the client. Whether somebody may do a thing is the
//! server's question: a page that hides the button does not answer it.

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
        socket.on("enter", async |socket, room: String| socket.join(room));
        socket.on("say", async |socket, (room, msg): (String, String)| {
            if !socket.rooms().contains(&room) {
                return Err("first enter the room");
            }
            socket.nsp().to(room.as_str()).emit("said", Said { room, msg });
            Ok(())
        });
    });
    io.on_error(|socket, error| socket.emit("refused", error));
}

mod checks;
