//! Who hears it?
//!
//! Ann, Bob and Carol are here. Bob and Carol have joined the room `red`. Ann sends `42["go",1,…]`, then `42["go",2,…]`, and
//! so on; what the server does for each number stands below. Who hears it?
//!
//! Write the names in the order of the alphabet, with blanks between them: `Ann Bob Carol`. Or `nobody`.

use tide_socketio::{Socket, SocketIo};

/// Your guesses, in the order of the numbers.
pub const ANSWERS: &[&str] = &[
    "?", // 1
    "?", // 2
    "?", // 3
    "?", // 4
    "?", // 5
    "?", // 6
    "?", // 7
    "?", // 8
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
