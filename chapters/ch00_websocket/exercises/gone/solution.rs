//! `?` ends the function, and here that ended the connection of whoever was just writing: the fault of one
//! became the end of another. That somebody has gone is no error. It happens all day.
//!
//! `retain` does both: it tells everybody, and drops those who cannot be told. So `write` cannot fail any more.

use async_std::channel::{Sender, bounded};
use async_std::sync::{Arc, Mutex};
use futures_lite::{FutureExt, StreamExt};
use tide::Request;
use tide_websockets::{Message, WebSocket, WebSocketConnection};

/// What is written, and who wants to be told of it.
#[derive(Default)]
pub struct Board {
    /// What the board says.
    pub text: String,
    /// A channel for each who is here.
    pub watchers: Vec<Sender<String>>,
}

/// The board that all connections share.
pub type State = Arc<Mutex<Board>>;

impl Board {
    fn write(&mut self, text: String) {
        self.watchers.retain(|watcher| watcher.try_send(text.clone()).is_ok());
        self.text = text;
    }
}

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
        while let Some(message) = ws.next().await {
            if let Message::Text(text) = message? {
                board.lock().await.write(text);
            }
        }
        Ok(())
    };
    listen.or(tell).await
}

/// The board, at `/ws`.
pub fn app(board: State) -> tide::Server<State> {
    let mut app = tide::with_state(board);
    app.at("/ws").get(WebSocket::new(talk));
    app
}

mod checks;
