//! Socket.IO v5: namespaces, events and rooms over a session.

mod ack;
mod adapter;
mod args;
mod attachment;
mod broadcast;
mod client;
mod connect;
mod data;
mod emitter;
mod handler;
mod namespace;
mod packet;
mod queue;
mod recovery;
mod server;
#[allow(clippy::module_inception, reason = "the protocol's own word")]
mod socket;

pub use ack::AckError;
pub use args::Args;
pub use attachment::Binary;
pub use broadcast::{Broadcast, BroadcastAckError};
pub use data::Data;
pub use emitter::Emitter;
pub use handler::{Event, Outcome};
pub use namespace::{ConnectError, DynamicNamespace, Namespace};
pub use server::SocketIo;
pub use socket::Socket;
