//! Chapter 0: a board that everybody can write on. Over HTTP one has to ask what it says; over a bare
//! WebSocket one is told.
//!
//! `cargo run --bin ch00_websocket`, then http://localhost:3000

#[path = "../page.rs"]
mod page;

use async_std::channel::{Sender, bounded};
use async_std::sync::{Arc, Mutex};
use futures_lite::{FutureExt, StreamExt};
use tide::Request;
use tide::http::mime;
use tide::log::info;
use tide_socketio::Edge;
use tide_websockets::{Message, WebSocket, WebSocketConnection};

// ANCHOR: board
/// What is written, and who wants to be told of it.
#[derive(Default)]
struct Board {
    text: String,
    watchers: Vec<Sender<String>>,
}

type State = Arc<Mutex<Board>>;

impl Board {
    fn write(&mut self, text: String) {
        // Who is gone, or is sixteen messages behind, is told nothing more.
        self.watchers.retain(|watcher| watcher.try_send(text.clone()).is_ok());
        self.text = text;
    }
}
// ANCHOR_END: board

// ANCHOR: http
/// HTTP: the client asks, the server answers, and both forget each other.
async fn ask(request: Request<State>) -> tide::Result<String> {
    Ok(request.state().lock().await.text.clone())
}
// ANCHOR_END: http

// ANCHOR: websocket
/// A WebSocket: both sides may speak at any time, until one of them hangs up.
async fn talk(request: Request<State>, mut ws: WebSocketConnection) -> tide::Result<()> {
    let (watcher, news) = bounded(16);
    let board = request.state();
    board.lock().await.watchers.push(watcher);

    let voice = ws.clone();
    let tell = async {
        while let Ok(text) = news.recv().await {
            voice.send_string(text).await?;
        }
        Ok(())
    };
    let listen = async {
        // HTTP has no place for this: a variable that belongs to one client.
        let mut said = 0;
        while let Some(message) = ws.next().await {
            let text = match message? {
                Message::Text(text) => text,
                Message::Binary(bytes) => format!("{} bytes", bytes.len()),
                _ => continue,
            };
            said += 1;
            board.lock().await.write(format!("{said}: {text}"));
        }
        Ok(())
    };
    // Only `tell` sends. Two senders on one such connection can block each other, and the thread with them.
    listen.or(tell).await
}
// ANCHOR_END: websocket

#[async_std::main]
async fn main() -> std::io::Result<()> {
    femme::with_level(femme::LevelFilter::Info);
    let board = State::default();
    // ANCHOR: routes
    let mut app = tide::with_state(board.clone());
    app.at("/").get(async |_| Ok(page::file(include_str!("index.html"), mime::HTML)));
    app.at("/page.js").get(async |_| Ok(page::file(include_str!("page.js"), mime::JAVASCRIPT)));
    page::attach(&mut app);
    app.at("/board").get(ask);
    app.at("/ws").get(WebSocket::new(talk));
    // ANCHOR_END: routes

    let edge = Edge::from_env("127.0.0.1:3000")?
        .on_listen(|address| info!("WebSocket server listening on port {}", address.port()))
        // When the server stops, nobody is told anything more. So `tell` ends, and with it the connection.
        .on_stop(move || async move { board.lock().await.watchers.clear() });
    app.listen(edge).await
}
