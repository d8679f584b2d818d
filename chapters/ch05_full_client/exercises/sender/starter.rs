//! Everybody is called Bob.
//!
//! One person alone can chat with this server all day, and it works. With two of them, something is wrong with the
//! names: look at who says what.
//!
//! The author came from JavaScript, wrote `let user` above the handlers there, and has looked for the same thing
//! in Rust. Find what is wrong, and where the name belongs.

use async_std::sync::{Arc, Mutex};
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

/// Login and chat.
pub fn attach(io: &SocketIo) {
    let current = Arc::new(Mutex::new(None::<User>));
    io.on_connection(move |socket| {
        let current = current.clone();
        async move {
            let login = current.clone();
            socket.on("login", move |socket, user: User| {
                let login = login.clone();
                async move {
                    socket.nsp().emit("login", &user.name);
                    *login.lock().await = Some(user);
                }
            });
            socket.on("chat", move |socket, said: Said| {
                let current = current.clone();
                async move {
                    let from = current.lock().await.clone().ok_or("chat before login")?;
                    socket.broadcast().emit("chat", Chat { from, msg: said.msg });
                    Ok::<_, &str>(())
                }
            });
        }
    });
}

mod checks;
