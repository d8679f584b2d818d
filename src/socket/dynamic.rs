//! Namespaces made on demand, by a pattern of their names.

use super::adapter::Adapter;
use super::broadcast::Broadcast;
use super::connect::ConnectError;
use super::contained::contained;
use super::handler::Outcome;
use super::namespace::{Namespace, Target};
use super::server::Io;
use super::socket::Socket;
use crate::notice::Notice;
use serde::Serialize;
use serde_json::Value;
use std::fmt;
use std::future::Future;
use std::sync::{Arc, Weak};

static FAILED: Notice = Notice::new();

type Matcher = Box<dyn Fn(&str, &Value) -> bool + Send + Sync>;

/// Namespaces made on demand, as clients ask for names that a function accepts: JavaScript's
/// `io.of(/regex/)` and `io.of((name, auth, next) => …)`.
///
/// What is registered here holds for all of them, what is emitted here reaches all of them.
#[derive(Clone)]
pub struct DynamicNamespace {
    io: Weak<Io>,
    matches: Arc<Matcher>,
    /// Has the hooks of a namespace and no sockets.
    pattern: Namespace,
}

impl fmt::Debug for DynamicNamespace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DynamicNamespace(..)")
    }
}

impl DynamicNamespace {
    pub(super) fn new(io: Weak<Io>, matches: Matcher) -> Self {
        let pattern = Namespace::new("", io.clone(), Adapter::default(), false, None);
        Self { io, matches: Arc::new(matches), pattern }
    }

    /// What its namespaces have in common.
    pub(super) fn pattern(&self) -> &Namespace {
        &self.pattern
    }

    pub(super) fn matches(&self, name: &str, auth: &Value) -> bool {
        contained(|| (self.matches)(name, auth)).unwrap_or_else(|panic| {
            FAILED.warn(format_args!("a pattern that was asked for {name:?} {panic}"));
            false
        })
    }

    /// The namespaces made so far.
    pub fn children(&self) -> Vec<Namespace> {
        let Some(io) = self.io.upgrade() else { return Vec::new() };
        let mut all = io.namespaces();
        all.retain(|namespace| namespace.has_hooks_of(&self.pattern));
        all
    }

    /// See [`Namespace::on_connection`].
    pub fn on_connection<F, Fut>(&self, handler: F)
    where
        F: Fn(Socket) -> Fut + Send + Sync + 'static,
        Fut: Future + Send + 'static,
        Fut::Output: Outcome,
    {
        self.pattern.on_connection(handler);
    }

    /// See [`Namespace::use_`].
    pub fn use_<F, Fut>(&self, middleware: F)
    where
        F: Fn(Socket) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), ConnectError>> + Send + 'static,
    {
        self.pattern.use_(middleware);
    }

    /// Sends an event to every socket in every one of the namespaces.
    #[track_caller]
    pub fn emit(&self, event: &str, data: impl Serialize) {
        self.all().emit(event, data);
    }

    /// Only sockets in a room, in every one of the namespaces.
    pub fn to(&self, room: impl Into<String>) -> Broadcast {
        self.all().to(room)
    }

    /// A broadcast to every socket in every one of the namespaces, to be narrowed.
    pub fn all(&self) -> Broadcast {
        Broadcast::to_all(Target::Children(self.clone()))
    }
}
