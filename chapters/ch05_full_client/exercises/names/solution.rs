//! `len` counts bytes, and a Korean letter has three of them: `chars().count()` counts letters. It is one of those
//! mistakes that an English test never finds.
//!
//! First look, then act: the `return` stands before the `emit` and before the `set`, so nothing has to be taken back.
//! And what is looked at is what is kept, the name without the blanks.

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
        socket.on("login", async |socket, mut user: User| {
            user.name = user.name.trim().to_owned();
            if user.name.is_empty() || user.name.chars().count() > 20 {
                return Err("a name has 1 to 20 letters");
            }
            socket.nsp().emit("login", &user.name);
            socket.data().set(user);
            Ok(())
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
