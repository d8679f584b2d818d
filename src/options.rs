//! What a server can be told, with the defaults of the JavaScript server.

use crate::engine::{ClientRequest, TransportKind};
use std::fmt;
use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

/// The options of a [`SocketIo`](crate::SocketIo) or an [`Engine`](crate::engine::Engine).
///
/// ```
/// use std::time::Duration;
/// use tide_socketio::{Options, SocketIo};
/// # async_std::task::block_on(async {
/// let io = SocketIo::with(Options { ping_interval: Duration::from_secs(10), ..Options::default() });
/// # });
/// ```
#[derive(Debug, Clone)]
pub struct Options {
    /// Where the server is found under the application's root. Default `/socket.io`.
    pub path: String,
    /// From a pong to the next ping. Default 25 s.
    pub ping_interval: Duration,
    /// From a ping to the pong that must answer it. Default 20 s.
    pub ping_timeout: Duration,
    /// How long an upgrade may take. Default 10 s.
    pub upgrade_timeout: Duration,
    /// How long a client may stay without entering a namespace. Default 45 s. Not used by a bare engine.
    pub connect_timeout: Duration,
    /// The largest body of a request, and the largest WebSocket message, in bytes. Default 1,000,000.
    ///
    /// Over it, a request is answered 413 and a WebSocket is closed with 1009. The limit of the listener
    /// must not be smaller ([`Edge::max_body`](crate::Edge::max_body)).
    pub max_http_buffer_size: usize,
    /// How many packets one request may carry. Default 1,000; more is a parse error.
    pub max_packets_per_payload: usize,
    /// How many bytes may wait for one client before another message closes it as a slow consumer.
    /// Default 1 MiB. A message counts with 64 bytes besides its own length.
    pub max_outbox: usize,
    /// How many bytes of events may wait for slow handlers before nothing more is read from their client, who
    /// then has to wait. Default 1 MiB, counted as above.
    pub max_inbox: usize,
    /// How many namespaces one connection may be in. Default 64; more are refused with a `connect_error`.
    pub max_namespaces: usize,
    /// How many bytes of `auth` a client may send with a CONNECT. Default 16 KiB; more is refused likewise.
    pub max_auth: usize,
    /// How many acks a server may wait for from one socket. Default 10,000; then the oldest is given up.
    pub max_acks: usize,
    /// How many sessions one address may have; of IPv6, one network of 64 bits. Default 1,000; more are refused
    /// with 403. Behind a proxy all have the proxy's address.
    pub max_sessions_per_ip: usize,
    /// The transports a session may begin with. Default both.
    pub transports: Vec<TransportKind>,
    /// Whether a polling session may move to a WebSocket. Default yes.
    pub allow_upgrades: bool,
    /// Pages of which other origins may use this server. Default none.
    pub cors: Option<Cors>,
    /// A cookie that carries the session id, for load balancers that stick by cookie. Default none.
    /// The value is filled in here: `Cookie::build("io", "").path("/").http_only(true).finish()`.
    pub cookie: Option<tide::http::Cookie<'static>>,
    /// Asked before a session is opened. Default: all are welcome.
    pub allow_request: Option<AllowRequest>,
    /// What to serve as `socket.io.js` and its siblings. Default: this crate's own client.
    pub serve_client: ServeClient,
    /// Whether clients that were away for a moment get what they missed. Default no.
    pub connection_state_recovery: Option<Recovery>,
    /// Whether a namespace made by a pattern is forgotten when its last socket has left. Default no.
    pub cleanup_empty_child_namespaces: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            path: "/socket.io".to_owned(),
            ping_interval: Duration::from_secs(25),
            ping_timeout: Duration::from_secs(20),
            upgrade_timeout: Duration::from_secs(10),
            connect_timeout: Duration::from_secs(45),
            max_http_buffer_size: 1_000_000,
            max_packets_per_payload: 1_000,
            max_outbox: 1024 * 1024,
            max_inbox: 1024 * 1024,
            max_namespaces: 64,
            max_auth: 16 * 1024,
            max_acks: 10_000,
            max_sessions_per_ip: 1_000,
            transports: vec![TransportKind::Polling, TransportKind::WebSocket],
            allow_upgrades: true,
            cors: None,
            cookie: None,
            allow_request: None,
            serve_client: ServeClient::Own,
            connection_state_recovery: None,
            cleanup_empty_child_namespaces: false,
        }
    }
}

/// The client files under the server's path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ServeClient {
    /// This crate's client: `socket.io.js` (global `io`) and `socket.io.esm.js`.
    Own,
    /// The files of the official client, from its `dist` folder: `socket.io.js`, `socket.io.min.js`,
    /// `socket.io.esm.min.js`, `socket.io.msgpack.min.js`, and their maps.
    Folder(PathBuf),
    /// Nothing.
    No,
}

/// Connection state recovery: JavaScript's `connectionStateRecovery`.
#[derive(Debug, Clone)]
pub struct Recovery {
    /// How long a client may be away. Default two minutes.
    pub max_disconnection_duration: Duration,
    /// Whether a recovered socket passes by the middleware. Default yes.
    pub skip_middlewares: bool,
    /// How many packets a namespace keeps for those who are away. Default 10,000.
    pub max_packets: usize,
    /// How many bytes those packets may have together. Default 64 MiB.
    pub max_bytes: usize,
}

impl Default for Recovery {
    fn default() -> Self {
        Self {
            max_disconnection_duration: Duration::from_secs(120),
            skip_middlewares: true,
            max_packets: 10_000,
            max_bytes: 64 * 1024 * 1024,
        }
    }
}

/// Cross-origin resource sharing, as the server answers a browser's questions about it.
#[derive(Debug, Clone)]
pub struct Cors {
    /// Whose pages may read the answers.
    pub origin: Origin,
    /// Whether they may send cookies. Never with [`Origin::Any`]: browsers refuse that.
    pub credentials: bool,
    /// The methods a preflight allows.
    pub methods: Vec<String>,
    /// The request headers a preflight allows; `None` allows those it asks for.
    pub allowed_headers: Option<Vec<String>>,
}

impl Default for Cors {
    fn default() -> Self {
        Self {
            origin: Origin::Any,
            credentials: false,
            methods: ["GET", "HEAD", "PUT", "PATCH", "POST", "DELETE"].map(str::to_owned).into(),
            allowed_headers: None,
        }
    }
}

/// Whose pages may read the answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Everybody's: `*`.
    Any,
    /// This one's.
    One(String),
    /// Any of these.
    List(Vec<String>),
    /// Everybody's, each named in its answer, so that `credentials` can be used. Know what you do.
    Mirror,
}

type Verdict = Pin<Box<dyn Future<Output = Result<(), String>> + Send>>;

/// A question asked before a session is opened: JavaScript's `allowRequest`.
///
/// ```
/// use tide_socketio::AllowRequest;
/// let hook = AllowRequest::new(async |request| match request.query("token").as_deref() {
///     Some("secret") => Ok(()),
///     _ => Err("token missing".to_owned()),
/// });
/// ```
#[derive(Clone)]
pub struct AllowRequest(Arc<dyn Fn(Arc<ClientRequest>) -> Verdict + Send + Sync>);

impl AllowRequest {
    /// `Err` refuses with status 403 and its text as the message.
    pub fn new<F, Fut>(hook: F) -> Self
    where
        F: Fn(Arc<ClientRequest>) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), String>> + Send + 'static,
    {
        Self(Arc::new(move |request| Box::pin(hook(request))))
    }

    pub(crate) async fn ask(&self, request: Arc<ClientRequest>) -> Result<(), String> {
        (self.0)(request).await
    }
}

impl fmt::Debug for AllowRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AllowRequest(..)")
    }
}
