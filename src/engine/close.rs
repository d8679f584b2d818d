//! Why a session ends.

use std::fmt;

/// Why a session ended, in the words of the JavaScript server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CloseReason {
    /// The client closed it, or its connection ended.
    TransportClose,
    /// The client broke the transport's rules.
    TransportError,
    /// No pong in time.
    PingTimeout,
    /// A packet could not be read.
    ParseError,
    /// The server closed it.
    ForcedClose,
    /// The server stops.
    ServerShuttingDown,
    /// The client read too slowly for what was sent to it.
    SlowConsumer,
}

impl CloseReason {
    /// The WebSocket close code that goes with it, for a close that the server begins.
    pub(super) fn code(self) -> u16 {
        match self {
            Self::TransportClose | Self::ForcedClose => 1000,
            Self::ServerShuttingDown => 1001,
            Self::TransportError | Self::ParseError => 1002,
            Self::PingTimeout | Self::SlowConsumer => 1008,
        }
    }

    /// As JavaScript names it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TransportClose => "transport close",
            Self::TransportError => "transport error",
            Self::PingTimeout => "ping timeout",
            Self::ParseError => "parse error",
            Self::ForcedClose => "forced close",
            Self::ServerShuttingDown => "server shutting down",
            Self::SlowConsumer => "slow consumer",
        }
    }
}

impl fmt::Display for CloseReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
