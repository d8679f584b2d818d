//! `i64::from(a * b)` multiplies two `i32` and has an `i32`, which is then made larger: too late. Make the numbers
//! larger first. Two `i32` always have a product that is an `i64`.
//!
//! In a debug build the multiplication panics. That ends this one call of the handler, and counts as an error of it,
//! like an `Err`. In a release build it wraps around, and the client is told 0: worse, for nobody notices.

use serde::{Deserialize, Serialize};
use tide_socketio::SocketIo;

#[derive(Deserialize)]
struct Times {
    a: i32,
    b: i32,
}

#[derive(Serialize)]
struct Product {
    product: i64,
}

/// What happens when a client connects.
pub fn attach(io: &SocketIo) {
    io.on_connection(async |socket| {
        socket.on("times", async |socket, times: Times| {
            socket.emit("product", Product { product: i64::from(times.a) * i64::from(times.b) });
        });
    });
    io.on_error(|socket, error| socket.emit("refused", error));
}

mod checks;
