//! One client in one namespace: what the application holds in its hands.

use super::ack::{AckError, Acks};
use super::args::Args;
use super::broadcast::Broadcast;
use super::client::Shared;
use super::data::Data;
use super::emitter::Emitter;
use super::handler::{BoxFuture, Event, Listener, Listeners, Outcome, catch_all, listener};
use super::namespace::{Namespace, Target};
use super::packet::{Head, Kind};
use super::queue::{Job, Queue};
use super::recovery::{Comeback, Mark, Saved};
use super::server::SocketIo;
use crate::engine::{ClientRequest, CloseReason, Conn, Outgoing, random_id};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::fmt;
use std::future::Future;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

const ENTERING: u8 = 0;
const CONNECTED: u8 = 1;
const GONE: u8 = 2;

struct Inner {
    id: String,
    pid: Option<String>,
    recovered: bool,
    namespace: Namespace,
    client: Arc<Shared>,
    conn: Arc<Conn>,
    auth: Value,
    data: Arc<Data>,
    status: AtomicU8,
    /// Rooms joined while entering; after the end, those it was in then.
    rooms: Mutex<Vec<String>>,
    listeners: Mutex<Listeners>,
    acks: Acks,
    queue: Queue,
    mark: Mark,
}

/// One client in one namespace: JavaScript's server-side `Socket`. Cloning gives another handle on the same.
#[derive(Clone)]
pub struct Socket(Arc<Inner>);

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
        comeback: Option<&Comeback>,
    ) -> Self {
        let saved = comeback.map(|comeback| &comeback.saved);
        Self(Arc::new(Inner {
            id: saved.map_or_else(random_id, |saved| saved.id.clone()),
            pid,
            recovered: saved.is_some(),
            namespace,
            client,
            conn,
            auth,
            data: saved.map_or_else(Arc::default, |saved| saved.data.clone()),
            status: AtomicU8::new(ENTERING),
            rooms: Mutex::default(),
            listeners: Mutex::default(),
            acks: Acks::default(),
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
            "headers": request.headers,
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
        &self.0.data
    }

    /// Whether it is connected: not before `on_connection`, and not any more after the disconnect.
    pub fn connected(&self) -> bool {
        self.0.status.load(Ordering::Acquire) == CONNECTED
    }

    /// Whether it is one that was away and has got what it missed.
    pub fn recovered(&self) -> bool {
        self.0.recovered
    }

    // ---- listening

    fn listeners(&self) -> MutexGuard<'_, Listeners> {
        self.0.listeners.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs `handler` for every event of this name, in the order of arrival, one at a time.
    ///
    /// `T` is what the client sent: any type that deserialises takes the first argument, a tuple takes one
    /// per element, `()` none, [`Args`] all. What `handler` returns is the ack: see [`Outcome`].
    ///
    /// `"disconnecting"` and `"disconnect"` come from the library, with the reason as a string. At
    /// `"disconnecting"` [`rooms`](Self::rooms) still tells where the socket was.
    ///
    /// ```
    /// # use tide_socketio::SocketIo;
    /// # async_std::task::block_on(async {
    /// let io = SocketIo::new();
    /// io.on_connection(async |socket| {
    ///     socket.on("add", async |_, (a, b): (i64, i64)| Ok::<_, String>(a + b));
    ///     socket.on("disconnect", async |socket, reason: String| println!("{}: {reason}", socket.id()));
    /// });
    /// # });
    /// ```
    pub fn on<T, F, Fut>(&self, event: &str, handler: F)
    where
        T: DeserializeOwned,
        F: Fn(Socket, T) -> Fut + Send + Sync + 'static,
        Fut: Future + Send + 'static,
        Fut::Output: Outcome,
    {
        self.listeners().add(event, listener(handler), false);
    }

    /// Like [`on`](Self::on), for the next event of this name only.
    pub fn once<T, F, Fut>(&self, event: &str, handler: F)
    where
        T: DeserializeOwned,
        F: Fn(Socket, T) -> Fut + Send + Sync + 'static,
        Fut: Future + Send + 'static,
        Fut::Output: Outcome,
    {
        self.listeners().add(event, listener(handler), true);
    }

    /// Removes all listeners of an event.
    pub fn off(&self, event: &str) {
        self.listeners().remove(event);
    }

    /// Runs `handler` for every event of whatever name, before its listeners.
    pub fn on_any<F, Fut>(&self, handler: F)
    where
        F: Fn(Socket, Event) -> Fut + Send + Sync + 'static,
        Fut: Future + Send + 'static,
        Fut::Output: Outcome,
    {
        self.listeners().any.push(catch_all(handler));
    }

    /// Removes what [`on_any`](Self::on_any) added.
    pub fn off_any(&self) {
        self.listeners().any.clear();
    }

    /// Calls `watch` with every event sent to this socket, broadcasts too.
    pub fn on_any_outgoing(&self, watch: impl Fn(&Event) + Send + Sync + 'static) {
        let mut listeners = self.listeners();
        if listeners.outgoing.is_empty() && self.0.status.load(Ordering::Acquire) != GONE {
            self.nsp().watched().fetch_add(1, Ordering::Relaxed);
        }
        listeners.outgoing.push(Arc::new(watch));
    }

    /// Removes what [`on_any_outgoing`](Self::on_any_outgoing) added.
    pub fn off_any_outgoing(&self) {
        if !std::mem::take(&mut self.listeners().outgoing).is_empty() {
            self.nsp().watched().fetch_sub(1, Ordering::Relaxed);
        }
    }

    /// Has `middleware` look at every event first: JavaScript's `socket.use`. It gives the event on, changed
    /// or not; `Err` drops it, and is reported like a handler's error.
    pub fn use_<F, Fut>(&self, middleware: F)
    where
        F: Fn(Event) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Event, String>> + Send + 'static,
    {
        self.listeners().middleware.push(Arc::new(move |event| Box::pin(middleware(event))));
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

    fn own_rooms(&self) -> MutexGuard<'_, Vec<String>> {
        self.0.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }

    // ---- the end

    /// Leaves the namespace: JavaScript's `socket.disconnect()`. The connection stays for other namespaces.
    pub fn disconnect(&self) {
        if self.connected() {
            let Head { text } = Head::new(Kind::Disconnect, 0, self.nsp().name(), None);
            self.conn().send(Outgoing::message(text, Vec::new()));
        }
        self.end("server namespace disconnect");
    }

    /// Leaves every namespace and closes the connection: JavaScript's `socket.disconnect(true)`.
    pub fn disconnect_transport(&self) {
        for socket in self.0.client.sockets() {
            socket.disconnect();
        }
        self.end("server namespace disconnect");
        self.conn().close(CloseReason::ForcedClose);
    }

    /// The client has left the namespace.
    pub(super) fn left(&self) {
        self.end("client namespace disconnect");
    }

    /// The place in the connection is free again, and the socket is over.
    fn end(&self, reason: &'static str) {
        self.0.client.vacate(self.nsp().name());
        self.gone(reason);
    }

    /// The socket is over: nobody reaches it any more, and its last handlers are due.
    pub(super) fn gone(&self, reason: &'static str) {
        if self.0.status.swap(GONE, Ordering::AcqRel) != CONNECTED {
            return;
        }
        let mut rooms = self.nsp().adapter().remove(self.id());
        if let Some(pid) = self.0.pid.clone().filter(|_| is_recoverable(reason)) {
            let (id, data) = (self.id().to_owned(), self.0.data.clone());
            self.nsp()
                .adapter()
                .save(pid, |latest| Saved::new(id, rooms.clone(), data, &self.0.mark, latest));
        }
        rooms.insert(0, self.id().to_owned());
        *self.own_rooms() = rooms;
        self.0.acks.clear();
        self.off_any_outgoing();
        self.push(Job::Disconnect(reason));
        self.nsp().forget_if_empty();
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

    pub(super) fn set_connected(&self) {
        self.0.status.store(CONNECTED, Ordering::Release);
    }

    /// The rooms it begins in: those of the middleware, and those it had when it left.
    pub(super) fn early_rooms(&self, saved: Option<Vec<String>>) -> Vec<String> {
        let mut rooms = std::mem::take(&mut *self.own_rooms());
        rooms.extend(saved.unwrap_or_default());
        rooms
    }

    pub(super) fn take_listeners(&self, event: &str) -> Vec<Listener> {
        let mut listeners = self.listeners();
        let any = listeners.any.clone();
        let mut all = if super::packet::RESERVED.contains(&event) { Vec::new() } else { any };
        all.append(&mut listeners.take(event));
        all
    }

    pub(super) fn packet_middleware(&self) -> Vec<super::handler::PacketMiddleware> {
        self.listeners().middleware.clone()
    }

    /// Forgets everything the application gave it: handlers may hold sockets, and would keep them alive.
    pub(super) fn forget(&self) {
        self.own_rooms().clear();
        *self.listeners() = Listeners::default();
    }

    pub(super) fn clear_rooms(&self) {
        self.own_rooms().clear();
    }

    pub(super) fn show_outgoing(&self, event: &Event) {
        let watchers = self.listeners().outgoing.clone();
        watchers.iter().for_each(|watch| watch(event));
    }

    /// Answers an event that asked for it.
    pub(super) fn send_ack(&self, id: u64, args: super::args::Encoded) {
        if !self.connected() {
            return;
        }
        let attachments = args.attachments.len();
        let Head { mut text } = Head::new(Kind::Ack, attachments, self.nsp().name(), Some(id));
        text.push('[');
        text.push_str(&args.items);
        text.push(']');
        self.conn().send(Outgoing::message(text, args.attachments));
    }

    /// The arguments of the library's own events.
    pub(super) fn own_event(name: &str, data: impl Serialize) -> Event {
        Event { name: name.to_owned(), args: Args::of(data).unwrap_or_default(), id: None }
    }
}

/// After these the client may come back and go on; after a disconnect that either side asked for, not.
fn is_recoverable(reason: &str) -> bool {
    !reason.ends_with("namespace disconnect")
}
