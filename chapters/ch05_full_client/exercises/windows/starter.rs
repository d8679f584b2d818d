//! Two windows, one Ann.
//!
//! `GET /who` lists the names of all who have logged in and are here, each once, sorted, a name per line. Ann has the
//! chat open on her computer and on her phone. She closes it on the phone, and is not in the list any more, while she
//! is chatting happily on the computer. Another time she logs in as `anna`, and goes: `ann` stays in the list for ever.
//!
//! Everybody gets into the list and everybody is taken out of it. What is wrong?

use async_std::sync::{Arc, Mutex};
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
    let names = Arc::new(Mutex::new(BTreeSet::new()));

    let list = names.clone();
    io.on_connection(move |socket| {
        let (coming, going) = (list.clone(), list.clone());
        async move {
            socket.on("login", move |socket, user: User| {
                let list = coming.clone();
                async move {
                    list.lock().await.insert(user.name.clone());
                    socket.data().set(user);
                }
            });
            socket.on("disconnect", move |socket, ()| {
                let list = going.clone();
                async move {
                    if let Some(user) = socket.data().get::<User>() {
                        list.lock().await.remove(&user.name);
                    }
                }
            });
        }
    });
    io.attach(&mut app);

    app.at("/who").get(move |_| {
        let names = names.clone();
        async move { Ok(names.lock().await.iter().cloned().collect::<Vec<_>>().join("\n")) }
    });
    app
}

mod checks;
