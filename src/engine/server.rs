//! The endpoint: which session a request is for, and what it wants of it.

use super::close::CloseReason;
use super::conn::Conn;
use super::cors::Asked;
use super::flusher::Flusher;
use super::handshake::{self, ClientRequest, Refusal, RefusalCode};
use super::heartbeat::Pacemaker;
use super::outbox::Outgoing;
use super::packet::Packet;
use super::service::Service;
use super::session::{Rules, Session};
use super::sessions::{Sessions, random_id};
use super::transport::TransportKind;
use super::transport::polling;
use super::transport::websocket::{self, WebSocket};
use super::upgrade;
use crate::options::Options;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Instant;
use tide::http::{Method, Request, Response, headers};

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
    options: Options,
    rules: Arc<Rules>,
    service: Box<dyn Service>,
    sessions: Arc<Sessions>,
    pacemaker: Arc<Pacemaker>,
    flusher: Arc<Flusher>,
    opened: AtomicU64,
    on_refusal: OnceLock<OnRefusal>,
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
            opened: AtomicU64::new(0),
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

    /// Answers a request to the server's path; `file` is the answer if it was for a file there.
    pub(crate) async fn respond(
        self: &Arc<Self>,
        request: Request,
        file: Option<Response>,
    ) -> Response {
        let asked = Asked::by(&request);
        let cors = self.options.cors.as_ref();
        let mut response = match (cors.and_then(|cors| cors.preflight(&asked)), file) {
            (Some(preflight), _) => preflight,
            (None, Some(file)) => file,
            (None, None) => self.route(request).await,
        };
        if let Some(cors) = cors {
            cors.apply(&asked, &mut response);
        }
        response
    }

    async fn route(self: &Arc<Self>, request: Request) -> Response {
        let about = Arc::new(ClientRequest::of(&request));
        match self.serve(request, &about).await {
            Ok(response) => response,
            Err(refusal) => {
                if let Some(hook) = self.on_refusal.get() {
                    hook(&refusal, &about);
                }
                refusal.answer()
            }
        }
    }

    async fn serve(
        self: &Arc<Self>,
        request: Request,
        about: &Arc<ClientRequest>,
    ) -> Result<Response, Refusal> {
        let transport = about.transport(&self.options)?;
        let is_websocket = upgrade::is_requested(&request);
        let Some(sid) = about.sid() else {
            about.check_opening(is_websocket)?;
            if let Some(hook) = &self.options.allow_request {
                hook.ask(about.clone())
                    .await
                    .map_err(|message| Refusal { code: RefusalCode::Forbidden, message })?;
            }
            self.sessions.check_pending(about, self.options.max_pending_per_ip)?;
            return Ok(match is_websocket {
                true => self.open_websocket(request, about).await?,
                false => self.open_polling(about),
            });
        };
        let conn = self.sessions.get(sid);
        let conn = conn.ok_or_else(|| Refusal::new(RefusalCode::SessionIdUnknown))?;
        match (transport, about.method) {
            (TransportKind::WebSocket, Method::Get) if is_websocket => {
                self.take_over(request, about, conn).await
            }
            (TransportKind::Polling, Method::Get) if !is_websocket => {
                polling::get(&conn, &request).await
            }
            (TransportKind::Polling, Method::Post) => {
                polling::post(&conn, request, &self.options).await
            }
            _ => Err(Refusal::new(RefusalCode::BadRequest)),
        }
    }

    /// A session over long-polling: the answer is the open packet.
    fn open_polling(self: &Arc<Self>, about: &Arc<ClientRequest>) -> Response {
        let conn = self.open(about, TransportKind::Polling);
        let mut body = String::new();
        Packet::Open(&handshake::open_data(conn.sid(), TransportKind::Polling, &self.options))
            .encode_into(&mut body);
        let mut response = polling::text(&body);
        self.set_cookie(&conn, &mut response);
        response
    }

    /// A session that is a WebSocket from the start.
    async fn open_websocket(
        self: &Arc<Self>,
        request: Request,
        about: &Arc<ClientRequest>,
    ) -> Result<Response, Refusal> {
        let (mut response, io) = match upgrade::accept(&request, self.options.cors.as_ref()).await {
            Ok(accepted) => accepted,
            Err(response) => return Ok(response),
        };
        let conn = self.open(about, TransportKind::WebSocket);
        self.set_cookie(&conn, &mut response);
        self.spawn(io, conn, about.wants_base64(), false);
        Ok(response)
    }

    /// A WebSocket for a session that lives on long-polling.
    async fn take_over(
        self: &Arc<Self>,
        request: Request,
        about: &Arc<ClientRequest>,
        conn: Arc<Conn>,
    ) -> Result<Response, Refusal> {
        let bad_request = || Refusal::new(RefusalCode::BadRequest);
        if !self.options.allow_upgrades {
            return Err(bad_request());
        }
        let (response, io) = match upgrade::accept(&request, self.options.cors.as_ref()).await {
            Ok(accepted) => accepted,
            Err(response) => return Ok(response),
        };
        if conn.update(|session| session.begin_upgrade(Instant::now())).is_ok() {
            self.spawn(io, conn, about.wants_base64(), true);
        } else {
            // Clients of the reference expect a WebSocket that is closed, not a refused request.
            async_std::task::spawn(async move {
                if let Some(io) = io.await {
                    websocket::refuse(io).await;
                }
            });
        }
        Ok(response)
    }

    fn spawn(
        &self,
        io: tide::http::upgrade::Receiver,
        conn: Arc<Conn>,
        base64: bool,
        probing: bool,
    ) {
        let max_message = self.options.max_http_buffer_size;
        async_std::task::spawn(async move {
            match io.await {
                // In a task of its own, which does not hold the room for this one.
                Some(io) => {
                    let websocket = WebSocket::new(io, conn, max_message, base64, probing);
                    async_std::task::spawn(websocket.run());
                }
                None if probing => conn.update(Session::upgrade_lost),
                None => conn.update(|session| session.abort(CloseReason::TransportClose)),
            }
        });
    }

    fn open(self: &Arc<Self>, about: &Arc<ClientRequest>, transport: TransportKind) -> Arc<Conn> {
        let number = self.opened.fetch_add(1, Ordering::Relaxed);
        let session = Session::new(self.rules.clone(), transport, Instant::now());
        let sid = random_id();
        let conn = Conn::new(
            number,
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

    fn set_cookie(&self, conn: &Conn, response: &mut Response) {
        if let Some(cookie) = &self.options.cookie {
            let mut cookie = cookie.clone();
            cookie.set_value(conn.sid().to_owned());
            response.append_header(headers::SET_COOKIE, cookie.to_string());
        }
    }
}
