//! Say who has left.
//!
//! Press *Leave* in one window, and the other window shows nothing: nobody told it. When somebody who has logged in is
//! gone, everybody who is still here shall hear `42["logout",…]`, with her name. However she went.
//!
//! Who never logged in has no name, and nobody hears anything.

use serde::{Deserialize, Serialize};
use tide_socketio::SocketIo;

/// Who is on the other end of a socket.
#[derive(Clone, Serialize, Deserialize)]
struct User {
    name: String,
    userid: String,
}

/// Login and leaving.
pub fn attach(io: &SocketIo) {
    io.on_connection(async |socket| {
        socket.on("login", async |socket, user: User| {
            socket.nsp().emit("login", &user.name);
            socket.data().set(user);
        });
        socket.on("forceDisconnect", async |socket, ()| socket.disconnect());
        socket.on("disconnect", async |socket, ()| {
            // Your lines go here.
        });
    });
}

mod checks;
