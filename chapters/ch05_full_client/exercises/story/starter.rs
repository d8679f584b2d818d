//! A chat, packet by packet.
//!
//! Bob is here and has logged in as `bob`. Ann has just come. She sends one packet after the other; what does the one who
//! is named hear? Write the whole packet, or `nothing`. Where the id of a socket stands, write `{…}` for the JSON with it.
//!
//! 1. Ann sends `42["chat",{"msg":"hi"}]`. Bob hears?
//! 2. Ann sends `42["login",{"name":"ann"}]`. Bob hears?
//! 3. Ann sends `42["login",{"userid":"a@x","name":"ann"}]`. Bob hears?
//! 4. Ann sends `42["chat",{"msg":"hi","from":"bob"}]`. Bob hears?
//! 5. Ann sends `42["chat",{"msg":"안녕"}]`. Ann hears?
//! 6. Ann sends `420["login",{"name":"eve","userid":"e@x"}]`, with an ack id. After `42["login","eve"]` Ann hears?
//! 7. Ann sends `42["forceDisconnect"]`. Ann hears?
//! 8. Ann sends `40`. Ann hears?
//! 9. Ann sends `42["chat",{"msg":"still here"}]`. Bob hears?

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
    "?", // 1
    "?", // 2
    "?", // 3
    "?", // 4
    "?", // 5
    "?", // 6
    "?", // 7
    "?", // 8
    "?", // 9
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
