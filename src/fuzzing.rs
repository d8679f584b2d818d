//! What the fuzz targets drive. Each takes any bytes and panics if something does not hold.

pub use crate::engine::fuzz_session as session;

use crate::engine::{Packet, payload};

/// Engine.IO payloads: what is read is written again as something that reads the same.
pub fn payload(body: &str) {
    let Ok(packets) = payload::decode(body, 1000).collect::<Result<Vec<_>, _>>() else { return };
    let mut again = String::new();
    packets.iter().for_each(|packet| payload::push(&mut again, packet));
    let read: Result<Vec<Packet<'_>>, _> = payload::decode(&again, 1000).collect();
    assert_eq!(read, Ok(packets));
}

/// Socket.IO packets: what is read can be looked into.
pub fn packet(text: &str) {
    crate::socket::fuzz_packet(text);
}
