//! What the tests speak with: servers on free ports, a raw polling client, and an independent WebSocket
//! client. Everything shows the wire as it is; nothing is parsed that a test has not asked for.
#![allow(dead_code, reason = "each test binary uses its own part")]

use async_std::channel::{Receiver, Sender, unbounded};
use async_std::future::timeout;
use async_std::io::prelude::*;
use async_std::net::TcpStream;
use futures_util::{SinkExt, StreamExt};
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::Duration;
use tide::listener::Listener as _;
use tide_socketio::{Edge, Options, Socket, SocketIo};
use tide_websockets::async_tungstenite::tungstenite::protocol::CloseFrame;
use tide_websockets::async_tungstenite::{WebSocketStream, client_async};

pub use tide_websockets::Message;

/// How long anything may take before a test fails.
pub const PATIENCE: Duration = Duration::from_secs(10);
/// How long silence must last to count as silence.
pub const SILENCE: Duration = Duration::from_millis(150);

/// Runs a test, and fails it when it hangs.
pub fn run<T>(test: impl Future<Output = T>) -> T {
    async_std::task::block_on(async {
        timeout(Duration::from_secs(60), test).await.expect("the test takes longer than a minute")
    })
}

/// Serves an application on a free port.
pub async fn serve_app<S>(app: tide::Server<S>) -> SocketAddr
where
    S: Clone + Send + Sync + 'static,
{
    let mut listener = app.bind(Edge::new("127.0.0.1:0")).await.expect("a free port");
    let address = listener.info()[0].connection().trim_start_matches("http://").to_owned();
    async_std::task::spawn(async move { listener.accept().await });
    address.parse().expect("the listener names its address")
}

/// Serves `io` on a free port.
pub async fn serve(io: &SocketIo) -> SocketAddr {
    let mut app = tide::new();
    io.attach(&mut app);
    serve_app(app).await
}

/// A server of its own for one client, over a WebSocket, and its socket there.
pub async fn one(io: &SocketIo) -> (Ws, Socket) {
    let (ws, id) = Ws::connect(serve(io).await).await;
    let socket = io.socket(&id).expect("the socket of the client");
    (ws, socket)
}

/// Options with these times, in milliseconds.
pub fn quick(ping_interval: u64, ping_timeout: u64) -> Options {
    Options {
        ping_interval: Duration::from_millis(ping_interval),
        ping_timeout: Duration::from_millis(ping_timeout),
        ..Options::default()
    }
}

/// Waits until `condition` holds.
pub async fn eventually(what: &str, mut condition: impl FnMut() -> bool) {
    let waited = timeout(PATIENCE, async {
        while !condition() {
            async_std::task::sleep(Duration::from_millis(5)).await;
        }
    });
    waited.await.unwrap_or_else(|_| panic!("never came true: {what}"));
}

/// Serves `io` on a free port, and says of every GET that waits for its answer that it does.
pub async fn serve_polls(io: &SocketIo) -> (SocketAddr, Receiver<()>) {
    let (sender, waiting) = unbounded();
    let mut app = tide::new();
    app.with(Waits(sender));
    io.attach(&mut app);
    (serve_app(app).await, waiting)
}

struct Waits(Sender<()>);

#[tide::utils::async_trait]
impl tide::Middleware<()> for Waits {
    async fn handle(&self, request: tide::Request<()>, next: tide::Next<'_, ()>) -> tide::Result {
        let is_get = request.method() == tide::http::Method::Get;
        let mut answer = std::pin::pin!(next.run(request));
        if let Some(answer) = futures_lite::future::poll_once(&mut answer).await {
            return Ok(answer);
        }
        if is_get {
            let _ = self.0.try_send(());
        }
        Ok(answer.await)
    }
}

// ---- HTTP

/// An HTTP answer.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("the body is text")
    }
}

/// Sends one request on a connection of its own and reads the answer to its end.
pub async fn request(
    address: SocketAddr,
    method: &str,
    target: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Answer {
    let mut head =
        format!("{method} {target} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n");
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    if !body.is_empty() || method == "POST" {
        head.push_str(&format!("Content-Length: {}\r\n", body.len()));
    }
    head.push_str("\r\n");
    let mut stream = TcpStream::connect(address).await.expect("the server accepts");
    // The server may refuse before it has read all: then writing fails, and the answer is there.
    let _ = stream.write_all(&[head.as_bytes(), body].concat()).await;
    let mut bytes = Vec::new();
    timeout(PATIENCE, stream.read_to_end(&mut bytes)).await.expect("an answer in time").ok();
    parse(&bytes)
}

pub async fn get(address: SocketAddr, target: &str) -> Answer {
    request(address, "GET", target, &[], b"").await
}

/// Reads an answer that is all there.
pub fn parse(bytes: &[u8]) -> Answer {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n");
    let end = end.unwrap_or_else(|| panic!("no answer: {:?}", String::from_utf8_lossy(bytes)));
    let head = std::str::from_utf8(&bytes[..end]).expect("a head is text");
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).expect("a status line");
    let headers: Vec<_> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let mut body = bytes[end + 4..].to_vec();
    if headers.iter().any(|(name, value)| name == "transfer-encoding" && value == "chunked") {
        body = dechunk(&body);
    }
    Answer { status: status.parse().expect("a status"), headers, body }
}

fn dechunk(mut rest: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    while let Some(end) = rest.windows(2).position(|window| window == b"\r\n") {
        let length = std::str::from_utf8(&rest[..end]).expect("a chunk length is text");
        let length = usize::from_str_radix(length, 16).expect("a chunk length");
        body.extend_from_slice(&rest[end + 2..end + 2 + length]);
        rest = &rest[end + 2 + length + 2..];
    }
    body
}

// ---- long-polling

/// An Engine.IO session over long-polling, request by request.
#[derive(Debug, Clone)]
pub struct Polling {
    pub address: SocketAddr,
    pub sid: String,
    path: String,
}

impl Polling {
    /// Opens a session under `/socket.io/`.
    pub async fn open(address: SocketAddr) -> Self {
        Self::open_at(address, "/socket.io/", "").await
    }

    /// Opens a session under `path`, with `extra` at the end of every query.
    pub async fn open_at(address: SocketAddr, path: &str, extra: &str) -> Self {
        let path = format!("{path}?EIO=4&transport=polling{extra}");
        let answer = get(address, &path).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let open: serde_json::Value =
            serde_json::from_str(answer.text().strip_prefix('0').expect("an open packet")).unwrap();
        Self { address, sid: open["sid"].as_str().unwrap().to_owned(), path }
    }

    /// Opens a session and enters the main namespace. Returns the answer of the CONNECT as it came.
    pub async fn connect(address: SocketAddr) -> (Self, String) {
        let polling = Self::open(address).await;
        assert_eq!(polling.post("40").await.text(), "ok");
        let answer = polling.poll().await;
        (polling, answer)
    }

    pub fn target(&self) -> String {
        format!("{}&sid={}", self.path, self.sid)
    }

    pub async fn post(&self, body: &str) -> Answer {
        let headers = [("Content-Type", "text/plain;charset=UTF-8")];
        request(self.address, "POST", &self.target(), &headers, body.as_bytes()).await
    }

    pub async fn get(&self) -> Answer {
        get(self.address, &self.target()).await
    }

    /// The body of the next poll.
    pub async fn poll(&self) -> String {
        let answer = self.get().await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.text().to_owned()
    }

    /// A WebSocket that asks to take this session over.
    pub async fn upgrade(&self) -> Ws {
        let target = self.target().replace("transport=polling", "transport=websocket");
        Ws::open_target(self.address, &target).await.expect("the upgrade is accepted")
    }
}

// ---- WebSocket

/// A WebSocket, frame by frame.
pub struct Ws {
    stream: WebSocketStream<TcpStream>,
    /// What `sid` the open packet gave, if this began as a session of its own.
    pub sid: String,
    early: VecDeque<Message>,
}

impl Ws {
    /// Opens a WebSocket; the error is what the handshake came to.
    pub async fn open_target(address: SocketAddr, target: &str) -> Result<Self, String> {
        let stream = TcpStream::connect(address).await.map_err(|error| error.to_string())?;
        let url = format!("ws://{address}{target}");
        let (stream, _) = timeout(PATIENCE, client_async(url, stream))
            .await
            .expect("a handshake in time")
            .map_err(|error| error.to_string())?;
        Ok(Self { stream, sid: String::new(), early: VecDeque::new() })
    }

    /// A session that is a WebSocket from the start.
    pub async fn open(address: SocketAddr) -> Self {
        Self::open_at(address, "/socket.io/", "").await
    }

    pub async fn open_at(address: SocketAddr, path: &str, extra: &str) -> Self {
        let target = format!("{path}?EIO=4&transport=websocket{extra}");
        let mut ws = Self::open_target(address, &target).await.expect("a WebSocket");
        let open = ws.text().await;
        let open: serde_json::Value = serde_json::from_str(&open[1..]).expect("an open packet");
        ws.sid = open["sid"].as_str().expect("a sid").to_owned();
        ws
    }

    /// A session in the main namespace. Returns the id of the socket too.
    pub async fn connect(address: SocketAddr) -> (Self, String) {
        let mut ws = Self::open(address).await;
        let id = ws.enter("/", "").await;
        (ws, id)
    }

    /// Enters a namespace, with `auth` as JSON or nothing, and returns the id of the socket.
    pub async fn enter(&mut self, nsp: &str, auth: &str) -> String {
        let prefix = if nsp == "/" { String::new() } else { format!("{nsp},") };
        self.send(&format!("40{prefix}{auth}")).await;
        let answer = self.text().await;
        let data = answer.strip_prefix(&format!("40{prefix}"));
        let data = data.unwrap_or_else(|| panic!("not let in to {nsp}: {answer}"));
        let data: serde_json::Value = serde_json::from_str(data).expect("JSON");
        data["sid"].as_str().expect("a sid").to_owned()
    }

    pub async fn send(&mut self, text: &str) {
        self.stream.send(Message::Text(text.to_owned())).await.expect("the connection is open");
    }

    pub async fn send_binary(&mut self, data: &[u8]) {
        self.stream.send(Message::Binary(data.to_vec())).await.expect("the connection is open");
    }

    /// The next message; `None` when the connection has ended.
    pub async fn next(&mut self) -> Option<Message> {
        if let Some(message) = self.early.pop_front() {
            return Some(message);
        }
        timeout(PATIENCE, self.stream.next()).await.expect("a message in time")?.ok()
    }

    /// The next message, which must be text.
    pub async fn text(&mut self) -> String {
        match self.next().await {
            Some(Message::Text(text)) => text,
            other => panic!("expected text, got {other:?}"),
        }
    }

    /// The next message, which must be binary.
    pub async fn binary(&mut self) -> Vec<u8> {
        match self.next().await {
            Some(Message::Binary(data)) => data,
            other => panic!("expected binary, got {other:?}"),
        }
    }

    /// The close frame that must come next: its code and reason, if it had them.
    pub async fn closed(&mut self) -> Option<(u16, String)> {
        match self.next().await {
            Some(Message::Close(frame)) => {
                frame.map(|CloseFrame { code, reason }| (code.into(), reason.into_owned()))
            }
            None => None,
            other => panic!("expected the end, got {other:?}"),
        }
    }

    /// Returns when the server has taken all that was sent before. What comes meanwhile can be read later.
    pub async fn taken(&mut self) {
        self.stream.send(Message::Ping(Vec::new())).await.expect("the connection is open");
        loop {
            let message = timeout(PATIENCE, self.stream.next()).await.expect("a pong in time");
            match message.expect("the connection is open").expect("a message") {
                Message::Pong(_) => return,
                message => self.early.push_back(message),
            }
        }
    }

    /// Fails if anything comes for a while.
    pub async fn silent(&mut self) {
        if let Ok(message) = timeout(SILENCE, self.stream.next()).await {
            panic!("expected silence, got {message:?}");
        }
    }

    /// Closes the connection without a word.
    pub fn drop_tcp(self) {
        let _ = self.stream.get_ref().shutdown(std::net::Shutdown::Both);
    }
}
