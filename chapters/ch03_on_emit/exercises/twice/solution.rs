//! `on` adds a handler; it replaces none. A handler that calls `on` adds one more each time it runs, in Rust as in
//! JavaScript. So all of them are added in one place that runs once for each client: in `on_connection`.
//!
//! Two handlers for one event are no mistake in themselves. Both are called, in the order they were added.

use tide_socketio::SocketIo;

/// What happens when a client connects.
pub fn attach(io: &SocketIo) {
    io.on_connection(async |socket| {
        socket.on("hello", async |socket, name: String| {
            socket.emit("hello", format!("Hello, {name}!"));
        });
        socket.on("wave", async |socket, ()| socket.emit("wave", ()));
    });
}

mod checks;
