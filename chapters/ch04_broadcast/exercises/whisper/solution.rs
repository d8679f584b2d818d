//! What a client must not know is not sent to it. A page that hides what it got hides it from nobody: anybody
//! can read the frames, or write a client of their own.
//!
//! A socket's id is a room with one socket in it, so the audience is one `to`. And as it goes only to the one who is
//! meant, nobody has to be told any more whom it is for.

use serde::Serialize;
use tide_socketio::SocketIo;

#[derive(Serialize)]
struct Whisper {
    from: String,
    msg: String,
}

/// What happens when a client connects.
pub fn attach(io: &SocketIo) {
    io.on_connection(async |socket| {
        socket.on("whisper", async |socket, (to, msg): (String, String)| {
            let from = socket.id().to_owned();
            socket.nsp().to(to).emit("whisper", Whisper { from, msg });
        });
    });
}

mod checks;
