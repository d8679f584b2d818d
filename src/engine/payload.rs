//! Several packets in the body of one polling request or answer, with 0x1e between them.
//!
//! Protocol: Engine.IO v4, "Payload encoding". A length is never needed: JSON escapes 0x1e, and base64
//! has no such character.

use super::packet::{Packet, ParseError};

/// The character between two packets of a payload.
pub const SEPARATOR: char = '\x1e';

/// Reads a payload packet by packet; after the first error there is no more to read.
///
/// An empty body is one empty packet, so it is an error, as is a separator at either end.
///
/// ```
/// use tide_socketio::engine::{Packet, payload};
/// let packets: Result<Vec<_>, _> = payload::decode("4a\u{1e}2", 10).collect();
/// assert_eq!(packets, Ok(vec![Packet::Text("a"), Packet::Ping("")]));
/// ```
pub fn decode(
    body: &str,
    max_packets: usize,
) -> impl Iterator<Item = Result<Packet<'_>, ParseError>> {
    let mut failed = false;
    body.split(SEPARATOR).enumerate().map_while(move |(index, text)| {
        if failed {
            return None;
        }
        let packet = if index < max_packets {
            Packet::decode(text)
        } else {
            Err(ParseError::TooManyPackets)
        };
        failed = packet.is_err();
        Some(packet)
    })
}

/// Adds a packet to a payload under construction.
pub fn push(body: &mut String, packet: &Packet<'_>) {
    if !body.is_empty() {
        body.push(SEPARATOR);
    }
    packet.encode_into(body);
}

#[cfg(test)]
mod tests;
