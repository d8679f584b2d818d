//! The product that never comes.
//!
//! `times` multiplies two whole numbers, and the page waits for `product`. It has worked for a year. Then somebody
//! asks for 65536 times 65536, and is refused, though both are whole numbers and not even large. With `--release` it
//! is worse: the product is 0.
//!
//! The author says: *I have thought of large numbers! The result is an `i64`.* Run the test, read what `refused`
//! says, and make the product right for any two `i32`.

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
            socket.emit("product", Product { product: i64::from(times.a * times.b) });
        });
    });
    io.on_error(|socket, error| socket.emit("refused", error));
}

mod checks;
