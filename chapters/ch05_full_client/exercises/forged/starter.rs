//! I have never said that!
//!
//! The page sends each message with who it is from: `{"from": {"name": …, "userid": …}, "msg": …}`. It works well.
//! One day Ann is asked about a message that stands in everybody's window, in her name. She has never written it.
//!
//! Find out how Mallory does that, with one event and no trick. Then make it impossible. Pages that still send
//! `from` must go on working, and so must those that do not.

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
    from: User,
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
            // Who has not logged in may not chat.
            socket.data().get::<User>().ok_or("chat before login")?;
            socket.broadcast().emit("chat", Chat { from: said.from, msg: said.msg });
            Ok::<_, &str>(())
        });
    });
}

mod checks;
