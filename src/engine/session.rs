//! One client as a state machine: what comes in and what time it is, what goes out. No socket, no clock,
//! no task: whoever moves the bytes calls a method, then looks at what there is to send.
//!
//! What concerns one transport only is in `polling.rs`, `websocket.rs` and `upgrade.rs`, what time does in `time.rs`.
//!
//! Protocol: Engine.IO v4, "Transports", "Upgrade", "Heartbeat".

use super::close::CloseReason;
use super::outbox::{Outbox, Outgoing};
use super::packet::Packet;
use super::transport::TransportKind;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long a session that was closed politely waits for its client to fetch the last packets.
const LINGER: Duration = Duration::from_secs(30);

/// How long a poll may still wait once its client wants to move. Not at once: what the server says just then
/// would find no poll, and a client that polls on would do so as fast as it can.
const NOOP_INTERVAL: Duration = Duration::from_millis(100);

/// The times and limits a session lives by.
#[derive(Debug, Clone)]
pub struct Rules {
    /// From a pong to the next ping.
    pub ping_interval: Duration,
    /// From a ping to the pong that must answer it.
    pub ping_timeout: Duration,
    /// From the opening of the second transport to the end of the upgrade.
    pub upgrade_timeout: Duration,
    /// Bytes that may wait for a client before it is closed.
    pub max_outbox: usize,
    /// Bytes of messages that may wait for the layer above before no more are read. The client's own sending
    /// then stands still, as TCP has it, and nobody's memory grows.
    pub max_inbox: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Open,
    /// Closed for the application; the client may still fetch what was queued before.
    Closing {
        until: Instant,
    },
    Closed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Upgrade {
    None,
    /// A WebSocket is open beside the polling transport. Once `2probe` has come over it, polls are ended, so
    /// that the client can leave: at `next_noop`, and again and again.
    Trying {
        until: Instant,
        next_noop: Option<Instant>,
    },
}

/// At most one ping is on its way, so a clock that jumps cannot cause a burst.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Heartbeat {
    Ping { at: Instant },
    Pong { by: Instant },
}

/// A message for the layer above.
#[derive(Debug, PartialEq, Eq)]
pub enum Message<'a> {
    /// Text.
    Text(&'a str),
    /// Bytes.
    Binary(&'a [u8]),
}

/// Why a request cannot be taken in the state the session is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// There is no such session any more.
    Gone,
    /// The session lives on the other transport.
    WrongTransport,
    /// The same request is under way already; the session was closed for it.
    Overlap,
}

/// What a poll is answered that was waiting when the session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Farewell {
    Close,
    /// The client knows: it has closed the session itself.
    Noop,
}

/// What the WebSocket that tries an upgrade has to do after a packet.
#[derive(Debug, PartialEq, Eq)]
pub enum Probe {
    /// Send `3probe`.
    Answer,
    /// It is the session's transport now.
    Done,
    /// Close; the session goes on over polling.
    Refuse,
}

/// The state of one session.
#[derive(Debug)]
pub struct Session {
    rules: Arc<Rules>,
    phase: Phase,
    reason: Option<CloseReason>,
    transport: TransportKind,
    upgrade: Upgrade,
    heartbeat: Heartbeat,
    /// A client that has to say something more by then, or be closed.
    join_by: Option<Instant>,
    polling: bool,
    /// The poll that waits came when its client had every reason to be on its way elsewhere.
    poll_is_late: bool,
    poll_refused: bool,
    posting: bool,
    /// The next poll, or the one that waits, ends now.
    noop: bool,
    farewell: Option<Farewell>,
    outbox: Outbox,
    /// Since when the client takes nothing of what is being written.
    still_since: Option<Instant>,
    /// Bytes of messages that the layer above has been given and not got to yet.
    held: usize,
}

impl Session {
    /// A session just opened over `transport`.
    pub fn new(rules: Arc<Rules>, transport: TransportKind, now: Instant) -> Self {
        let heartbeat = Heartbeat::Ping { at: now + rules.ping_interval };
        Self {
            rules,
            phase: Phase::Open,
            reason: None,
            transport,
            upgrade: Upgrade::None,
            heartbeat,
            join_by: None,
            polling: false,
            poll_is_late: false,
            poll_refused: false,
            posting: false,
            noop: false,
            farewell: None,
            outbox: Outbox::default(),
            still_since: None,
            held: 0,
        }
    }

    /// Whether the application may still use it.
    pub fn is_open(&self) -> bool {
        self.phase == Phase::Open
    }

    /// Whether nothing is left to do for it.
    pub fn is_closed(&self) -> bool {
        self.phase == Phase::Closed
    }

    /// Why it ended, once it has.
    pub fn reason(&self) -> Option<CloseReason> {
        self.reason
    }

    /// The transport that carries it.
    pub fn transport(&self) -> TransportKind {
        self.transport
    }

    /// Whether a packet would leave at once: nothing waits, and the transport can take it.
    pub fn is_writable(&self) -> bool {
        self.is_open()
            && self.outbox.is_empty()
            && (self.polling || self.transport == TransportKind::WebSocket)
    }

    /// Closes the session unless [`joined`](Self::joined) is called in time.
    pub fn must_join(&mut self, by: Instant) {
        self.join_by = Some(by);
    }

    /// The client has done what [`must_join`](Self::must_join) asked for.
    pub fn joined(&mut self) {
        self.join_by = None;
    }

    // ---- out

    /// Queues a message. A client with too much waiting already is closed instead.
    pub fn send(&mut self, message: Arc<Outgoing>) {
        if self.is_open() && !self.outbox.push(message, self.rules.max_outbox) {
            self.abort(CloseReason::SlowConsumer);
        }
    }

    /// Ends the session for the application; what is queued still goes out, then the close.
    pub fn close(&mut self, reason: CloseReason, now: Instant) {
        if !self.is_open() {
            return;
        }
        self.phase = Phase::Closing { until: now + LINGER };
        self.reason = Some(reason);
        self.upgrade = Upgrade::None;
        if self.polling && self.outbox.is_empty() {
            self.farewell = Some(Farewell::Close);
            self.phase = Phase::Closed;
        }
    }

    /// Ends the session at once. A waiting poll is answered with the close packet.
    pub fn abort(&mut self, reason: CloseReason) {
        self.end(reason, Farewell::Close);
    }

    fn end(&mut self, reason: CloseReason, farewell: Farewell) {
        if self.phase == Phase::Closed {
            return;
        }
        self.reason.get_or_insert(reason);
        self.phase = Phase::Closed;
        self.upgrade = Upgrade::None;
        self.outbox.clear();
        if self.polling {
            self.farewell = Some(farewell);
        }
    }

    // ---- in

    /// Takes a packet over the session's own transport; a message is for the layer above.
    pub fn receive<'a>(&mut self, packet: &'a Packet<'_>, now: Instant) -> Option<Message<'a>> {
        if !self.is_open() {
            return None;
        }
        match packet {
            Packet::Text(text) => return Some(Message::Text(text)),
            Packet::Binary(data) => return Some(Message::Binary(data)),
            Packet::Pong(_) => {
                // Only the pong that was asked for counts.
                if let Heartbeat::Pong { .. } = self.heartbeat {
                    self.heartbeat = Heartbeat::Ping { at: now + self.rules.ping_interval };
                }
            }
            Packet::Close => self.end(CloseReason::TransportClose, Farewell::Noop),
            Packet::Ping(_) => self.abort(CloseReason::TransportError),
            Packet::Open(_) | Packet::Upgrade | Packet::Noop => {}
        }
        None
    }

    /// The layer above cannot get to a message of so many bytes yet.
    pub fn hold(&mut self, bytes: usize) {
        self.held += bytes;
    }

    /// The layer above has got to it.
    pub fn release(&mut self, bytes: usize) {
        self.held = self.held.saturating_sub(bytes);
    }

    /// Whether nothing more may be read from this client for now.
    pub fn is_backlogged(&self) -> bool {
        self.held > self.rules.max_inbox && self.is_open()
    }
}

mod polling;
#[cfg(any(test, fuzzing))]
pub mod story;
#[cfg(test)]
mod tests;
mod time;
mod upgrade;
mod websocket;
