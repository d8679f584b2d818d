//! `io` means everybody, and `socket` leaves Ann out, unless it is `socket.emit`, which means nobody else.
//!
//! Rooms are added up, and who is in two of them hears it once. A room in which nobody is, is no error. Number 7 is the
//! one that surprises: the room of Ann's id holds Ann alone, and she is left out.

use tide_socketio::{Socket, SocketIo};

/// Your guesses, in the order of the numbers.
pub const ANSWERS: &[&str] = &[
    "Ann Bob Carol", // 1
    "Ann",           // 2
    "Bob Carol",     // 3
    "Bob Carol",     // 4
    "Bob Carol",     // 5
    "Ann",           // 6
    "nobody",        // 7
    "nobody",        // 8
];

/// What happens at each number. The socket is Ann's, `bob` is the id of Bob's.
fn go(socket: &Socket, number: u32, bob: &str) {
    let io = socket.nsp();
    match number {
        1 => io.emit("it", ()),
        2 => socket.emit("it", ()),
        3 => socket.broadcast().emit("it", ()),
        4 => io.to("red").emit("it", ()),
        5 => io.to("red").to(bob).emit("it", ()),
        6 => io.except("red").emit("it", ()),
        7 => socket.to(socket.id()).emit("it", ()),
        8 => io.to("blue").emit("it", ()),
        _ => {}
    }
}

/// Socket.IO, with the room and the numbers.
pub fn attach(io: &SocketIo) {
    io.on_connection(async |socket| {
        socket.on("join", async |socket, room: String| {
            socket.join(room);
            Ok::<_, String>(())
        });
        socket.on("go", async |socket, (number, bob): (u32, String)| {
            go(&socket, number, &bob);
            socket.nsp().emit("end", ());
        });
    });
}

mod checks;
