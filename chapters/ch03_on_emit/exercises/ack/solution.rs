//! What a handler returns is its ack. `Ok` is the answer; `Err` is none, and goes to `io.on_error`.
//!
//! There is no error here, but Rust wants to know its type: that is what `::<_, String>` is for.

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
            Ok::<_, String>(sum)
        });
    });
}

mod checks;
