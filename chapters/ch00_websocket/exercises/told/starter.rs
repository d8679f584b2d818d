//! Who is told what?
//!
//! The server below is the chapter's, but one line has moved. Bob and Carol have a WebSocket each; Ann
//! has none. Read the code, and write down what you expect, word by word, before you run anything:
//!
//! 1. Bob sends `hello`. What does Carol hear?
//! 2. Carol sends `hello`. What does Bob hear?
//! 3. Bob sends two bytes, 00 and ff. What does Carol hear?
//! 4. Bob sends `42["chat","hi"]`. What does Carol hear?
//! 5. Bob closes his window, opens it again and sends `back`. What does Carol hear?
//! 6. Carol sends nothing. Ann asks `GET /board`. What is the text of the answer, without its status?

use async_std::channel::{Sender, bounded};
use async_std::sync::{Arc, Mutex};
use futures_lite::{FutureExt, StreamExt};
use tide::Request;
use tide_websockets::{Message, WebSocket, WebSocketConnection};

/// Your guesses, in the order of the story.
pub const TOLD: &[&str] = &[
    "?", // 1
    "?", // 2
    "?", // 3
    "?", // 4
    "?", // 5
    "?", // 6
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
