//! One client in one namespace: what the application holds in its hands.

use super::ack::{AckError, Acks};
use super::broadcast::Broadcast;
use super::client::Shared;
use super::data::Data;
use super::emitter::Emitter;
use super::handler::{BoxFuture, Listeners};
use super::namespace::{Namespace, Target};
use super::packet::{self, Kind};
use super::queue::Queue;
use super::recovery::{Comeback, Mark};
use super::server::SocketIo;
use crate::engine::{ClientRequest, Conn, Outgoing, random_id};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

/// Where a socket is in its life.
pub(super) const ENTERING: u8 = 0;
pub(super) const CONNECTED: u8 = 1;
pub(super) const GONE: u8 = 2;

pub(super) struct Inner {
    pub(super) id: Arc<str>,
    pub(super) pid: Option<String>,
    pub(super) recovered: bool,
    pub(super) namespace: Namespace,
    pub(super) client: Arc<Shared>,
    pub(super) conn: Arc<Conn>,
    pub(super) auth: Value,
    /// Made when it is asked for: many sockets need none.
    pub(super) data: OnceLock<Arc<Data>>,
    pub(super) status: AtomicU8,
    /// Rooms joined while entering; after the end, those it was in then.
    pub(super) rooms: Mutex<Vec<String>>,
    pub(super) listeners: Mutex<Listeners>,
    pub(super) acks: Acks,
    pub(super) queue: Queue,
    pub(super) mark: Mark,
}

/// One client in one namespace: JavaScript's server-side `Socket`. Cloning gives another handle on the same.
#[derive(Clone)]
pub struct Socket(pub(super) Arc<Inner>);

impl fmt::Debug for Socket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Socket").field("id", &self.0.id).field("nsp", &self.nsp().name()).finish()
    }
}

impl PartialEq for Socket {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Socket {}

impl Socket {
    pub(super) fn new(
        client: Arc<Shared>,
        conn: Arc<Conn>,
        namespace: Namespace,
        auth: Value,
        pid: Option<String>,
        max_acks: usize,
        comeback: Option<&Comeback>,
    ) -> Self {
        let saved = comeback.map(|comeback| &comeback.saved);
        Self(Arc::new(Inner {
            id: saved.map_or_else(|| random_id().into(), |saved| saved.id.clone()),
            pid,
            recovered: saved.is_some(),
            namespace,
            client,
            conn,
            auth,
            data: saved.map_or_else(OnceLock::new, |saved| saved.data.clone().into()),
            status: AtomicU8::new(ENTERING),
            rooms: Mutex::default(),
            listeners: Mutex::default(),
            acks: Acks::new(max_acks),
            queue: Queue::busy(),
            mark: Mark::default(),
        }))
    }

    // ---- who it is

    /// The id, and the name of a room that it alone is in. It changes when the client reconnects, so it is
    /// no id of a user.
    pub fn id(&self) -> &str {
        &self.0.id
    }

    /// The namespace.
    pub fn nsp(&self) -> &Namespace {
        &self.0.namespace
    }

    /// The server; `None` when that has been dropped.
    pub fn io(&self) -> Option<SocketIo> {
        self.nsp().server()
    }

    /// The connection below, which sockets of other namespaces share: JavaScript's `socket.conn`.
    pub fn conn(&self) -> &Arc<Conn> {
        &self.0.conn
    }

    /// The request that opened the connection: JavaScript's `socket.request`, and most of its `handshake`.
    pub fn request(&self) -> &Arc<ClientRequest> {
        self.conn().request()
    }

    /// What the client sent as `auth`: JavaScript's `socket.handshake.auth`. An empty object if nothing.
    pub fn auth(&self) -> &Value {
        &self.0.auth
    }

    /// The handshake as JavaScript shows it: headers, time, address, xdomain, secure, issued, url, query, auth.
    pub fn handshake(&self) -> Value {
        let request = self.request();
        serde_json::json!({
            "headers": request.headers().collect::<BTreeMap<_, _>>(),
            "time": httpdate::fmt_http_date(request.time),
            "address": request.address.map(|address| address.ip().to_string()),
            "xdomain": request.is_cross_domain(),
            "secure": false,
            "issued": request.issued(),
            "url": request.url,
            "query": request.query_map(),
            "auth": self.auth(),
        })
    }

    /// What the application knows about this client.
    pub fn data(&self) -> &Data {
        self.0.data.get_or_init(Arc::default)
    }

    /// Whether it is connected: not before `on_connection`, and not any more after the disconnect.
    pub fn connected(&self) -> bool {
        self.0.status.load(Ordering::Acquire) == CONNECTED
    }

    /// Whether it is one that was away and has got what it missed.
    pub fn recovered(&self) -> bool {
        self.0.recovered
    }

    // ---- sending

    /// Sends an event to this client: JavaScript's `socket.emit`.
    ///
    /// `data` is the argument; a tuple or fixed-size array is one argument per element, `()` none. It is
    /// queued, and this returns: nothing waits for a slow client.
    ///
    /// # Panics
    /// On a reserved event name (`connect`, `disconnect`, …), where JavaScript throws, and on data that
    /// cannot be JSON. A panic inside a handler is logged, and the socket lives on.
    #[track_caller]
    pub fn emit(&self, event: &str, data: impl Serialize) {
        Emitter::new(self.clone()).emit(event, data);
    }

    /// Sends an event and waits for the client's ack, without a limit of time; see [`timeout`](Self::timeout).
    ///
    /// # Errors
    /// [`AckError::Disconnected`] or [`AckError::Unexpected`].
    ///
    /// # Panics
    /// As [`emit`](Self::emit).
    #[track_caller]
    pub fn emit_with_ack<R: DeserializeOwned + Send + 'static>(
        &self,
        event: &str,
        data: impl Serialize,
    ) -> BoxFuture<Result<R, AckError>> {
        Emitter::new(self.clone()).emit_with_ack(event, data)
    }

    /// How long the next `emit_with_ack` waits.
    pub fn timeout(&self, limit: Duration) -> Emitter {
        Emitter::new(self.clone()).timeout(limit)
    }

    /// The next event is dropped if it cannot go at once.
    pub fn volatile(&self) -> Emitter {
        Emitter::new(self.clone()).volatile()
    }

    /// Everybody in the namespace but this socket: JavaScript's `socket.broadcast`.
    pub fn broadcast(&self) -> Broadcast {
        Broadcast::to_all(Target::One(self.nsp().clone())).except(self.id())
    }

    /// Everybody in a room but this socket.
    pub fn to(&self, room: impl Into<String>) -> Broadcast {
        self.broadcast().to(room)
    }

    /// Another word for [`to`](Self::to).
    pub fn in_(&self, room: impl Into<String>) -> Broadcast {
        self.to(room)
    }

    /// Everybody but this socket and those in a room.
    pub fn except(&self, room: impl Into<String>) -> Broadcast {
        self.broadcast().except(room)
    }

    // ---- rooms

    /// Enters a room. After the disconnect it does nothing.
    pub fn join(&self, room: impl Into<String>) {
        let room = room.into();
        match self.0.status.load(Ordering::Acquire) {
            ENTERING => self.own_rooms().push(room),
            _ => self.nsp().adapter().join(self.id(), vec![room]),
        }
    }

    /// Leaves a room.
    pub fn leave(&self, room: &str) {
        match self.0.status.load(Ordering::Acquire) {
            ENTERING => self.own_rooms().retain(|joined| joined != room),
            _ => self.nsp().adapter().leave(self.id(), room),
        }
    }

    /// The rooms it is in, its own first. At `"disconnecting"` those it was in, at `"disconnect"` none.
    pub fn rooms(&self) -> Vec<String> {
        match self.0.status.load(Ordering::Acquire) {
            CONNECTED => self.nsp().adapter().rooms_of(self.id()),
            _ => self.own_rooms().clone(),
        }
    }

    pub(super) fn own_rooms(&self) -> MutexGuard<'_, Vec<String>> {
        self.0.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }

    // ---- for the layer's own use

    pub(super) fn pid(&self) -> Option<&str> {
        self.0.pid.as_deref()
    }

    pub(super) fn acks(&self) -> &Acks {
        &self.0.acks
    }

    pub(super) fn recovery_mark(&self) -> &Mark {
        &self.0.mark
    }

    pub(super) fn queue(&self) -> &Queue {
        &self.0.queue
    }

    pub(super) fn is_gone(&self) -> bool {
        self.0.status.load(Ordering::Acquire) == GONE
    }

    /// It has entered; `false` if it was disconnected on its way in.
    pub(super) fn set_connected(&self) -> bool {
        let status = &self.0.status;
        status.compare_exchange(ENTERING, CONNECTED, Ordering::AcqRel, Ordering::Acquire).is_ok()
    }

    /// The rooms it begins in: those of the middleware, and those it had when it left.
    pub(super) fn early_rooms(&self, saved: Option<Vec<String>>) -> Vec<String> {
        let mut rooms = std::mem::take(&mut *self.own_rooms());
        rooms.extend(saved.unwrap_or_default());
        rooms
    }

    /// Answers an event that asked for it.
    pub(super) fn send_ack(&self, id: u64, args: super::encoded::Encoded) {
        if !self.connected() {
            return;
        }
        let (nsp, attachments, room) = (self.nsp(), args.attachments.len(), args.items.len() + 2);
        let mut text = packet::head(Kind::Ack, attachments, nsp.name(), Some(id), room);
        text.push('[');
        text.push_str(&args.items);
        text.push(']');
        self.conn().send(Outgoing::message(text, args.attachments));
    }
}
