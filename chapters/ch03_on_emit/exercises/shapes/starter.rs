//! From Rust to the wire.
//!
//! The client sends `427["tell"]`, and the server answers with eight packets. Write each as it goes over the
//! wire, from the first digit to the last bracket. JSON is written without blanks.
//!
//! What is emitted may be several arguments, one, or none. Which of these lines has how many? Then run it, and
//! see which of your guesses was the first wrong one.

use serde::Serialize;
use tide_socketio::SocketIo;

/// Your guesses, in the order of the lines below.
pub const FRAMES: &[&str] = &[
    "?", //
    "?", //
    "?", //
    "?", //
    "?", //
    "?", //
    "?", //
    "?", //
];

#[derive(Serialize)]
struct Sum {
    sum: i64,
    note: Option<String>,
}

/// What happens when a client connects.
pub fn attach(io: &SocketIo) {
    io.on_connection(async |socket| {
        socket.on("tell", async |socket, ()| {
            socket.emit("a", "hi");
            socket.emit("b", ("hi", 2));
            socket.emit("c", vec!["hi", "ho"]);
            socket.emit("d", ["hi", "ho"]);
            socket.emit("e", ());
            socket.emit("f", None::<i32>);
            socket.emit("g", Sum { sum: 3, note: None });
            Ok::<_, String>((1, "two"))
        });
    });
}

mod checks;
