//! Answer with an ack.
//!
//! The page calls `socket.emit("add", {a: 1, b: 2}, (sum) => …)`: the function at the end waits for an answer
//! to this one event. In JavaScript the handler gets a function for that. In Rust the answer is what the
//! handler returns, in an `Ok`.
//!
//! Make `add` answer its caller with the sum.

use serde::Deserialize;
use tide_socketio::SocketIo;

#[derive(Deserialize)]
struct Add {
    a: i32,
    b: i32,
}

/// What happens when a client connects.
pub fn attach(io: &SocketIo) {
    io.on_connection(async |socket| {
        socket.on("add", async |_, add: Add| {
            let sum = i64::from(add.a) + i64::from(add.b);
            // Your line goes here.
        });
    });
}

mod checks;
