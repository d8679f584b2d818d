//! The name decides what happens: you have just written a small part of Socket.IO. Its packet
//! `42["chat","hello"]` is the same array, with two digits in front.
//!
//! What a stranger sends may be anything. So nothing here unwraps, indexes or ends in `?`: a pair of strings
//! is read from the text, or it is not, and that is no reason to hang up.

use async_std::channel::{Sender, bounded};
use async_std::sync::{Arc, Mutex};
use futures_lite::{FutureExt, StreamExt};
use tide::Request;
use tide_websockets::{Message, WebSocket, WebSocketConnection};

type Watchers = Arc<Mutex<Vec<Sender<String>>>>;

async fn tell_all(watchers: &Watchers, text: String) {
    watchers.lock().await.retain(|watcher| watcher.try_send(text.clone()).is_ok());
}

/// Somebody has sent this text.
async fn on_message(watchers: &Watchers, text: &str) {
    let Ok((name, data)) = serde_json::from_str::<(String, String)>(text) else { return };
    match name.as_str() {
        "write" => tell_all(watchers, data).await,
        "shout" => tell_all(watchers, data.to_uppercase()).await,
        _ => {}
    }
}

async fn talk(request: Request<Watchers>, mut ws: WebSocketConnection) -> tide::Result<()> {
    let (watcher, news) = bounded(16);
    let watchers = request.state();
    watchers.lock().await.push(watcher);

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
                on_message(watchers, &text).await;
            }
        }
        Ok(())
    };
    listen.or(tell).await
}

/// The board, at `/ws`.
pub fn app() -> tide::Server<Watchers> {
    let mut app = tide::with_state(Watchers::default());
    app.at("/ws").get(WebSocket::new(talk));
    app
}

mod checks;
