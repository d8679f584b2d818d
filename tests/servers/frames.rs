//! The server that the Autobahn test suite runs against: every message comes back.
//!
//! `cargo xtask check autobahn`

use std::sync::Arc;
use tide_socketio::engine::{BadMessage, CloseReason, Conn, Engine, Inbox, Message, Service};
use tide_socketio::{Edge, Options};

struct Echo;

struct Client(Arc<Conn>);

impl Service for Echo {
    fn open(&self, conn: &Arc<Conn>) -> Box<dyn Inbox> {
        Box::new(Client(conn.clone()))
    }
}

impl Inbox for Client {
    fn message(&self, message: Message<'_>) -> Result<(), BadMessage> {
        match message {
            Message::Text(text) => self.0.send_text(text),
            Message::Binary(data) => self.0.send_binary(data.to_vec()),
        }
        Ok(())
    }

    fn closed(&self, _reason: CloseReason) {}
}

#[async_std::main]
async fn main() -> std::io::Result<()> {
    femme::with_level(femme::LevelFilter::Error);
    let mut app = tide::new();
    Engine::new(Options::default(), Echo).attach(&mut app);
    let edge =
        Edge::from_env("127.0.0.1:0")?.on_listen(|address| println!("listening on {address}"));
    app.listen(edge).await
}
