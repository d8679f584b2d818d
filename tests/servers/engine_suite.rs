//! The server that the test suite of the official `engine.io-client` runs against.
//!
//! `cargo run --example engine_suite -- --port 3000`

use std::collections::{BTreeMap, HashMap};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};
use tide::http::{Method, headers};
use tide::{Next, Request};
use tide_socketio::engine::{BadMessage, CloseReason, Conn, Engine, Inbox, Message, Service};
use tide_socketio::{AllowRequest, Edge, Options};

/// The headers of the last POST of each session, for the message that asks for them.
type Posted = Arc<Mutex<HashMap<String, BTreeMap<String, String>>>>;

struct Echo(Posted);

struct EchoClient {
    conn: Arc<Conn>,
    posted: Posted,
}

impl Service for Echo {
    fn open(&self, conn: &Arc<Conn>) -> Box<dyn Inbox> {
        conn.send_text("hi");
        Box::new(EchoClient { conn: conn.clone(), posted: self.0.clone() })
    }
}

impl Inbox for EchoClient {
    fn message(&self, message: Message<'_>) -> Result<(), BadMessage> {
        match message {
            Message::Text("give binary") => self.conn.send_binary(vec![0, 1, 2, 3, 4]),
            Message::Text("give utf8") => self.conn.send_text("пойду спать всем спокойной ночи"),
            Message::Text("sendHeaders") => {
                let posted = self.posted.lock().unwrap_or_else(PoisonError::into_inner);
                let headers = posted.get(self.conn.sid()).cloned().unwrap_or_default();
                self.conn.send_text(&serde_json::json!(headers).to_string());
            }
            Message::Text(text) => self.conn.send_text(text),
            Message::Binary(data) => self.conn.send_binary(data.to_vec()),
        }
        Ok(())
    }

    fn closed(&self, _reason: CloseReason) {
        self.posted.lock().unwrap_or_else(PoisonError::into_inner).remove(self.conn.sid());
    }
}

fn query(request: &Request<Posted>, name: &str) -> Option<String> {
    let mut pairs = request.url().query_pairs();
    pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

/// Keeps the headers of every POST, and adds four cookies to the answer of every handshake.
fn watch<'a>(
    request: Request<Posted>,
    next: Next<'a, Posted>,
) -> Pin<Box<dyn Future<Output = tide::Result> + Send + 'a>> {
    Box::pin(async move {
        let posted = request.state().clone();
        let sid = query(&request, "sid");
        if let (Method::Post, Some(sid)) = (request.method(), &sid) {
            let headers = request.iter().map(|(name, values)| {
                (name.as_str().to_ascii_lowercase(), values.last().as_str().to_owned())
            });
            posted
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .insert(sid.clone(), headers.collect());
        }
        let mut response = next.run(request).await;
        if sid.is_none() {
            let expires = format!("4=4; Expires={}", httpdate::fmt_http_date(SystemTime::now()));
            let cookies = [
                "1=1; Max-Age=86400",
                "2=2; Path=/; HttpOnly; Secure; SameSite=Strict",
                "3=3; Max-Age=0",
                &expires,
            ];
            for cookie in cookies {
                response.append_header(headers::SET_COOKIE, cookie);
            }
        }
        Ok(response)
    })
}

#[async_std::main]
async fn main() -> std::io::Result<()> {
    femme::with_level(femme::LevelFilter::Warn);
    let posted = Posted::default();
    let mut app = tide::with_state(posted.clone());
    app.with(watch);
    let options = Options {
        path: "/engine.io".to_owned(),
        ping_interval: Duration::from_millis(500),
        max_http_buffer_size: 100,
        allow_request: Some(AllowRequest::new(async |request| match request.query("deny") {
            Some(_) => Err("denied".to_owned()),
            None => Ok(()),
        })),
        ..Options::default()
    };
    Engine::new(options, Echo(posted)).attach(&mut app);
    app.listen(Edge::from_env("127.0.0.1:3000")?).await
}
