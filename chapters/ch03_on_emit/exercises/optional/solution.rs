//! Two arguments are a tuple, and one that may be missing is an `Option`. Missing and `null` are both `None`:
//! JavaScript's `undefined` becomes `null` on its way.
//!
//! `Option` does not mean *anything goes*. A 7 is there, and is no `String`: the handler is not called.

use tide_socketio::SocketIo;

/// What happens when a client connects.
pub fn attach(io: &SocketIo) {
    io.on_connection(async |socket| {
        socket.on("hello", async |socket, (name, greeting): (String, Option<String>)| {
            let greeting = greeting.as_deref().unwrap_or("Hello");
            socket.emit("hello", format!("{greeting}, {name}!"));
        });
    });
    io.on_error(|socket, error| socket.emit("refused", error));
}

mod checks;
