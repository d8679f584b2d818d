//! *All but me* is a value, and it can be asked whom it means before something is sent to it. So the number and the
//! message have the same audience, whatever that is: the `- 1` of a counter for all would have to be remembered.
//!
//! The `?` still leaves without an answer. And mind what the number says: so many outboxes have it. Whether anybody
//! has read it, only an ack of theirs could tell.

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
            let others = socket.broadcast();
            let count = others.fetch_sockets().len();
            others.emit("chat", Chat { from: (*from).clone(), msg: said.msg });
            Ok::<_, &str>(count)
        });
    });
}

mod checks;
