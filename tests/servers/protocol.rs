//! The server that both protocol test suites expect: an echo of Engine.IO messages at `/engine.io/`, and a
//! Socket.IO server at `/socket.io/` that answers with what it was sent.
//!
//! `cargo run --example protocol -- --port 3000`

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tide_socketio::engine::{BadMessage, CloseReason, Conn, Engine, Inbox, Message, Service};
use tide_socketio::{Args, Cors, Edge, Options, SocketIo};

struct Echo;

struct EchoClient(Arc<Conn>);

impl Service for Echo {
    fn open(&self, conn: &Arc<Conn>) -> Box<dyn Inbox> {
        Box::new(EchoClient(conn.clone()))
    }
}

impl Inbox for EchoClient {
    fn message(&self, message: Message<'_>) -> Result<(), BadMessage> {
        match message {
            Message::Text(text) => self.0.send_text(text),
            Message::Binary(data) => self.0.send_binary(data.to_vec()),
        }
        Ok(())
    }

    fn closed(&self, _reason: CloseReason) {}
}

fn options(path: &str) -> Options {
    Options {
        path: path.to_owned(),
        ping_interval: Duration::from_millis(300),
        ping_timeout: Duration::from_millis(200),
        connect_timeout: Duration::from_millis(1000),
        cors: Some(Cors::default()),
        ..Options::default()
    }
}

#[async_std::main]
async fn main() -> std::io::Result<()> {
    femme::with_level(femme::LevelFilter::Warn);
    let mut app = tide::new();
    Engine::new(options("/engine.io"), Echo).attach(&mut app);

    let io = SocketIo::with(options("/socket.io"));
    io.on_connection(async |socket| {
        socket.emit("auth", socket.auth());
        socket.on("message", async |socket, args: Args| socket.emit("message-back", args));
        socket.on("message-with-ack", async |_, args: Args| Ok::<_, Infallible>(args));
    });
    io.of("/custom").on_connection(async |socket| socket.emit("auth", socket.auth()));
    io.attach(&mut app);

    app.listen(Edge::from_env("127.0.0.1:3000")?.shortcut(io)).await
}
