//! Socket.IO v5: namespaces, events and rooms over a session.

mod ack;
mod adapter;
mod args;
mod attachment;
mod broadcast;
mod client;
mod connect;
mod data;
mod dynamic;
mod emitter;
mod encoded;
mod handler;
mod leaving;
mod listening;
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
pub use connect::ConnectError;
pub use data::Data;
pub use dynamic::DynamicNamespace;
pub use emitter::Emitter;
pub use handler::{Event, Outcome};
pub use namespace::Namespace;
pub use server::SocketIo;
pub use socket::Socket;

/// Reads a packet and its arguments, for the fuzzer.
#[cfg(fuzzing)]
pub fn fuzz_packet(text: &str) {
    let Ok(packet) = packet::Packet::decode(text) else { return };
    if let Ok(args) = Args::parse(packet.data, Vec::new()) {
        let _ = args.read::<(Option<String>, serde_json::Value)>();
        let again = Args::of(&args).expect("what was read can be written");
        assert_eq!(again.len(), args.len());
    }
}
