//! A listener: an async closure, boxed once, and what it returns.

use super::args::Args;
use super::encoded::Encoded;
use super::socket::Socket;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

pub type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// What a handler came to.
#[derive(Debug)]
pub enum Reply {
    /// Nothing to tell the client.
    None,
    /// The arguments of its ack.
    Ack(Encoded),
    /// An error, for the log and for [`on_error`](crate::Namespace::on_error).
    Failed(String),
}

/// What a handler may return.
///
/// - `()`: the client gets no ack, even if it asked for one.
/// - `Ok(value)`: `value` is the ack, a tuple as several arguments, `()` as none.
/// - `Err(error)`: logged and given to [`on_error`](crate::Namespace::on_error); the client gets no ack.
#[diagnostic::on_unimplemented(
    message = "a handler cannot return `{Self}`",
    note = "return nothing, with a `;` behind the last line, or a `Result`: the value of an `Ok` is the ack, as in `Ok::<_, String>(value)`"
)]
pub trait Outcome {
    /// Turns the outcome into what the library does with it.
    #[doc(hidden)]
    fn into_reply(self) -> Reply;
}

impl Outcome for () {
    fn into_reply(self) -> Reply {
        Reply::None
    }
}

impl<T: Serialize, E: fmt::Display> Outcome for Result<T, E> {
    fn into_reply(self) -> Reply {
        match self.map(|value| Encoded::of(&value)) {
            Ok(Ok(encoded)) => Reply::Ack(encoded),
            Ok(Err(error)) => Reply::Failed(format!("the ack cannot be serialised: {error}")),
            Err(error) => Reply::Failed(error.to_string()),
        }
    }
}

/// An event on its way to its listeners.
#[derive(Debug, Clone)]
pub struct Event {
    /// Its name.
    pub name: String,
    /// Its arguments.
    pub args: Args,
    pub(crate) id: Option<u64>,
}

impl Event {
    /// An event of the library's own, like `disconnect`.
    pub fn own(name: &str, data: impl Serialize) -> Self {
        Self { name: name.to_owned(), args: Args::of(data).unwrap_or_default(), id: None }
    }
}

/// A handler behind a type that all have: it gets a socket and an event, of which it reads what it wants.
/// `Err` says that the arguments are not what it takes.
type Handle = dyn Fn(Socket, &Event) -> Result<BoxFuture<Reply>, String> + Send + Sync;

/// A handler, the event it is for, and whether for one time only: in one piece of memory, as each socket has
/// its own.
pub struct Listening<H: ?Sized> {
    event: Box<str>,
    once: bool,
    pub handle: H,
}

pub type Listener = Arc<Listening<Handle>>;

/// A handler of an event.
pub fn listener<T, F, Fut>(event: &str, once: bool, handler: F) -> Listener
where
    T: DeserializeOwned,
    F: Fn(Socket, T) -> Fut + Send + Sync + 'static,
    Fut: Future + Send + 'static,
    Fut::Output: Outcome,
{
    // ANCHOR: listener
    let handle = move |socket, event: &Event| -> Result<BoxFuture<Reply>, String> {
        let data = event.args.read().map_err(|error| error.to_string())?;
        let future = handler(socket, data);
        Ok(Box::pin(async move { future.await.into_reply() }))
    };
    // ANCHOR_END: listener
    Arc::new(Listening { event: event.into(), once, handle })
}

/// A handler that wants the name of the event too.
pub fn catch_all<F, Fut>(handler: F) -> Listener
where
    F: Fn(Socket, Event) -> Fut + Send + Sync + 'static,
    Fut: Future + Send + 'static,
    Fut::Output: Outcome,
{
    let handle = move |socket, event: &Event| -> Result<BoxFuture<Reply>, String> {
        let future = handler(socket, event.clone());
        Ok(Box::pin(async move { future.await.into_reply() }))
    };
    Arc::new(Listening { event: "any".into(), once: false, handle })
}

/// A handler of a new socket.
pub fn greeter<F, Fut>(handler: F) -> Listener
where
    F: Fn(Socket) -> Fut + Send + Sync + 'static,
    Fut: Future + Send + 'static,
    Fut::Output: Outcome,
{
    let handle = move |socket, _: &Event| -> Result<BoxFuture<Reply>, String> {
        let future = handler(socket);
        Ok(Box::pin(async move { future.await.into_reply() }))
    };
    Arc::new(Listening { event: "connection".into(), once: false, handle })
}

/// What an outgoing event is shown to.
pub type Outlook = Arc<dyn Fn(&Event) + Send + Sync>;

/// The listeners of one socket.
#[derive(Default)]
pub struct Listeners {
    by_event: Vec<Listener>,
    rare: Option<Box<Rare>>,
}

/// What few sockets have.
#[derive(Default)]
pub struct Rare {
    pub any: Vec<Listener>,
    pub outgoing: Vec<Outlook>,
    /// Looks at every event first, and may change or refuse it.
    pub middleware: Vec<PacketMiddleware>,
}

/// What stands before the listeners of a socket.
pub type PacketMiddleware = Arc<dyn Fn(Event) -> BoxFuture<Result<Event, String>> + Send + Sync>;

impl fmt::Debug for Listeners {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.by_event.iter().map(|listener| &listener.event)).finish()
    }
}

impl Listeners {
    pub fn rare(&self) -> Option<&Rare> {
        self.rare.as_deref()
    }

    pub fn rare_mut(&mut self) -> &mut Rare {
        self.rare.get_or_insert_default()
    }

    pub fn add(&mut self, listener: Listener) {
        // Every socket has the same few, and gets them once.
        self.by_event.reserve_exact(1);
        self.by_event.push(listener);
    }

    pub fn remove(&mut self, event: &str) -> Vec<Listener> {
        self.by_event.extract_if(.., |listener| *listener.event == *event).collect()
    }

    /// The listeners of an event, in the order they were added. Those for one time are gone after this.
    pub fn take(&mut self, event: &str) -> Vec<Listener> {
        let is_meant = |listener: &&Listener| *listener.event == *event;
        let all: Vec<_> = self.by_event.iter().filter(is_meant).cloned().collect();
        if all.iter().any(|listener| listener.once) {
            self.by_event.retain(|listener| !listener.once || *listener.event != *event);
        }
        all
    }
}
