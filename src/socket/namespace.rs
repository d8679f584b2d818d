//! A namespace: who may enter it, what happens then, and how to reach those who did.

use super::adapter::{Adapter, Audience};
use super::broadcast::{Broadcast, event_message, outgoing_event};
use super::connect::ConnectError;
use super::contained::contained;
use super::dynamic::DynamicNamespace;
use super::encoded::Encoded;
use super::handler::{BoxFuture, Listener, Outcome, greeter};
use super::server::{Io, SocketIo};
use super::socket::Socket;
use crate::notice::Notice;
use serde::Serialize;
use std::fmt;
use std::future::Future;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

type Middleware = Arc<dyn Fn(Socket) -> BoxFuture<Result<(), ConnectError>> + Send + Sync>;
type ErrorHook = Arc<dyn Fn(&Socket, &str) + Send + Sync>;

/// What the application does in a namespace; the children of a pattern share it.
#[derive(Default)]
pub(super) struct Hooks {
    connection: Vec<Listener>,
    middleware: Vec<Middleware>,
    error: Option<ErrorHook>,
}

pub(super) struct Inner {
    name: String,
    io: Weak<Io>,
    adapter: Adapter,
    /// Whether events are kept for clients that are away.
    keeps: bool,
    hooks: Arc<Mutex<Hooks>>,
    next_ack_id: AtomicU64,
    /// How many sockets have somebody who watches what is sent to them.
    watched: AtomicUsize,
    is_child: bool,
}

/// A namespace, or all namespaces of one pattern. Cloning gives another handle on the same.
///
/// JavaScript's `Namespace`; `io` itself stands for the main one, `/`.
#[derive(Clone)]
pub struct Namespace(Arc<Inner>);

impl fmt::Debug for Namespace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Namespace").field(&self.0.name).finish()
    }
}

/// Where a broadcast goes.
#[derive(Debug, Clone)]
pub(super) enum Target {
    One(Namespace),
    /// Every namespace that a pattern made.
    Children(DynamicNamespace),
}

impl Target {
    pub fn namespaces(&self) -> Vec<Namespace> {
        match self {
            Self::One(namespace) => vec![namespace.clone()],
            Self::Children(parent) => parent.children(),
        }
    }
}

impl Namespace {
    pub(super) fn new(
        name: &str,
        io: Weak<Io>,
        adapter: Adapter,
        keeps: bool,
        parent: Option<&DynamicNamespace>,
    ) -> Self {
        Self(Arc::new(Inner {
            name: name.to_owned(),
            io,
            adapter,
            keeps,
            hooks: parent.map_or_else(Arc::default, |parent| parent.pattern().0.hooks.clone()),
            next_ack_id: AtomicU64::new(0),
            watched: AtomicUsize::new(0),
            is_child: parent.is_some(),
        }))
    }

    /// Its name, beginning with `/`.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// The server it belongs to; `None` when that has been dropped.
    pub fn server(&self) -> Option<SocketIo> {
        self.0.io.upgrade().map(SocketIo::from)
    }

    /// Runs `handler` for every socket that enters: JavaScript's `io.on("connection", …)`.
    ///
    /// Events of the socket wait until it has returned.
    pub fn on_connection<F, Fut>(&self, handler: F)
    where
        F: Fn(Socket) -> Fut + Send + Sync + 'static,
        Fut: Future + Send + 'static,
        Fut::Output: Outcome,
    {
        self.hooks().connection.push(greeter(handler));
    }

    /// Asks `middleware` before a socket may enter, after those registered before: JavaScript's `io.use`.
    ///
    /// `Err` refuses; the client gets a `connect_error`.
    ///
    /// ```
    /// # use tide_socketio::{ConnectError, SocketIo};
    /// # async_std::task::block_on(async {
    /// let io = SocketIo::new();
    /// io.use_(async |socket| match socket.auth()["token"].as_str() {
    ///     Some("secret") => Ok(()),
    ///     _ => Err(ConnectError::from("not authorized")),
    /// });
    /// # });
    /// ```
    pub fn use_<F, Fut>(&self, middleware: F)
    where
        F: Fn(Socket) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), ConnectError>> + Send + 'static,
    {
        self.hooks().middleware.push(Arc::new(move |socket| Box::pin(middleware(socket))));
    }

    /// Told of every handler that returned an error, panicked, or was not called because its arguments were
    /// not what it takes. All of these are logged anyway.
    pub fn on_error(&self, hook: impl Fn(&Socket, &str) + Send + Sync + 'static) {
        let earlier = self.hooks().error.replace(Arc::new(hook));
        // Not under the lock: what it holds is the application's.
        drop(earlier);
    }

    /// Sends an event to every socket: JavaScript's `io.emit`. See [`Broadcast::emit`].
    #[track_caller]
    pub fn emit(&self, event: &str, data: impl Serialize) {
        self.all().emit(event, data);
    }

    /// Only sockets in a room; or the one with this id.
    pub fn to(&self, room: impl Into<String>) -> Broadcast {
        self.all().to(room)
    }

    /// Another word for [`to`](Self::to).
    pub fn in_(&self, room: impl Into<String>) -> Broadcast {
        self.to(room)
    }

    /// All sockets but those in a room.
    pub fn except(&self, room: impl Into<String>) -> Broadcast {
        self.all().except(room)
    }

    /// See [`Broadcast::local`].
    pub fn local(&self) -> Broadcast {
        self.all()
    }

    /// See [`Broadcast::volatile`].
    pub fn volatile(&self) -> Broadcast {
        self.all().volatile()
    }

    /// See [`Broadcast::timeout`].
    pub fn timeout(&self, limit: std::time::Duration) -> Broadcast {
        self.all().timeout(limit)
    }

    /// A broadcast to every socket, to be narrowed.
    pub fn all(&self) -> Broadcast {
        Broadcast::to_all(Target::One(self.clone()))
    }

    /// Every socket in the namespace.
    pub fn fetch_sockets(&self) -> Vec<Socket> {
        self.all().fetch_sockets()
    }

    /// Makes every socket join a room.
    pub fn sockets_join(&self, room: impl Into<String>) {
        self.all().sockets_join(room);
    }

    /// Makes every socket leave a room.
    pub fn sockets_leave(&self, room: &str) {
        self.all().sockets_leave(room);
    }

    /// See [`Broadcast::disconnect_sockets`].
    pub fn disconnect_sockets(&self, close: bool) {
        self.all().disconnect_sockets(close);
    }

    /// The socket with this id.
    pub fn socket(&self, id: &str) -> Option<Socket> {
        self.0.adapter.get(id)
    }

    /// How many sockets are in the namespace.
    pub fn sockets_count(&self) -> usize {
        self.0.adapter.len()
    }

    /// The rooms that somebody joined, without those of the sockets' ids.
    pub fn rooms(&self) -> Vec<String> {
        self.0.adapter.rooms()
    }

    // ---- for the layer's own use

    pub(super) fn adapter(&self) -> &Adapter {
        &self.0.adapter
    }

    pub(super) fn keeps(&self) -> bool {
        self.0.keeps
    }

    pub(super) fn is_child(&self) -> bool {
        self.0.is_child
    }

    pub(super) fn next_ack_id(&self) -> u64 {
        self.0.next_ack_id.fetch_add(1, Ordering::Relaxed)
    }

    pub(super) fn watched(&self) -> &AtomicUsize {
        &self.0.watched
    }

    /// It may have had its day, if a pattern made it.
    pub(super) fn forget_if_empty(&self) {
        if let Some(io) = self.0.io.upgrade() {
            io.forget_if_empty(self);
        }
    }

    pub(super) fn has_hooks_of(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0.hooks, &other.0.hooks)
    }

    fn hooks(&self) -> MutexGuard<'_, Hooks> {
        self.0.hooks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn connection_listeners(&self) -> Vec<Listener> {
        self.hooks().connection.clone()
    }

    pub(super) fn middleware(&self) -> Vec<Middleware> {
        self.hooks().middleware.clone()
    }

    pub(super) fn report(&self, socket: &Socket, error: &str) {
        static FAILED: Notice = Notice::new();
        FAILED.warn(format_args!("socket {} in {}: {error}", socket.id(), self.name()));
        let hook = self.hooks().error.clone();
        if let Some(Err(panic)) = hook.map(|hook| contained(|| hook(socket, error))) {
            FAILED.warn(format_args!("on_error {panic}"));
        }
    }

    pub(super) fn broadcast(
        &self,
        audience: &Audience,
        event: &str,
        args: &Encoded,
        volatile: bool,
    ) {
        let encode = |offset| event_message(self.name(), event, args, None, offset);
        if self.keeps() && !volatile {
            self.adapter().broadcast_kept(audience, |offset| encode(Some(offset)));
        } else {
            let offset = self.volatile_offset(args);
            self.adapter().broadcast(audience, &encode(offset), volatile);
        }
        if self.watched().load(Ordering::Relaxed) > 0
            && let Some(shown) = outgoing_event(event, args)
        {
            for socket in self.adapter().sockets(audience) {
                socket.show_outgoing(&shown);
            }
        }
    }

    /// A client with recovery takes a last argument that is a string for an offset, even in a volatile
    /// event, which has none. So such an event carries the last offset that was given out.
    pub(super) fn volatile_offset(&self, args: &Encoded) -> Option<u64> {
        self.adapter().latest_offset().filter(|_| args.items.ends_with('"'))
    }
}
