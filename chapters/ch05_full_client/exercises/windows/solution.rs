//! The list knew names, and people come as sockets: two windows were one entry, which the first to close took away.
//! One could count the windows of each name. But a list that has to be kept in step with something else goes out of step.
//!
//! The server knows all sockets, and each knows its user. So the list is made when somebody asks for it. No lock, no
//! clone, no handler of "disconnect": what is not there cannot be wrong.

use serde::Deserialize;
use std::collections::BTreeSet;
use tide_socketio::SocketIo;

/// Who is on the other end of a socket.
#[derive(Deserialize)]
struct User {
    name: String,
}

/// Socket.IO, and who is here.
pub fn app() -> tide::Server<()> {
    let mut app = tide::new();
    let io = SocketIo::new();
    io.on_connection(async |socket| {
        socket.on("login", async |socket, user: User| socket.data().set(user));
    });
    io.attach(&mut app);

    app.at("/who").get(move |_| {
        let sockets = io.fetch_sockets();
        let users = sockets.iter().filter_map(|socket| socket.data().get::<User>());
        let names: BTreeSet<String> = users.map(|user| user.name.clone()).collect();
        async move { Ok(names.into_iter().collect::<Vec<_>>().join("\n")) }
    });
    app
}

mod checks;
