//! Somebody listens in.
//!
//! This server has rooms: `join` enters one, `say` speaks to all who are in it. And it has letters: `letter` goes to
//! one person, by id. All of it works. But Mallory reads Ann's letters, and she has changed nothing in the server:
//! she only sends events that everybody may send.
//!
//! Find out how, and make it impossible: a letter reaches one person and never a room, and what is said in a room
//! reaches only who has joined it. Every room may still be joined, whatever it is called.

use tide_socketio::SocketIo;

/// Rooms and letters.
pub fn attach(io: &SocketIo) {
    io.on_connection(async |socket| {
        socket.on("join", async |socket, room: String| {
            socket.join(room);
            Ok::<_, String>(())
        });
        socket.on("say", async |socket, (room, msg): (String, String)| {
            socket.to(room).emit("say", msg);
        });
        socket.on("letter", async |socket, (id, msg): (String, String)| {
            socket.nsp().to(id).emit("letter", msg);
        });
    });
}

mod checks;
