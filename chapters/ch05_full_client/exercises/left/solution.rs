//! Every way to go ends in `"disconnect"`: a window that is closed, a lost connection, `forceDisconnect`. So one handler is
//! enough.
//!
//! The data of the socket is still there, and so is the name. The socket itself is out already, so `socket.nsp().emit`
//! reaches all the others.

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
            if let Some(user) = socket.data().get::<User>() {
                socket.nsp().emit("logout", &user.name);
            }
        });
    });
}

mod checks;
