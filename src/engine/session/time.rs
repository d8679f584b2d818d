//! What is due when: pings, pongs, and the patience with those who are late.

use super::{Heartbeat, NOOP_INTERVAL, Phase, Session, Upgrade};
use crate::engine::close::CloseReason;
use crate::engine::outbox::Outgoing;
use crate::engine::packet::Packet;
use std::time::{Duration, Instant};

/// How long a client may take nothing of what is written to it.
const STANDSTILL: Duration = Duration::from_secs(20);

impl Session {
    /// The moment something is due, if nothing else happens before.
    pub fn deadline(&self) -> Option<Instant> {
        match self.phase {
            Phase::Closed => return None,
            Phase::Closing { until } => return Some(until),
            Phase::Open => {}
        }
        let (Heartbeat::Ping { at } | Heartbeat::Pong { by: at }) = self.heartbeat;
        let upgrade = match self.upgrade {
            Upgrade::Trying { until, next_noop } => [Some(until), next_noop],
            Upgrade::None => [None, None],
        };
        let still = self.still_since.map(|since| since + STANDSTILL);
        [Some(at), upgrade[0], upgrade[1], self.join_by, still].into_iter().flatten().min()
    }

    /// Does what is due at `now`, and nothing twice.
    pub fn tick(&mut self, now: Instant) {
        match self.phase {
            Phase::Closed => return,
            Phase::Closing { until } if now >= until => {
                return self.abort(CloseReason::ForcedClose);
            }
            Phase::Closing { .. } => return,
            Phase::Open => {}
        }
        if let Upgrade::Trying { until, next_noop } = &mut self.upgrade {
            if now >= *until {
                self.upgrade = Upgrade::None;
            } else if next_noop.is_some_and(|at| now >= at) {
                self.noop = true;
                *next_noop = Some(now + NOOP_INTERVAL);
            }
        }
        if self.join_by.is_some_and(|by| now >= by) {
            // Nothing waits for a client that has said nothing: it need not be given time to fetch it.
            return self.abort(CloseReason::ForcedClose);
        }
        if self.still_since.is_some_and(|since| now >= since + STANDSTILL) {
            return self.abort(CloseReason::SlowConsumer);
        }
        match self.heartbeat {
            Heartbeat::Ping { at } if now >= at => {
                // Counted from when it was due, so that being a little late does not add up; but a clock that
                // jumped leaves the client its time.
                let is_late = now.duration_since(at) > self.rules.ping_timeout / 4;
                let sent = if is_late { now } else { at };
                self.heartbeat = Heartbeat::Pong { by: sent + self.rules.ping_timeout };
                self.send(Outgoing::packet(&Packet::Ping("")));
            }
            Heartbeat::Pong { by } if now >= by => self.abort(CloseReason::PingTimeout),
            _ => {}
        }
    }
}
