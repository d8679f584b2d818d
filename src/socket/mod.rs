//! Socket.IO v5: namespaces, events and rooms over a session.

mod ack;
mod adapter;
mod args;
mod attachment;
mod broadcast;
mod client;
mod connect;
mod contained;
mod data;
mod dynamic;
mod emitter;
mod encoded;
mod handler;
mod leaving;
mod listening;
mod namespace;
pub mod packet;
mod queue;
mod recovery;
mod server;
#[allow(clippy::module_inception, reason = "the protocol's own word")]
mod socket;

pub use ack::AckError;
pub use args::Args;
pub use attachment::Binary;
pub use broadcast::{Broadcast, BroadcastAckError};
pub use connect::ConnectError;
pub use data::Data;
pub use dynamic::DynamicNamespace;
pub use emitter::Emitter;
pub use handler::{Event, Outcome};
pub use namespace::Namespace;
pub use server::SocketIo;
pub use socket::Socket;

#[cfg(any(test, fuzzing))]
pub(crate) use packet::{Packet as FuzzPacket, head as fuzz_head};
