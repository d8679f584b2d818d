//! The edge: what stands between the network and a tide application.
//!
//! [`Edge`] is an HTTP/1.1 server for any [`tide::Server`], and takes the place of the one that comes with
//! tide: every head, body and connection has a limit and a time, every refusal is an answer that says why,
//! and a signal stops the server without cutting anybody off.
//!
//! | file | what it does |
//! |---|---|
//! | `address.rs` | where to listen, as the command line and the environment have it |
//! | `listener.rs` | accepts connections, until the server is to stop |
//! | `table.rs` | all connections: how many there are, which ones are left |
//! | `serve.rs` | one connection, from request to request |
//! | `head.rs`, `chunked.rs` | bytes to requests; no I/O |
//! | `conn.rs`, `input.rs` | what was read and not used yet, shared by all who read |
//! | `lookout.rs` | when to read, and when to wait |
//! | `body.rs`, `response.rs` | bodies in, answers out |
//! | `shortcut.rs` | requests that are answered without the application |
//! | `peer.rs` | the client as a handler sees it, and an upgraded connection |
//! | `signals.rs` | SIGTERM and SIGINT |
//! | `refusal.rs`, `deadline.rs`, `per_ip.rs`, `waiters.rs` | small parts of the others |

mod address;
mod body;
mod chunked;
mod conn;
mod deadline;
mod head;
mod input;
mod listener;
mod lookout;
mod peer;
mod per_ip;
mod refusal;
mod response;
mod serve;
mod shortcut;
mod signals;
mod table;
mod waiters;

pub use body::BodyReader;
#[cfg(any(test, fuzzing))]
pub(crate) use chunked::Chunked as FuzzChunked;
#[cfg(any(test, fuzzing))]
pub(crate) use head::Head as FuzzHead;
pub use listener::EdgeListener;
pub use peer::Peer;
pub(crate) use per_ip::PerIp;
pub use shortcut::{Answer, Answering, Ask, Shortcut};

use std::fmt;
use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use table::Table;

type OnListen = Box<dyn FnOnce(SocketAddr) + Send + Sync>;
type OnStop = Box<dyn FnOnce() -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync>;

#[derive(Debug, Clone)]
pub(crate) struct Limits {
    max_head: usize,
    head_timeout: Duration,
    max_body: u64,
    body_timeout: Duration,
    keep_alive: Duration,
    write_timeout: Duration,
    max_connections: usize,
    max_connections_per_ip: usize,
}

/// A listener for tide that guards every connection.
///
/// SIGTERM and SIGINT stop it: it accepts nothing more, runs [`on_stop`](Self::on_stop), closes idle
/// connections, lets running requests and upgraded connections end for up to 10 seconds, and then `listen`
/// returns. A second signal ends the process at once. Other systems than Unix have Ctrl-C only.
///
/// ```no_run
/// use tide_socketio::Edge;
///
/// #[async_std::main]
/// async fn main() -> std::io::Result<()> {
///     let mut app = tide::new();
///     app.at("/").get(async |_| Ok("hello"));
///     app.listen(Edge::new("127.0.0.1:3000")).await
/// }
/// ```
///
/// To learn the port when the system chooses it, bind first:
///
/// ```
/// use tide::listener::Listener;
/// use tide_socketio::Edge;
///
/// # async_std::task::block_on(async {
/// let edge = Edge::new("127.0.0.1:0");
/// let stopper = edge.stopper();
/// let mut listener = tide::new().bind(edge).await?;
/// println!("{}", listener.info()[0]);
/// stopper.stop();
/// listener.accept().await?;
/// # std::io::Result::Ok(())
/// # }).unwrap();
/// ```
pub struct Edge {
    addr: String,
    limits: Limits,
    shortcut: Option<Box<dyn Shortcut>>,
    on_listen: Option<OnListen>,
    on_stop: Option<OnStop>,
    table: Arc<Table>,
}

impl Edge {
    /// An edge for `host:port`. Port 0 lets the system choose one.
    pub fn new(addr: impl Into<String>) -> Self {
        let limits = Limits {
            max_head: 8 * 1024,
            head_timeout: Duration::from_secs(10),
            max_body: 10 * 1024 * 1024,
            body_timeout: Duration::from_secs(30),
            keep_alive: Duration::from_secs(60),
            write_timeout: Duration::from_secs(20),
            max_connections: 10_000,
            max_connections_per_ip: 1_000,
        };
        Self {
            addr: addr.into(),
            limits,
            shortcut: None,
            on_listen: None,
            on_stop: None,
            table: Arc::default(),
        }
    }

    /// How many bytes the head of a request may have: 8 KiB unless set. More are answered with 431.
    pub fn max_head(self, bytes: usize) -> Self {
        self.limit(|limits| limits.max_head = bytes)
    }

    /// How long a head may take from its first byte on: 10 s unless set. Then it is answered with 408.
    pub fn head_timeout(self, time: Duration) -> Self {
        self.limit(|limits| limits.head_timeout = time)
    }

    /// How many bytes the body of a request may have: 10 MiB unless set. More are answered with 413.
    pub fn max_body(self, bytes: u64) -> Self {
        self.limit(|limits| limits.max_body = bytes)
    }

    /// How long a client may keep the reader of a body waiting, in all: 30 s unless set, and a second more
    /// for every 1,000 bytes that come. Then the request is answered with 408.
    pub fn body_timeout(self, time: Duration) -> Self {
        self.limit(|limits| limits.body_timeout = time)
    }

    /// How long a connection may wait for its next request: 60 s unless set. Then it is closed.
    pub fn keep_alive(self, time: Duration) -> Self {
        self.limit(|limits| limits.keep_alive = time)
    }

    /// How long a client may take nothing of an answer: 20 s unless set. Then the connection is closed.
    pub fn write_timeout(self, time: Duration) -> Self {
        self.limit(|limits| limits.write_timeout = time)
    }

    /// How many connections there may be at once: 10,000 unless set. More are answered with 503.
    pub fn max_connections(self, count: usize) -> Self {
        self.limit(|limits| limits.max_connections = count)
    }

    /// How many connections one address may have at once, of IPv6 one network of 64 bits: 1,000 unless set.
    /// More are answered with 503. Behind a proxy all connections come from the proxy's address.
    pub fn max_connections_per_ip(self, count: usize) -> Self {
        self.limit(|limits| limits.max_connections_per_ip = count)
    }

    /// Has some requests answered past the application: see [`Shortcut`].
    ///
    /// ```no_run
    /// # use tide_socketio::{Edge, SocketIo};
    /// # async fn serve() -> std::io::Result<()> {
    /// let mut app = tide::new();
    /// let io = SocketIo::new();
    /// io.attach(&mut app);
    /// app.listen(Edge::new("127.0.0.1:3000").shortcut(io)).await
    /// # }
    /// ```
    pub fn shortcut(mut self, shortcut: impl Shortcut) -> Self {
        self.shortcut = Some(Box::new(shortcut));
        self
    }

    /// What is done once the port is open: the callback of JavaScript's `server.listen`.
    pub fn on_listen(mut self, hook: impl FnOnce(SocketAddr) + Send + Sync + 'static) -> Self {
        self.on_listen = Some(Box::new(hook));
        self
    }

    /// What is done when the server stops, after it has stopped accepting: say goodbye to those who are
    /// connected. It has 10 seconds.
    pub fn on_stop<F, Fut>(mut self, hook: F) -> Self
    where
        F: FnOnce() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = ()> + Send + 'static,
    {
        self.on_stop = Some(Box::new(|| Box::pin(hook())));
        self
    }

    /// A handle that stops the server as a signal does.
    pub fn stopper(&self) -> Stopper {
        Stopper(self.table.clone())
    }

    fn limit(mut self, set: impl FnOnce(&mut Limits)) -> Self {
        set(&mut self.limits);
        self
    }
}

impl fmt::Debug for Edge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { addr, limits, .. } = self;
        f.debug_struct("Edge").field("addr", addr).field("limits", limits).finish_non_exhaustive()
    }
}

/// Stops an [`Edge`].
#[derive(Debug, Clone)]
pub struct Stopper(Arc<Table>);

impl Stopper {
    /// Has the server stop. It returns at once; `listen` returns when the server has stopped.
    pub fn stop(&self) {
        self.0.stop();
    }
}

/// Reads a head, and the request it stands for, within the limits that an edge has by itself, for the fuzzer.
/// The number is the head's length.
#[cfg(any(test, fuzzing))]
#[allow(clippy::type_complexity)] // It is taken apart where it is used.
pub(crate) fn fuzz_head(
    bytes: &[u8],
) -> Result<Option<(FuzzHead<'_>, tide::http::Request, usize)>, refusal::Refusal> {
    let limits = Edge::new("").limits;
    let Some(length) = head::length(bytes, &limits)? else { return Ok(None) };
    let head = FuzzHead::read(&bytes[..length], &limits)?;
    let request = head.request()?;
    Ok(Some((head, request, length)))
}
