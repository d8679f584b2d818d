//! The types decide. `login` without a userid is no `User`, so its handler does not run; and what a packet has besides,
//! like a `from` of Ann's own, is not read at all. JSON is written in the order of the struct, not of what came.
//!
//! Who is thrown out has only left the namespace. The session goes on, `40` enters again, and the server meets a new
//! socket, which has no name.

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

/// Your guesses, in the order of the story.
pub const ANSWERS: &[&str] = &[
    "nothing",                                                         // 1
    "nothing",                                                         // 2
    r#"42["login","ann"]"#,                                            // 3
    r#"42["chat",{"from":{"name":"ann","userid":"a@x"},"msg":"hi"}]"#, // 4
    "nothing",                                                         // 5
    "nothing",                                                         // 6
    "41",                                                              // 7
    "40{…}",                                                           // 8
    "nothing",                                                         // 9
];

/// The chat of the chapter; and an event that everybody hears at once, so that silence can be told.
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
        socket.on("forceDisconnect", async |socket, ()| socket.disconnect());
        socket.on("end", async |socket, ()| socket.nsp().emit("end", ()));
    });
}

mod checks;
