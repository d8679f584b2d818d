//! One goes, another is thrown out.
//!
//! Two windows are open, and everything works. Close the first and write in the second: the server hangs up on
//! you, although you have done nothing wrong, and what you wrote is not on the board.
//!
//! Find out why. Who has gone must trouble nobody, and must not be kept in the list for ever.

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
    fn write(&mut self, text: String) -> tide::Result<()> {
        for watcher in &self.watchers {
            watcher.try_send(text.clone())?;
        }
        self.text = text;
        Ok(())
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
                board.lock().await.write(text)?;
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
