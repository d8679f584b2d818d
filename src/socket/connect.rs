//! How a client enters a namespace: recovery, middleware, the answer, the application's welcome.

use super::client::Shared;
use super::contained::contained_async;
use super::handler::Event;
use super::namespace::Namespace;
use super::packet::{self, Kind};
use super::recovery::Comeback;
use super::server::Io;
use super::socket::Socket;
use crate::engine::{CloseReason, Conn, Outgoing, random_id};
use serde::Serialize;
use serde_json::{Value, json};
use std::sync::Arc;

/// Why a client may not enter a namespace: its `connect_error`.
///
/// ```
/// use tide_socketio::ConnectError;
/// let error = ConnectError::from("not authorized");
/// let with_data = ConnectError::new("not authorized", serde_json::json!({ "retry": false }));
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ConnectError {
    /// The error's message.
    pub message: String,
    /// The error's `data`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<Value>,
}

impl ConnectError {
    /// An error with a message and data.
    pub fn new(message: impl Into<String>, data: Value) -> Self {
        Self { message: message.into(), data: Some(data) }
    }
}

impl<T: Into<String>> From<T> for ConnectError {
    fn from(message: T) -> Self {
        Self { message: message.into(), data: None }
    }
}

/// Tells a client that it cannot enter.
pub fn refuse(conn: &Arc<Conn>, nsp: &str, error: &ConnectError) {
    let error = serde_json::to_string(error).expect("a message and a value are always JSON");
    let mut text = packet::head(Kind::ConnectError, 0, nsp, None, error.len());
    text.push_str(&error);
    conn.send(Outgoing::message(text, Vec::new()));
}

/// A namespace while a client enters it: it is not forgotten, however empty it is.
pub struct Entrance(Namespace);

impl Entrance {
    pub fn to(namespace: &Namespace) -> Self {
        namespace.adapter().begin_entering();
        Self(namespace.clone())
    }
}

impl Drop for Entrance {
    fn drop(&mut self) {
        self.0.adapter().end_entering();
        self.0.forget_if_empty();
    }
}

/// Begins to let a client in. What the application has to say about it may take its time.
pub fn start(client: Arc<Shared>, io: Arc<Io>, conn: Arc<Conn>, entrance: Entrance, auth: Value) {
    let namespace = entrance.0.clone();
    let comeback = find_comeback(&io, &namespace, &auth);
    let pid = io.options().connection_state_recovery.is_some().then(|| match &comeback {
        // The client knows its private id already, and keeps it.
        Some(_) => auth["pid"].as_str().unwrap_or_default().to_owned(),
        None => random_id(),
    });
    let max_acks = io.options().max_acks;
    let socket =
        Socket::new(client.clone(), conn, namespace, auth, pid, max_acks, comeback.as_ref());
    socket.clone().run(async move { enter(client, io, socket, comeback, entrance).await });
}

fn find_comeback(io: &Io, namespace: &Namespace, auth: &Value) -> Option<Comeback> {
    io.options().connection_state_recovery.as_ref()?;
    namespace.adapter().restore(auth["pid"].as_str()?, auth["offset"].as_str())
}

async fn enter(
    client: Arc<Shared>,
    io: Arc<Io>,
    socket: Socket,
    comeback: Option<Comeback>,
    entrance: Entrance,
) {
    let namespace = socket.nsp().clone();
    let recovery = io.options().connection_state_recovery.as_ref();
    let skips = comeback.is_some() && recovery.is_some_and(|recovery| recovery.skip_middlewares);
    // ANCHOR: ask
    let verdict = if skips { Ok(()) } else { ask_middleware(&namespace, &socket).await };
    if let Err(error) = verdict {
        // Gives its seat back, unless a middleware has done so.
        socket.disconnect();
        return refuse(socket.conn(), namespace.name(), &error);
    }
    // ANCHOR_END: ask
    // From here on the client's packets reach the socket, and wait until the welcome is over.
    if !client.seat_taken(namespace.name(), &socket) {
        // The middleware may have given it something that is to be forgotten.
        return socket.disconnect();
    }
    let rooms = socket.early_rooms(comeback.as_ref().map(|comeback| comeback.saved.rooms.clone()));
    let welcome = |missed: Vec<Arc<Outgoing>>| {
        missed.into_iter().for_each(|message| socket.conn().send(message));
        socket.conn().send(connect_message(&socket));
    };
    if !namespace.adapter().add(&socket, rooms, comeback.as_ref(), welcome) {
        if socket.is_gone() {
            return;
        }
        // Told to come back, but what it missed was dropped while the middleware thought about it. It
        // will open a new session.
        return socket.conn().close(CloseReason::ForcedClose);
    }
    drop(entrance);
    socket.conn().joined();
    if !socket.conn().is_open() {
        // The connection ended between its seat and its rooms.
        socket.gone(CloseReason::TransportClose.as_str());
    }
    let connection = Event::own("connection", ());
    for listener in namespace.connection_listeners() {
        socket.call(&listener, &connection).await;
    }
}

async fn ask_middleware(namespace: &Namespace, socket: &Socket) -> Result<(), ConnectError> {
    for middleware in namespace.middleware() {
        match contained_async(async { middleware(socket.clone()).await }).await {
            Ok(verdict) => verdict?,
            Err(panic) => {
                namespace.report(socket, &format!("a middleware {panic}"));
                return Err("internal error".into());
            }
        }
        if !socket.conn().is_open() {
            return Err("the client has gone".into());
        }
    }
    Ok(())
}

fn connect_message(socket: &Socket) -> Arc<Outgoing> {
    let answer = match socket.pid() {
        Some(pid) => json!({ "sid": socket.id(), "pid": pid }),
        None => json!({ "sid": socket.id() }),
    }
    .to_string();
    let mut text = packet::head(Kind::Connect, 0, socket.nsp().name(), None, answer.len());
    text.push_str(&answer);
    Outgoing::message(text, Vec::new())
}
