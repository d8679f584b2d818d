//! The newcomer gets a channel of his own before anybody else can know of it. What is put in there is for him
//! alone, and comes before all that is written later.
//!
//! The place matters: `&mut self` means that we hold the lock. Read the text before, in a lock of its own, and
//! what somebody writes between the two is lost for the newcomer.

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
        if !self.text.is_empty() {
            // The channel is new: there is room, and its other end is in our hands.
            let _ = watcher.try_send(self.text.clone());
        }
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
