//! Chapter 5: the finished chat. It logs in, chats and leaves.
//!
//! `cargo run --bin ch05_full_client`, then http://localhost:3000

use serde::{Deserialize, Serialize};
use tide::http::mime;
use tide::log::info;
use tide::{Response, StatusCode};
use tide_socketio::{Edge, SocketIo};

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

/// A file of the page. It may load scripts and styles from here, and from nowhere else.
fn file(content: &'static str, kind: impl Into<mime::Mime>) -> Response {
    Response::builder(StatusCode::Ok)
        .body(content)
        .content_type(kind)
        .header("Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'")
        .header("X-Content-Type-Options", "nosniff")
        .build()
}

#[async_std::main]
async fn main() -> std::io::Result<()> {
    femme::with_level(femme::LevelFilter::Info);
    let mut app = tide::new();
    app.at("/").get(async |_| Ok(file(include_str!("../../static/index.html"), mime::HTML)));
    app.at("/chat.js")
        .get(async |_| Ok(file(include_str!("../../static/chat.js"), mime::JAVASCRIPT)));
    app.at("/style.css").get(async |_| Ok(file(include_str!("../../static/style.css"), mime::CSS)));

    let io = SocketIo::new();
    io.on_connection(async |socket| {
        // The client says who it is.
        socket.on("login", async |socket, user: User| {
            info!("Client logged-in:\n name:{}\n userid: {}", user.name, user.userid);
            socket.nsp().emit("login", &user.name);
            socket.data().set(user);
        });

        // The client says something: everybody but the client itself gets it.
        socket.on("chat", async |socket, said: Said| {
            let from = socket.data().get::<User>().ok_or("chat before login")?;
            info!("Message from {}: {}", from.name, said.msg);
            socket.broadcast().emit("chat", Chat { from: (*from).clone(), msg: said.msg });
            Ok::<_, &str>(())
        });

        // The client asks to be thrown out.
        socket.on("forceDisconnect", async |socket, ()| socket.disconnect());

        socket.on("disconnect", async |socket, ()| {
            let user = socket.data().get::<User>();
            info!("user disconnected: {}", user.as_ref().map_or("undefined", |user| &user.name));
        });
    });
    io.attach(&mut app);

    let edge = Edge::from_env("127.0.0.1:3000")?
        .on_listen(|address| info!("Socket IO server listening on port {}", address.port()))
        .on_stop(move || async move { io.close() });
    app.listen(edge).await
}
