//! All that comes from a client is a claim. Who is speaking the server knows by itself: it is whoever logged in on this
//! socket. So that is what it sends, and what the message says about it is not even read.
//!
//! A struct takes the fields that it names, and passes over others. That is why old pages need no change. (In this chat
//! anybody may log in under any name. In one that asks for a password, `login` is where it would ask.)

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

/// What happens when a client connects.
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
