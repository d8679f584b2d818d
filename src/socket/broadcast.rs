//! One event for many: whom it is for is gathered step by step, then it is encoded once.
//!
//! JavaScript's `BroadcastOperator`.

use super::ack::{AckError, Expected};
use super::adapter::Audience;
use super::encoded::Encoded;
use super::handler::{BoxFuture, Event};
use super::namespace::Target;
use super::packet::{self, Kind, RESERVED};
use super::socket::Socket;
use crate::engine::Outgoing;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// An event to be sent to some of the sockets of a namespace.
///
/// Each step takes the builder and gives a new one; clone it to go two ways from one point.
///
/// ```
/// # use tide_socketio::SocketIo;
/// # async_std::task::block_on(async {
/// let io = SocketIo::new();
/// io.to("red").to("blue").except("muted").emit("news", "hello");
/// # });
/// ```
#[derive(Debug, Clone)]
#[must_use = "nothing is sent before `emit`"]
pub struct Broadcast {
    target: Target,
    audience: Audience,
    volatile: bool,
    timeout: Option<Duration>,
}

/// Some of the sockets did not acknowledge: what the others said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BroadcastAckError<R> {
    /// The acknowledgements that did come.
    pub responses: Vec<R>,
    /// The first thing that went wrong.
    pub error: AckError,
}

impl<R> fmt::Display for BroadcastAckError<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} after {} acknowledgements", self.error, self.responses.len())
    }
}

impl<R: fmt::Debug> std::error::Error for BroadcastAckError<R> {}

impl Broadcast {
    pub(super) fn to_all(target: Target) -> Self {
        Self { target, audience: Audience::default(), volatile: false, timeout: None }
    }

    /// Only sockets in this room, or in another one named by `to`; a socket in several gets the event once.
    /// A socket's id is a room too, with that socket in it.
    pub fn to(mut self, room: impl Into<String>) -> Self {
        self.audience.rooms.push(room.into());
        self
    }

    /// Another word for [`to`](Self::to): `in` is a keyword of Rust.
    pub fn in_(self, room: impl Into<String>) -> Self {
        self.to(room)
    }

    /// No socket that is in this room, or has this id.
    pub fn except(mut self, room: impl Into<String>) -> Self {
        self.audience.except.push(room.into());
        self
    }

    /// Only sockets of this process. With the in-memory adapter these are all there are.
    pub fn local(self) -> Self {
        self
    }

    /// Those to whom it cannot go at once will not get it.
    pub fn volatile(mut self) -> Self {
        self.volatile = true;
        self
    }

    /// How long to wait for acknowledgements.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = Some(limit);
        self
    }

    /// Sends the event. Like [`Socket::emit`] it does not wait.
    ///
    /// # Panics
    /// On a reserved event name and on data that is not JSON, as [`Socket::emit`] does.
    #[track_caller]
    pub fn emit(&self, event: &str, data: impl Serialize) {
        let args = encode(event, &data);
        for namespace in self.target.namespaces() {
            namespace.broadcast(&self.audience, event, &args, self.volatile);
        }
    }

    /// Sends the event and collects the acknowledgements of all who got it, in no particular order.
    ///
    /// # Errors
    /// When one does not come in time, or cannot be read: the others are in the error.
    ///
    /// # Panics
    /// As [`emit`](Self::emit).
    #[track_caller]
    pub fn emit_with_ack<R: DeserializeOwned + Send + 'static>(
        &self,
        event: &str,
        data: impl Serialize,
    ) -> BoxFuture<Result<Vec<R>, BroadcastAckError<R>>> {
        let args = encode(event, &data);
        let mut expected = Vec::new();
        for namespace in self.target.namespaces() {
            let id = namespace.next_ack_id();
            let message = event_message(namespace.name(), event, &args, Some(id), None);
            namespace.adapter().broadcast_expecting(&self.audience, &message, |socket| {
                expected.push(Expected::new(socket.clone(), id));
            });
        }
        let limit = self.timeout;
        Box::pin(async move {
            let until = limit.map(|limit| std::time::Instant::now() + limit);
            let mut responses = Vec::with_capacity(expected.len());
            let mut failed = None;
            for one in &expected {
                let left = until.map(|at| at.saturating_duration_since(std::time::Instant::now()));
                match one.answer(left).await {
                    Ok(response) => responses.push(response),
                    Err(error) => failed = failed.or(Some(error)),
                }
            }
            match failed {
                None => Ok(responses),
                Some(error) => Err(BroadcastAckError { responses, error }),
            }
        })
    }

    /// The sockets it would go to.
    pub fn fetch_sockets(&self) -> Vec<Socket> {
        let namespaces = self.target.namespaces();
        namespaces.iter().flat_map(|nsp| nsp.adapter().sockets(&self.audience)).collect()
    }

    /// Makes them all join a room.
    pub fn sockets_join(&self, room: impl Into<String>) {
        let room = room.into();
        self.fetch_sockets().iter().for_each(|socket| socket.join(room.as_str()));
    }

    /// Makes them all leave a room.
    pub fn sockets_leave(&self, room: &str) {
        self.fetch_sockets().iter().for_each(|socket| socket.leave(room));
    }

    /// Disconnects them all; with `close` their connections too, and so every other namespace on them.
    pub fn disconnect_sockets(&self, close: bool) {
        for socket in self.fetch_sockets() {
            if close { socket.disconnect_transport() } else { socket.disconnect() }
        }
    }
}

/// The arguments of an event on their way out.
#[track_caller]
pub(super) fn encode(event: &str, data: &impl Serialize) -> Encoded {
    assert!(!RESERVED.contains(&event), "\"{event}\" is a reserved event name");
    match Encoded::of(data) {
        Ok(args) => args,
        Err(error) => panic!("the data of \"{event}\" cannot be serialised: {error}"),
    }
}

/// An event packet. With an offset, a client with recovery on knows how far it has got.
pub(super) fn event_message(
    nsp: &str,
    event: &str,
    args: &Encoded,
    id: Option<u64>,
    offset: Option<u64>,
) -> Arc<Outgoing> {
    let event = serde_json::Value::from(event).to_string();
    let room = event.len() + args.items.len() + 32;
    let mut text = packet::head(Kind::Event, args.attachments.len(), nsp, id, room);
    text.push('[');
    text.push_str(&event);
    if !args.items.is_empty() {
        text.push(',');
        text.push_str(&args.items);
    }
    if let Some(offset) = offset {
        text.push_str(&format!(",\"{offset}\""));
    }
    text.push(']');
    Outgoing::message(text, args.attachments.clone())
}

/// What an outgoing event looks like to those who watch.
pub(super) fn outgoing_event(event: &str, args: &Encoded) -> Option<Event> {
    let args = super::args::Args::parse(&format!("[{}]", args.items), args.attachments.clone());
    Some(Event { name: event.to_owned(), args: args.ok()?, id: None })
}
