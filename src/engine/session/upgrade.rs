//! A session that moves from long-polling to a WebSocket, with nothing lost on the way.

use super::{NOOP_INTERVAL, Probe, Refused, Session, Upgrade};
use crate::engine::packet::Packet;
use crate::engine::transport::TransportKind;
use std::time::Instant;

impl Session {
    /// A WebSocket asks to take over. Only one at a time may try.
    pub fn begin_upgrade(&mut self, now: Instant) -> Result<(), Refused> {
        self.check(TransportKind::Polling)?;
        if !self.is_open() || self.upgrade != Upgrade::None {
            return Err(Refused::WrongTransport);
        }
        let until = now + self.rules.upgrade_timeout;
        self.noop = false;
        self.upgrade = Upgrade::Trying { until, next_noop: None };
        Ok(())
    }

    /// A packet has come over the WebSocket that tries to take over.
    pub fn probe(&mut self, packet: &Packet<'_>, now: Instant) -> Probe {
        // ANCHOR: probe
        match (self.upgrade, packet) {
            (Upgrade::Trying { until, next_noop: None }, Packet::Ping("probe")) => {
                let next_noop = Some(now + NOOP_INTERVAL);
                self.upgrade = Upgrade::Trying { until, next_noop };
                Probe::Answer
            }
            (Upgrade::Trying { next_noop: Some(_), .. }, Packet::Upgrade) => {
                self.upgrade = Upgrade::None;
                self.transport = TransportKind::WebSocket;
                self.poll_refused = self.polling && self.poll_is_late;
                Probe::Done
            }
            _ => Probe::Refuse,
        }
        // ANCHOR_END: probe
    }

    /// The WebSocket has gone before it took over; polling goes on as if nothing had been.
    pub fn upgrade_lost(&mut self) {
        self.upgrade = Upgrade::None;
    }

    /// Whether the WebSocket that tries to take over may go on trying.
    pub fn is_upgrading(&self) -> bool {
        self.upgrade != Upgrade::None
    }
}
