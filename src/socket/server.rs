//! The server: the namespaces there are, over one engine.

use super::adapter::Adapter;
use super::client::Client;
use super::dynamic::DynamicNamespace;
use super::namespace::Namespace;
use crate::bundle::Bundle;
use crate::edge::{Answering, Ask, Shortcut};
use crate::engine::{ClientRequest, CloseReason, Conn, Engine, Inbox, Refusal, Service};
use crate::options::Options;
use serde_json::Value;
use std::collections::HashMap;
use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::time::Instant;

#[derive(Default)]
struct Registry {
    by_name: HashMap<String, Namespace>,
    patterns: Vec<DynamicNamespace>,
}

pub(super) struct Io {
    engine: Arc<Engine>,
    registry: Mutex<Registry>,
    main: OnceLock<Namespace>,
    bundle: Bundle,
}

/// A Socket.IO server: JavaScript's `io`. Cloning gives another handle on the same server.
///
/// It is also its main namespace: `io.emit` and the rest are [`Namespace`]'s.
///
/// ```no_run
/// use tide_socketio::{Edge, SocketIo};
///
/// #[async_std::main]
/// async fn main() -> std::io::Result<()> {
///     let mut app = tide::new();
///     let io = SocketIo::new();
///     io.on_connection(async |socket| {
///         socket.on("chat", async |socket, msg: String| {
///             socket.broadcast().emit("chat", &msg);
///         });
///     });
///     io.attach(&mut app);
///     app.listen(Edge::new("127.0.0.1:3000").on_stop(async move || io.close())).await
/// }
/// ```
#[derive(Clone)]
pub struct SocketIo(Arc<Io>);

impl fmt::Debug for SocketIo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SocketIo").field("engine", &self.0.engine).finish_non_exhaustive()
    }
}

impl Default for SocketIo {
    fn default() -> Self {
        Self::new()
    }
}

impl Deref for SocketIo {
    type Target = Namespace;
    fn deref(&self) -> &Namespace {
        self.0.main()
    }
}

impl From<Arc<Io>> for SocketIo {
    fn from(io: Arc<Io>) -> Self {
        Self(io)
    }
}

impl SocketIo {
    /// A server with the default options.
    pub fn new() -> Self {
        Self::with(Options::default())
    }

    /// A server with these options.
    pub fn with(options: Options) -> Self {
        let bundle = Bundle::new(&options.serve_client);
        let io = Arc::new_cyclic(|io: &Weak<Io>| Io {
            engine: Engine::new(options, Clients(io.clone())),
            registry: Mutex::default(),
            main: OnceLock::new(),
            bundle,
        });
        // There from the start: a client may come before anybody has asked for it.
        io.main();
        Self(io)
    }

    /// Mounts the server in an application, the client's files with it.
    pub fn attach<S>(&self, app: &mut tide::Server<S>)
    where
        S: Clone + Send + Sync + 'static,
    {
        let path = self.0.engine.options().path.trim_end_matches('/').to_owned();
        for route in [path.clone(), format!("{path}/"), format!("{path}/*")] {
            let io = self.clone();
            app.at(&route).all(move |request: tide::Request<S>| {
                let io = io.clone();
                async move {
                    let request: tide::http::Request = request.into();
                    let file = io.0.bundle.find(&request);
                    Ok(tide::Response::from(io.0.engine.respond(request, file).await))
                }
            });
        }
    }

    /// The namespace of this name, made if need be: `chat` and `/chat` are the same.
    pub fn of(&self, name: &str) -> Namespace {
        let name = format!("/{}", name.trim_start_matches('/'));
        self.0.namespace(&name)
    }

    /// Makes namespaces as clients ask for them, if `matches` accepts the name and the `auth` they send.
    ///
    /// ```
    /// # use tide_socketio::SocketIo;
    /// # async_std::task::block_on(async {
    /// let io = SocketIo::new();
    /// let rooms = io.of_dynamic(|name, _auth| name.starts_with("/room-"));
    /// rooms.on_connection(async |socket| socket.emit("welcome to", socket.nsp().name()));
    /// # });
    /// ```
    pub fn of_dynamic(
        &self,
        matches: impl Fn(&str, &Value) -> bool + Send + Sync + 'static,
    ) -> DynamicNamespace {
        let pattern = DynamicNamespace::new(Arc::downgrade(&self.0), Box::new(matches));
        self.0.lock().patterns.push(pattern.clone());
        pattern
    }

    /// The server of sessions below.
    pub fn engine(&self) -> &Arc<Engine> {
        &self.0.engine
    }

    /// Has every refused request reported: JavaScript's `io.engine.on("connection_error", …)`.
    pub fn on_connection_error(
        &self,
        hook: impl Fn(&Refusal, &ClientRequest) + Send + Sync + 'static,
    ) {
        self.0.engine.on_refusal(hook);
    }

    /// Disconnects every client, with the reason "server shutting down". The listener goes on; stop it first
    /// if no new client may come.
    pub fn close(&self) {
        self.0.engine.close(CloseReason::ServerShuttingDown);
    }
}

/// Requests of sessions on long-polling are answered past the application.
impl Shortcut for SocketIo {
    fn take(&self, ask: &Ask<'_>) -> Option<Answering> {
        self.0.engine.take(ask)
    }
}

impl Io {
    fn lock(&self) -> MutexGuard<'_, Registry> {
        self.registry.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A weak handle on itself, as the namespaces hold it.
    fn weak(self: &Arc<Self>) -> Weak<Self> {
        Arc::downgrade(self)
    }

    fn main(self: &Arc<Self>) -> &Namespace {
        self.main.get_or_init(|| self.namespace("/"))
    }

    pub fn options(&self) -> &Options {
        self.engine.options()
    }

    pub fn namespaces(&self) -> Vec<Namespace> {
        self.lock().by_name.values().cloned().collect()
    }

    fn make(self: &Arc<Self>, name: &str, parent: Option<&DynamicNamespace>) -> Namespace {
        let recovery = self.options().connection_state_recovery.as_ref();
        Namespace::new(name, self.weak(), Adapter::new(recovery), recovery.is_some(), parent)
    }

    fn namespace(self: &Arc<Self>, name: &str) -> Namespace {
        if let Some(namespace) = self.find(name, &Value::Null, Namespace::clone) {
            return namespace;
        }
        let mut registry = self.lock();
        let namespace = registry.by_name.entry(name.to_owned());
        namespace.or_insert_with(|| self.make(name, None)).clone()
    }

    /// The namespace that a client asks for: there already, or made because a pattern accepts it. `take` gets
    /// it before it could be forgotten.
    pub fn find<T>(
        self: &Arc<Self>,
        name: &str,
        auth: &Value,
        take: impl FnOnce(&Namespace) -> T,
    ) -> Option<T> {
        let registry = self.lock();
        if let Some(namespace) = registry.by_name.get(name) {
            return Some(take(namespace));
        }
        let patterns = registry.patterns.clone();
        drop(registry);
        // The application's own function: it may want to look at the server.
        let parent = patterns.iter().find(|parent| name != "/" && parent.matches(name, auth))?;
        let mut registry = self.lock();
        let child = registry.by_name.entry(name.to_owned());
        Some(take(child.or_insert_with(|| self.make(name, Some(parent)))))
    }

    /// A socket has left, or was refused: a namespace made by a pattern may have had its day.
    pub fn forget_if_empty(&self, namespace: &Namespace) {
        if !self.options().cleanup_empty_child_namespaces || !namespace.is_child() {
            return;
        }
        let mut registry = self.lock();
        // It may have been forgotten already, and another be there by this name.
        let current = registry.by_name.get(namespace.name());
        let is_deserted = current.is_some_and(|current| current.adapter().is_deserted());
        let forgotten = is_deserted.then(|| registry.by_name.remove(namespace.name()));
        drop(registry);
        // Not under the lock: it may hold the data of sockets that are away.
        drop(forgotten);
    }
}

/// Makes a [`Client`] of every session.
struct Clients(Weak<Io>);

impl Service for Clients {
    fn open(&self, conn: &Arc<Conn>) -> Box<dyn Inbox> {
        if let Some(io) = self.0.upgrade() {
            conn.must_join(Instant::now() + io.options().connect_timeout);
        }
        Box::new(Client::new(self.0.clone(), conn))
    }
}
