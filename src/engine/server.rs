//! The server: its sessions, what they share, and how they begin.

use super::close::CloseReason;
use super::conn::Conn;
use super::flusher::Flusher;
use super::handshake::{self, ClientRequest, Refusal};
use super::heartbeat::Pacemaker;
use super::outbox::Outgoing;
use super::packet::Packet;
use super::service::Service;
use super::session::{Rules, Session};
use super::sessions::{Sessions, random_id};
use super::transport::TransportKind;
use crate::options::Options;
use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Instant;
use tide::http::Request;

/// What is called when a request was refused: JavaScript's `connection_error`.
pub type OnRefusal = Box<dyn Fn(&Refusal, &ClientRequest) + Send + Sync>;

/// An Engine.IO server: JavaScript's `io.engine`.
///
/// ```
/// use std::sync::Arc;
/// use tide_socketio::Options;
/// use tide_socketio::engine::{BadMessage, CloseReason, Conn, Engine, Inbox, Message, Service};
///
/// struct Echo;
/// struct Client(Arc<Conn>);
///
/// impl Service for Echo {
///     fn open(&self, conn: &Arc<Conn>) -> Box<dyn Inbox> {
///         Box::new(Client(conn.clone()))
///     }
/// }
///
/// impl Inbox for Client {
///     fn message(&self, message: Message<'_>) -> Result<(), BadMessage> {
///         match message {
///             Message::Text(text) => self.0.send_text(text),
///             Message::Binary(data) => self.0.send_binary(data.to_vec()),
///         }
///         Ok(())
///     }
///     fn closed(&self, _: CloseReason) {}
/// }
///
/// # async_std::task::block_on(async {
/// let mut app = tide::new();
/// let options = Options { path: "/engine.io".to_owned(), ..Options::default() };
/// Engine::new(options, Echo).attach(&mut app);
/// # });
/// ```
pub struct Engine {
    pub(super) options: Options,
    rules: Arc<Rules>,
    service: Box<dyn Service>,
    pub(super) sessions: Arc<Sessions>,
    pacemaker: Arc<Pacemaker>,
    flusher: Arc<Flusher>,
    pub(super) on_refusal: OnceLock<OnRefusal>,
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine").field("clients", &self.clients_count()).finish_non_exhaustive()
    }
}

impl Engine {
    /// A server for what `service` makes of each session. Its heartbeat begins here.
    pub fn new(options: Options, service: impl Service) -> Arc<Self> {
        let rules = Arc::new(Rules {
            ping_interval: options.ping_interval,
            ping_timeout: options.ping_timeout,
            upgrade_timeout: options.upgrade_timeout,
            max_outbox: options.max_outbox,
            max_inbox: options.max_inbox,
        });
        Arc::new(Self {
            options,
            rules,
            service: Box::new(service),
            sessions: Arc::default(),
            pacemaker: Pacemaker::start(),
            flusher: Flusher::start(),
            on_refusal: OnceLock::new(),
        })
    }

    /// Mounts the server in an application, at its path with and without the slash and below it.
    pub fn attach<S>(self: &Arc<Self>, app: &mut tide::Server<S>)
    where
        S: Clone + Send + Sync + 'static,
    {
        let path = self.options.path.trim_end_matches('/').to_owned();
        for route in [path.clone(), format!("{path}/"), format!("{path}/*")] {
            let engine = self.clone();
            app.at(&route).all(move |request: tide::Request<S>| {
                let engine = engine.clone();
                async move {
                    let request: Request = request.into();
                    Ok(tide::Response::from(engine.respond(request, None).await))
                }
            });
        }
    }

    /// How many sessions are alive: JavaScript's `engine.clientsCount`.
    pub fn clients_count(&self) -> usize {
        self.sessions.len()
    }

    /// Has every refused request reported. Only the first call counts.
    pub fn on_refusal(&self, hook: impl Fn(&Refusal, &ClientRequest) + Send + Sync + 'static) {
        let _ = self.on_refusal.set(Box::new(hook));
    }

    /// Closes every session, for `reason`.
    pub fn close(&self, reason: CloseReason) {
        for conn in self.sessions.all() {
            conn.close(reason);
        }
    }

    pub(crate) fn options(&self) -> &Options {
        &self.options
    }

    /// Opens a session: from here on it is found by its id, and its heart beats.
    pub(super) fn open(
        self: &Arc<Self>,
        about: &Arc<ClientRequest>,
        transport: TransportKind,
    ) -> Arc<Conn> {
        let session = Session::new(self.rules.clone(), transport, Instant::now());
        let sid: Arc<str> = random_id().into();
        let conn = Conn::new(
            sid.clone(),
            about.clone(),
            session,
            &self.sessions,
            &self.pacemaker,
            &self.flusher,
        );
        self.sessions.insert(sid, conn.clone());
        if transport == TransportKind::WebSocket {
            let data = handshake::open_data(conn.sid(), transport, &self.options);
            conn.send(Outgoing::packet(&Packet::Open(&data)));
        }
        conn.open(&*self.service);
        conn
    }
}
