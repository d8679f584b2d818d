//! The two ways bytes travel.

pub mod frame;
pub(super) mod polling;
pub(super) mod websocket;
pub(super) mod wire;

/// The transport that carries a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TransportKind {
    /// One request to fetch, another to send.
    Polling,
    /// RFC 6455.
    WebSocket,
}

impl TransportKind {
    /// Its name in the query and in `upgrades`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Polling => "polling",
            Self::WebSocket => "websocket",
        }
    }
}
