//! What is a name?
//!
//! Somebody logs in with an empty name, somebody with a novel. From now on a name has at least one character and at
//! most twenty, and blanks around it do not count: `"  ann "` is `ann` for everybody.
//!
//! Who comes with a name that is not like this hears `refused` with a sentence of yours, and is not logged in: nobody
//! hears `login`, and what they say is refused like that of anybody who has not logged in. Who has logged in already
//! keeps the name of then.
//!
//! Names are not only English ones. Twenty letters are twenty letters.

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
    io.on_error(|socket, error| socket.emit("refused", error));
}

mod checks;
