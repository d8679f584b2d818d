//! One Socket.IO packet: type, attachments, namespace, ack id, JSON.
//!
//! Protocol: Socket.IO v5, "Packet encoding": `<type>[<attachments>-][<namespace>,][<id>][<JSON>]`. Stricter
//! than the JavaScript server where that one guesses: a blank is no ack id, `1e1` is no count.

use super::attachment::MAX_ATTACHMENTS;
use serde_json::value::RawValue;
use std::fmt::{self, Write};

/// The longest namespace a client may name.
const MAX_NAMESPACE: usize = 256;
/// JavaScript counts exactly up to here, so no honest client sends a larger id.
const MAX_ID: u64 = (1 << 53) - 1;
/// How deep arrays and objects may lie in one another; serde_json reads no deeper.
const MAX_DEPTH: usize = 127;

// ANCHOR: reserved
/// The events with a meaning of their own. No client sends them, no server emits them.
pub const RESERVED: [&str; 6] =
    ["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"];
// ANCHOR_END: reserved

/// What a packet is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `0`: enter a namespace, or the answer that one is in.
    Connect,
    /// `1`: leave a namespace.
    Disconnect,
    /// `2`, or `5` with attachments.
    Event,
    /// `3`, or `6` with attachments.
    Ack,
    /// `4`: the namespace cannot be entered.
    ConnectError,
}

/// A packet, without its attachments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packet<'a> {
    pub kind: Kind,
    pub nsp: &'a str,
    pub id: Option<u64>,
    pub attachments: usize,
    /// JSON, not too deep; empty if there is none. Well-formed too, but that of an event or an ack is found to be so
    /// by [`args`](Packet::args) only: it would be read twice.
    pub data: &'a str,
}

/// Why a packet could not be read. The JavaScript server closes the connection for it, and so do we.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecodeError {
    /// The first character is no packet type.
    UnknownType,
    /// No count of attachments where one belongs, or one out of 1 to 10.
    Attachments,
    /// A namespace of more than 256 bytes.
    Namespace,
    /// An ack id beyond 2^53 - 1.
    Id,
    /// Not JSON, or not the JSON that this type of packet takes.
    Payload,
    /// Arrays and objects more than 127 deep.
    Depth,
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnknownType => "unknown packet type",
            Self::Attachments => "illegal number of attachments",
            Self::Namespace => "namespace too long",
            Self::Id => "illegal ack id",
            Self::Payload => "invalid payload",
            Self::Depth => "payload nested too deep",
        })
    }
}

impl std::error::Error for DecodeError {}

impl<'a> Packet<'a> {
    /// Reads a packet.
    pub fn decode(text: &'a str) -> Result<Self, DecodeError> {
        let (kind, is_binary) = match text.as_bytes().first() {
            Some(b'0') => (Kind::Connect, false),
            Some(b'1') => (Kind::Disconnect, false),
            Some(b'2') => (Kind::Event, false),
            Some(b'3') => (Kind::Ack, false),
            Some(b'4') => (Kind::ConnectError, false),
            Some(b'5') => (Kind::Event, true),
            Some(b'6') => (Kind::Ack, true),
            _ => return Err(DecodeError::UnknownType),
        };
        let rest = &text[1..];
        let (attachments, rest) = if is_binary { read_attachments(rest)? } else { (0, rest) };
        let (nsp, rest) = read_namespace(rest)?;
        let (id, data) = read_id(rest)?;
        let packet = Self { kind, nsp, id, attachments, data };
        packet.check_data()?;
        Ok(packet)
    }

    fn check_data(&self) -> Result<(), DecodeError> {
        let first = self.data.as_bytes().first();
        let fits = match self.kind {
            Kind::Connect => matches!(first, None | Some(b'{')),
            Kind::Disconnect => first.is_none(),
            Kind::Event | Kind::Ack => first == Some(&b'['),
            Kind::ConnectError => matches!(first, None | Some(b'{' | b'"')),
        };
        if !fits {
            return Err(DecodeError::Payload);
        }
        if self.data.is_empty() {
            return Ok(());
        }
        check_depth(self.data)?;
        if !matches!(self.kind, Kind::Event | Kind::Ack) {
            serde_json::from_str::<&RawValue>(self.data).map_err(|_| DecodeError::Payload)?;
        }
        Ok(())
    }

    /// The name of an event and its arguments, or the arguments of an ack; none of them looked into.
    pub fn args(&self) -> Result<Vec<&'a RawValue>, DecodeError> {
        serde_json::from_str(self.data).map_err(|_| DecodeError::Payload)
    }
}

/// What stands before the JSON of a message, with room for so many bytes of it behind.
pub fn head(kind: Kind, attachments: usize, nsp: &str, id: Option<u64>, room: usize) -> String {
    let digit = match (kind, attachments > 0) {
        (Kind::Connect, _) => '0',
        (Kind::Disconnect, _) => '1',
        (Kind::Event, false) => '2',
        (Kind::Ack, false) => '3',
        (Kind::ConnectError, _) => '4',
        (Kind::Event, true) => '5',
        (Kind::Ack, true) => '6',
    };
    let mut text = String::with_capacity(48 + nsp.len() + room);
    text.push('4');
    text.push(digit);
    if attachments > 0 {
        let _ = write!(text, "{attachments}-");
    }
    if nsp != "/" {
        text.push_str(nsp);
        text.push(',');
    }
    if let Some(id) = id {
        let _ = write!(text, "{id}");
    }
    text
}

fn digits(text: &str) -> (&str, &str) {
    let end = text.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    text.split_at(end)
}

fn read_attachments(text: &str) -> Result<(usize, &str), DecodeError> {
    let (count, rest) = digits(text);
    let rest = rest.strip_prefix('-').ok_or(DecodeError::Attachments)?;
    match count.parse() {
        Ok(count @ 1..=MAX_ATTACHMENTS) => Ok((count, rest)),
        _ => Err(DecodeError::Attachments),
    }
}

fn read_namespace(text: &str) -> Result<(&str, &str), DecodeError> {
    if !text.starts_with('/') {
        return Ok(("/", text));
    }
    let (nsp, rest) = text.split_once(',').unwrap_or((text, ""));
    if nsp.len() > MAX_NAMESPACE {
        return Err(DecodeError::Namespace);
    }
    Ok((nsp, rest))
}

fn read_id(text: &str) -> Result<(Option<u64>, &str), DecodeError> {
    let (id, rest) = digits(text);
    if id.is_empty() {
        return Ok((None, text));
    }
    match id.parse() {
        Ok(id @ 0..=MAX_ID) => Ok((Some(id), rest)),
        _ => Err(DecodeError::Id),
    }
}

/// Raw JSON is skipped without recursion, so depth has to be counted here.
fn check_depth(json: &str) -> Result<(), DecodeError> {
    // Mostly there are too few brackets to nest too deep, which is quickly seen.
    if json.bytes().filter(|byte| matches!(byte, b'[' | b'{')).count() <= MAX_DEPTH {
        return Ok(());
    }
    let mut depth = 0_usize;
    let mut in_string = false;
    let mut bytes = json.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => in_string = !in_string,
            b'\\' if in_string => {
                bytes.next();
            }
            b'[' | b'{' if !in_string => depth += 1,
            b']' | b'}' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_DEPTH {
            return Err(DecodeError::Depth);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
