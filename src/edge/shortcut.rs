//! Requests that are answered past the application, for those that come so often that its routing, its
//! middleware and its types for requests and answers cost more than the answer.

use super::body::BodyReader;
use super::conn::Conn;
use super::head::Head;
use super::peer::Peer;
use super::refusal::Refusal;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tide::http::{Method, Request, Response, StatusCode};

/// What looks at each request before the application, and may take it.
///
/// [`SocketIo`](crate::SocketIo) takes the requests of sessions on long-polling, as JavaScript's server takes
/// what is under its path before express has seen it. The application's middleware does not see what is taken.
///
/// ```
/// use tide::http::StatusCode;
/// use tide_socketio::Edge;
/// use tide_socketio::edge::{Answer, Answering, Ask, Shortcut};
///
/// struct Health;
///
/// impl Shortcut for Health {
///     fn take(&self, ask: &Ask<'_>) -> Option<Answering> {
///         let answer = Answer { status: StatusCode::NoContent, headers: &[], body: String::new() };
///         (ask.target() == "/health").then(|| Box::pin(async { answer }) as Answering)
///     }
/// }
///
/// let edge = Edge::new("127.0.0.1:3000").shortcut(Health);
/// ```
pub trait Shortcut: Send + Sync + 'static {
    /// The answer to a request, or `None` for one that the application is to answer.
    fn take(&self, ask: &Ask<'_>) -> Option<Answering>;
}

/// An answer to come.
pub type Answering = Pin<Box<dyn Future<Output = Answer> + Send>>;

/// An answer of few words: what long-polling needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Its headers, but for those that the edge writes: the length, the date, what becomes of the connection.
    pub headers: &'static [(&'static str, &'static str)],
    /// Its body.
    pub body: String,
}

impl From<Answer> for Response {
    fn from(answer: Answer) -> Self {
        let mut response = Response::new(answer.status);
        if !answer.body.is_empty() {
            response.set_body(answer.body);
        }
        for (name, value) in answer.headers {
            response.insert_header(*name, *value);
        }
        response
    }
}

/// A request whose head has come and is good, as a [`Shortcut`] sees it.
#[derive(Debug)]
pub struct Ask<'a> {
    pub(super) head: &'a Head<'a>,
    pub(super) conn: &'a Arc<Conn>,
    /// The number of the request on its connection.
    pub(super) number: u64,
    pub(super) body_length: Option<u64>,
    pub(super) body_timeout: Duration,
}

impl Ask<'_> {
    /// Its method.
    pub fn method(&self) -> Method {
        self.head.method
    }

    /// Its path, with the query if there is one, as they came.
    pub fn target(&self) -> &str {
        self.head.target
    }

    /// The first header of this name, in whatever case, as it came.
    pub fn header(&self, name: &str) -> Option<&[u8]> {
        self.head.header(name)
    }

    /// Whether the client offers to go on in another protocol.
    pub fn is_upgrade(&self) -> bool {
        self.head.upgrade
    }

    /// How long the body is, if that was announced; a request without one has 0 bytes.
    pub fn body_length(&self) -> Option<u64> {
        self.body_length
    }

    /// What reads the body, within the limits of the edge.
    pub fn body(&self) -> BodyReader {
        BodyReader::new(Arc::downgrade(self.conn), self.number, self.body_timeout)
    }

    /// The client.
    pub fn peer(&self) -> Peer {
        Peer::of(self.conn)
    }

    /// The request as the application gets it, without its body.
    ///
    /// # Errors
    /// When its host or a header is none. The application does not get it then, but the client an answer.
    pub(crate) fn request(&self) -> Result<Request, Refusal> {
        let mut request = self.head.request()?;
        request.set_local_addr(self.conn.local_addr());
        request.set_peer_addr(Some(self.conn.peer_addr()));
        Ok(request)
    }
}
