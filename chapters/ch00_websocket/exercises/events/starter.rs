//! Events, by hand.
//!
//! A bare WebSocket carries texts, and says nothing of what they are for. So let us agree on something: each
//! message is a JSON array, first a name, then what belongs to it.
//!
//! - `["write","hello"]` tells everybody `hello`.
//! - `["shout","hello"]` tells everybody `HELLO`.
//! - Anything else tells nobody anything: an unknown name, one without a text, or what is no JSON at all. The
//!   connection goes on, for the sender may just be newer than this server.
//!
//! Write `on_message`. `serde_json::from_str` reads JSON into a type of your choice, and a text knows its own
//! `to_uppercase()`.

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
    // Your lines go here, in place of this one.
    tell_all(watchers, text.to_owned()).await;
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
