//! A whisper that all can hear.
//!
//! `socket.emit("whisper", id, "psst")` is for one. It works: the page of the one shows it, and the pages of the
//! others do not. Then somebody opens the network tab of the browser, and reads what everybody whispers.
//!
//! The author says: *but the page looks whether it is meant!* Find out what is wrong with that. Who is meant hears
//! `42["whisper",{"from":"…","msg":"psst"}]`, and nobody else hears anything.

use serde::Serialize;
use tide_socketio::SocketIo;

#[derive(Serialize)]
struct Whisper {
    from: String,
    to: String,
    msg: String,
}

/// What happens when a client connects.
pub fn attach(io: &SocketIo) {
    io.on_connection(async |socket| {
        socket.on("whisper", async |socket, (to, msg): (String, String)| {
            let from = socket.id().to_owned();
            // The page shows it if `to` is its own id.
            socket.broadcast().emit("whisper", Whisper { from, to, msg });
        });
    });
}

mod checks;
