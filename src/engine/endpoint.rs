//! The endpoint: which session a request is for, and what it wants of it.

use super::close::CloseReason;
use super::conn::Conn;
use super::cors::Asked;
use super::handshake::{self, ClientRequest, Refusal, RefusalCode};
use super::packet::Packet;
use super::server::Engine;
use super::session::Session;
use super::transport::TransportKind;
use super::transport::polling::{self, Posting};
use super::transport::websocket::{self, WebSocket};
use super::upgrade;
use crate::edge::{Answer, Answering, Ask, Peer, Shortcut};
use crate::options::Options;
use std::sync::Arc;
use std::time::Instant;
use tide::http::{Method, Request, Response, headers};

impl Engine {
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
            Err(refusal) => self.refuse(&refusal, Some(&about)).into(),
        }
    }

    fn refuse(&self, refusal: &Refusal, about: Option<&ClientRequest>) -> Answer {
        if let (Some(hook), Some(about)) = (self.on_refusal.get(), about) {
            hook(refusal, about);
        }
        refusal.answer()
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
            self.sessions.check_room(about, self.options.max_sessions_per_ip)?;
            return Ok(match is_websocket {
                true => self.open_websocket(request, about).await?,
                false => self.open_polling(about),
            });
        };
        let conn = self.sessions.get(&sid);
        let conn = conn.ok_or_else(|| Refusal::new(RefusalCode::SessionIdUnknown))?;
        match (transport, about.method) {
            (TransportKind::WebSocket, Method::Get) if is_websocket => {
                self.take_over(request, about, conn).await
            }
            (TransportKind::Polling, Method::Get) if !is_websocket => {
                let peer = request.ext().get::<Peer>().cloned();
                Ok(polling::get(&conn, peer).await?.into())
            }
            (TransportKind::Polling, Method::Post) => {
                Ok(polling::post(&conn, Posting::of(request), &self.options).await?.into())
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
        let mut response = Response::from(polling::text(body));
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

    fn set_cookie(&self, conn: &Conn, response: &mut Response) {
        if let Some(cookie) = &self.options.cookie {
            let mut cookie = cookie.clone();
            cookie.set_value(conn.sid().to_owned());
            response.append_header(headers::SET_COOKIE, cookie.to_string());
        }
    }
}

/// Takes the requests of sessions on long-polling: two for each message and its ack.
impl Shortcut for Arc<Engine> {
    fn take(&self, ask: &Ask<'_>) -> Option<Answering> {
        let Engine { options, sessions, on_refusal, .. } = &**self;
        // Answers to other origins need more headers than these have.
        if options.cors.is_some() || ask.is_upgrade() {
            return None;
        }
        let conn = sessions.get(polled_session(ask.target(), options)?)?;
        let about = match on_refusal.get() {
            Some(_) => Some(ClientRequest::of(&ask.request().ok()?)),
            None => None,
        };
        let engine = self.clone();
        let answer = move |answer: Result<Answer, Refusal>| {
            answer.unwrap_or_else(|refusal| engine.refuse(&refusal, about.as_ref()))
        };
        match ask.method() {
            Method::Get => {
                let peer = Some(ask.peer());
                Some(Box::pin(async move { answer(polling::get(&conn, peer).await) }))
            }
            Method::Post => {
                let (engine, posting) = (self.clone(), Posting::shortly(ask));
                Some(Box::pin(async move {
                    answer(polling::post(&conn, posting, &engine.options).await)
                }))
            }
            _ => None,
        }
    }
}

/// The session that a target names as the client of JavaScript does; for any other way of writing it there is
/// the long way.
fn polled_session<'a>(target: &'a str, options: &Options) -> Option<&'a str> {
    let (path, query) = target.split_once('?')?;
    let is_ours = path.strip_prefix(options.path.trim_end_matches('/'));
    if !matches!(is_ours, Some("" | "/")) || query.contains(['%', '+']) {
        return None;
    }
    let value = |name| {
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
    };
    let is_polling = value("transport") == Some(TransportKind::Polling.name());
    let is_offered = options.transports.contains(&TransportKind::Polling);
    value("sid").filter(|_| is_polling && is_offered)
}
