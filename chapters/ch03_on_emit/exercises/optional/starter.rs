//! A greeting of one's own.
//!
//! The page says `socket.emit("hello", "Ann")`, and hears `Hello, Ann!`. Now some want to be greeted in their own
//! way: `socket.emit("hello", "Ann", "Moin")` shall be answered with `Moin, Ann!`.
//!
//! Pages that send only a name are still in use, and must be answered as before. A greeting that is there and is
//! no text is refused, like all that is wrong: the client hears `refused`.

use tide_socketio::SocketIo;

/// What happens when a client connects.
pub fn attach(io: &SocketIo) {
    io.on_connection(async |socket| {
        socket.on("hello", async |socket, name: String| {
            socket.emit("hello", format!("Hello, {name}!"));
        });
    });
    io.on_error(|socket, error| socket.emit("refused", error));
}

mod checks;
