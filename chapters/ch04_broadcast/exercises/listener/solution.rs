//! The room of an id is a room like any other, and anybody may join it by name. So what a client sends must never
//! be a name of a room as it stands.
//!
//! With something before it, no text from a client can be an id: ids have no colon.

use tide_socketio::SocketIo;

/// The room that people call by this name.
fn room(name: &str) -> String {
    format!("room:{name}")
}

/// Rooms and letters.
pub fn attach(io: &SocketIo) {
    io.on_connection(async |socket| {
        socket.on("join", async |socket, name: String| {
            socket.join(room(&name));
            Ok::<_, String>(())
        });
        socket.on("say", async |socket, (name, msg): (String, String)| {
            socket.to(room(&name)).emit("say", msg);
        });
        socket.on("letter", async |socket, (id, msg): (String, String)| {
            if let Some(to) = socket.nsp().socket(&id) {
                to.emit("letter", msg);
            }
        });
    });
}

mod checks;
