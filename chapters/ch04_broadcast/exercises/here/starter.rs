//! Who is here already?
//!
//! A page wants to list who is here. Everybody learns of newcomers by `joined`. But who has just come knows nobody.
//!
//! So tell the newcomer, and only the newcomer, who was here before: one event `here`, with one argument, the list of
//! the others' ids. `42["here",["…","…"]]` it is for the third, and `42["here",[]]` for the first. All the
//! others hear `joined` with the new id, as they do now.

use tide_socketio::SocketIo;

/// What happens when a client connects.
pub fn attach(io: &SocketIo) {
    io.on_connection(async |socket| {
        // Your lines go here.
        socket.broadcast().emit("joined", socket.id());
    });
}

mod checks;
