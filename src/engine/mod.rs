//! Engine.IO v4: a session with a client over HTTP, whatever the transport.
//!
//! From below: [`Packet`] and [`payload`] are what travels; `session` is the protocol as a state machine
//! that knows no socket and no clock; [`Conn`] is the handle that tasks share; the transports move the
//! bytes; [`Engine`] is the endpoint and the table of sessions.

mod close;
mod conn;
mod cors;
mod endpoint;
mod flusher;
mod handshake;
mod heartbeat;
mod outbox;
mod packet;
pub mod payload;
mod server;
mod service;
mod session;
mod sessions;
mod transport;
mod upgrade;
mod waiting;

pub use close::CloseReason;
pub use conn::Conn;
pub use handshake::{ClientRequest, Refusal, RefusalCode};
pub use outbox::Outgoing;
pub use packet::{Packet, ParseError};
pub use server::{Engine, OnRefusal};
pub use service::{BadMessage, Inbox, Service};
pub use session::Message;
pub(crate) use sessions::random_id;
pub use transport::TransportKind;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub use transport::frame;

#[cfg(any(test, fuzzing))]
pub use session::story::play as fuzz_session;
#[cfg(any(test, fuzzing))]
pub(crate) use transport::frame as fuzz_frame;
