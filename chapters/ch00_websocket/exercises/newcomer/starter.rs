//! Tell the newcomer.
//!
//! Write on the board in one window, then open a second one. The second shows nothing, until somebody writes
//! again: who comes late is told only what is new.
//!
//! Make the server tell a newcomer at once what the board says. Nobody else hears anything because of that.
//! An empty board is no news: then the newcomer hears nothing either.

use async_std::channel::{Receiver, Sender, bounded};
use async_std::sync::{Arc, Mutex};
use futures_lite::{FutureExt, StreamExt};
use tide::Request;
use tide_websockets::{Message, WebSocket, WebSocketConnection};

/// What is written, and who wants to be told of it.
#[derive(Default)]
pub struct Board {
    text: String,
    watchers: Vec<Sender<String>>,
}

type State = Arc<Mutex<Board>>;

impl Board {
    /// Somebody wants to be told from now on.
    fn watch(&mut self) -> Receiver<String> {
        let (watcher, news) = bounded(16);
        // Your lines go here.
        self.watchers.push(watcher);
        news
    }

    fn write(&mut self, text: String) {
        self.watchers.retain(|watcher| watcher.try_send(text.clone()).is_ok());
        self.text = text;
    }
}

async fn talk(request: Request<State>, mut ws: WebSocketConnection) -> tide::Result<()> {
    let board = request.state();
    let news = board.lock().await.watch();

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
pub fn app() -> tide::Server<State> {
    let mut app = tide::with_state(State::default());
    app.at("/ws").get(WebSocket::new(talk));
    app
}

mod checks;
