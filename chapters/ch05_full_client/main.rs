//! Chapter 5: the finished chat. It logs in, chats and leaves.
//!
//! `cargo run --bin ch05_full_client`, then http://localhost:3000

#[path = "../page.rs"]
mod page;

use serde::{Deserialize, Serialize};
use tide::http::mime;
use tide::log::info;
use tide_socketio::{Edge, SocketIo};

// ANCHOR: types
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
// ANCHOR_END: types

// ANCHOR: one_line
/// A text as it may stand in the log: a line break in a name could begin a line that looks like the server's own.
fn one_line(text: &str) -> String {
    text.replace(char::is_control, " ")
}
// ANCHOR_END: one_line

#[async_std::main]
async fn main() -> std::io::Result<()> {
    femme::with_level(femme::LevelFilter::Info);
    let mut app = tide::new();
    // ANCHOR: page
    app.at("/").get(async |_| Ok(page::file(include_str!("../../static/index.html"), mime::HTML)));
    app.at("/chat.js")
        .get(async |_| Ok(page::file(include_str!("../../static/chat.js"), mime::JAVASCRIPT)));
    page::attach(&mut app);
    // ANCHOR_END: page

    let io = SocketIo::new();
    io.on_connection(async |socket| {
        // ANCHOR: login
        // The client says who it is.
        socket.on("login", async |socket, user: User| {
            let (name, userid) = (one_line(&user.name), one_line(&user.userid));
            info!("Client logged-in:\n name:{name}\n userid: {userid}");
            socket.nsp().emit("login", &user.name);
            socket.data().set(user);
        });
        // ANCHOR_END: login

        // ANCHOR: chat
        // The client says something: everybody but the client itself gets it.
        socket.on("chat", async |socket, said: Said| {
            let from = socket.data().get::<User>().ok_or("chat before login")?;
            info!("Message from {}: {}", one_line(&from.name), one_line(&said.msg));
            socket.broadcast().emit("chat", Chat { from: (*from).clone(), msg: said.msg });
            Ok::<_, &str>(())
        });
        // ANCHOR_END: chat

        // ANCHOR: force_disconnect
        // The client asks to be thrown out.
        socket.on("forceDisconnect", async |socket, ()| socket.disconnect());
        // ANCHOR_END: force_disconnect

        // ANCHOR: disconnect
        socket.on("disconnect", async |socket, ()| {
            let user = socket.data().get::<User>();
            let name = user.as_ref().map_or("undefined", |user| &user.name);
            info!("user disconnected: {}", one_line(name));
        });
        // ANCHOR_END: disconnect
    });
    io.attach(&mut app);

    // ANCHOR: listen
    let edge = Edge::from_env("127.0.0.1:3000")?
        .on_listen(|address| info!("Socket IO server listening on port {}", address.port()))
        .on_stop(move || async move { io.close() });
    app.listen(edge).await
    // ANCHOR_END: listen
}
