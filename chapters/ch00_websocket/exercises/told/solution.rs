//! A count of one's own, the same texts for all, and the last one for whoever asks.
//!
//! The line that has moved is `said += 1`: it counts texts only, so the two bytes go out with the number that
//! Bob had before. A new connection begins at 1 again, for nothing of the old one is known. And Ann, who has to
//! ask, sees what was told last.

use async_std::channel::{Sender, bounded};
use async_std::sync::{Arc, Mutex};
use futures_lite::{FutureExt, StreamExt};
use tide::Request;
use tide_websockets::{Message, WebSocket, WebSocketConnection};

/// Your guesses, in the order of the story.
pub const TOLD: &[&str] = &[
    "1: hello",              // the number belongs to Bob
    "1: hello",              // and this one to Carol
    "1: 2 bytes",            // bytes are told, and not counted
    r#"2: 42["chat","hi"]"#, // a text like any other
    "1: back",               // a new connection, a new count
    "1: back",               // what was told last
];

/// What is written, and who wants to be told of it.
#[derive(Default)]
pub struct Board {
    text: String,
    /// A channel for each who is here.
    pub watchers: Vec<Sender<String>>,
}

/// The board that all connections share.
pub type State = Arc<Mutex<Board>>;

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
        let mut said = 0;
        while let Some(message) = ws.next().await {
            let text = match message? {
                Message::Text(text) => {
                    said += 1;
                    text
                }
                Message::Binary(bytes) => format!("{} bytes", bytes.len()),
                _ => continue,
            };
            let mut board = board.lock().await;
            let text = format!("{said}: {text}");
            board.watchers.retain(|watcher| watcher.try_send(text.clone()).is_ok());
            board.text = text;
        }
        Ok(())
    };
    listen.or(tell).await
}

/// The board: told at `/ws`, asked at `/board`.
pub fn app(board: State) -> tide::Server<State> {
    let mut app = tide::with_state(board);
    app.at("/ws").get(WebSocket::new(talk));
    app.at("/board")
        .get(async |request: Request<State>| Ok(request.state().lock().await.text.clone()));
    app
}

mod checks;
