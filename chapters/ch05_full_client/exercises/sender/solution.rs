//! What stands outside of `on_connection` is there once, for all clients. Who logged in last was the sender of
//! everything, of what people said before they logged in, too.
//!
//! A name belongs to one client, so it is kept with its socket. And the code is half as long: nothing is captured,
//! and nothing has to be cloned.

use serde::{Deserialize, Serialize};
use tide_socketio::SocketIo;

/// Who is on the other end of a socket.
#[derive(Clone, Serialize, Deserialize)]
struct User {
    name: String,
    userid: String,
}

/// What a client says.
#[derive(Deserialize)]
struct Said {
    msg: String,
}

/// What the others get to see of it.
#[derive(Serialize)]
struct Chat {
    from: User,
    msg: String,
}

/// Login and chat.
pub fn attach(io: &SocketIo) {
    io.on_connection(async |socket| {
        socket.on("login", async |socket, user: User| {
            socket.nsp().emit("login", &user.name);
            socket.data().set(user);
        });
        socket.on("chat", async |socket, said: Said| {
            let from = socket.data().get::<User>().ok_or("chat before login")?;
            socket.broadcast().emit("chat", Chat { from: (*from).clone(), msg: said.msg });
            Ok::<_, &str>(())
        });
    });
}

mod checks;
