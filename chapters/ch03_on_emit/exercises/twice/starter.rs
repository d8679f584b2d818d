//! Waves that come back twice.
//!
//! Who says `hello` is greeted, and who waves is waved at. All is well, until somebody says `hello` again, with
//! another name: from then on every `wave` comes back twice. After the third name it comes back three times. And who
//! waves before saying hello gets nothing.
//!
//! Each `wave` shall come back once: before the first hello, after it, and after the tenth.

use tide_socketio::SocketIo;

/// What happens when a client connects.
pub fn attach(io: &SocketIo) {
    io.on_connection(async |socket| {
        socket.on("hello", async |socket, name: String| {
            socket.emit("hello", format!("Hello, {name}!"));
            socket.on("wave", async |socket, ()| socket.emit("wave", ()));
        });
    });
}

mod checks;
