//! One Engine.IO packet: a digit for its type, then its data.
//!
//! Protocol: Engine.IO v4, "Packet encoding". Binary messages have no digit: over a WebSocket they are
//! binary frames, over long-polling (and for `b64` clients) a `b` and base64.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use std::borrow::Cow;
use std::fmt;

/// A packet as it stands in a text frame or in a polling payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Packet<'a> {
    /// `0`: the handshake, sent by the server only.
    Open(&'a str),
    /// `1`: this side closes the session.
    Close,
    /// `2`: heartbeat of the server, or `2probe` from a client that tries an upgrade.
    Ping(&'a str),
    /// `3`: the answer to a ping.
    Pong(&'a str),
    /// `4`: a text message.
    Text(&'a str),
    /// A binary message.
    Binary(Cow<'a, [u8]>),
    /// `5`: the client has moved to the transport it probed.
    Upgrade,
    /// `6`: nothing; it ends a poll.
    Noop,
}

/// Why a packet could not be read. The session ends with the reason "parse error".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParseError {
    /// There is not even a type.
    Empty,
    /// The first character is no type of Engine.IO v4.
    UnknownType,
    /// What follows `b` is not base64.
    Base64,
    /// More packets in one payload than the server takes.
    TooManyPackets,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "empty packet",
            Self::UnknownType => "unknown packet type",
            Self::Base64 => "invalid base64 after b",
            Self::TooManyPackets => "too many packets in one payload",
        })
    }
}

impl std::error::Error for ParseError {}

impl<'a> Packet<'a> {
    /// Reads one packet.
    ///
    /// ```
    /// use tide_socketio::engine::Packet;
    /// assert_eq!(Packet::decode("4hello"), Ok(Packet::Text("hello")));
    /// ```
    pub fn decode(text: &'a str) -> Result<Self, ParseError> {
        let kind = *text.as_bytes().first().ok_or(ParseError::Empty)?;
        if !kind.is_ascii() {
            return Err(ParseError::UnknownType);
        }
        let data = &text[1..];
        Ok(match kind {
            b'0' => Self::Open(data),
            b'1' => Self::Close,
            b'2' => Self::Ping(data),
            b'3' => Self::Pong(data),
            b'4' => Self::Text(data),
            b'5' => Self::Upgrade,
            b'6' => Self::Noop,
            b'b' => {
                Self::Binary(BASE64_STANDARD.decode(data).map_err(|_| ParseError::Base64)?.into())
            }
            _ => return Err(ParseError::UnknownType),
        })
    }

    /// Writes the packet as text, at the end of `out`.
    pub fn encode_into(&self, out: &mut String) {
        let (kind, data) = match self {
            Self::Open(data) => ('0', *data),
            Self::Close => ('1', ""),
            Self::Ping(data) => ('2', *data),
            Self::Pong(data) => ('3', *data),
            Self::Text(data) => ('4', *data),
            Self::Upgrade => ('5', ""),
            Self::Noop => ('6', ""),
            Self::Binary(data) => {
                out.push('b');
                return BASE64_STANDARD.encode_string(data, out);
            }
        };
        out.push(kind);
        out.push_str(data);
    }
}
