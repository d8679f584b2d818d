//! How many have got it?
//!
//! The page calls `socket.emit("chat", {msg}, (count) => …)`, and shows a small number behind each line of one's own:
//! so many others have been sent it. Answer each chat message with that number, as an ack.
//!
//! Who is alone gets 0. Who has not logged in gets no answer, as before, and is heard by nobody.

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
