//! Connection state recovery: what clients missed while they were away for a moment.
//!
//! With it on, an event carries its offset as an extra last argument, and a client that comes back names
//! its private session id (`pid`) and the last offset it saw. A session is given back at most once, and
//! only if nothing it missed has been dropped since: a client told `recovered` has no gap.

use super::adapter::Audience;
use super::data::Data;
use crate::engine::Outgoing;
use crate::options::Recovery;
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// How often those who have been away for too long are looked for: not whenever one leaves, as thousands may
/// leave at once.
const SWEEP: Duration = Duration::from_secs(1);

/// What a live socket has been sent: the offsets at its beginning and of its last message.
#[derive(Debug, Default)]
pub struct Mark {
    begun: AtomicU64,
    sent: AtomicU64,
}

impl Mark {
    /// Nothing has been sent yet; the namespace stands at `offset`.
    pub fn begin(&self, offset: u64) {
        self.begun.store(offset, Ordering::Relaxed);
    }

    pub fn sent(&self, offset: u64) {
        self.sent.store(offset, Ordering::Relaxed);
    }

    /// The socket goes on where it was, and is sent what it missed.
    pub fn resume(&self, comeback: &Comeback, missed: &[Arc<Outgoing>], latest: u64) {
        self.begin(comeback.saved.begun);
        self.sent(if missed.is_empty() { comeback.saved.sent } else { latest });
    }
}

/// A socket that comes back.
#[derive(Debug)]
pub struct Comeback {
    pub saved: Saved,
    /// It may have missed what has a larger offset.
    pub from: u64,
}

/// A socket that has gone and may come back.
#[derive(Debug, Clone)]
pub struct Saved {
    /// Its id.
    pub id: Arc<str>,
    /// The rooms it was in.
    pub rooms: Vec<String>,
    /// Its data.
    pub data: Arc<Data>,
    begun: u64,
    sent: u64,
    left: u64,
    since: Instant,
}

impl Saved {
    /// A socket that leaves when the namespace stands at offset `left`.
    pub fn new(id: Arc<str>, rooms: Vec<String>, data: Arc<Data>, mark: &Mark, left: u64) -> Self {
        let begun = mark.begun.load(Ordering::Relaxed);
        let sent = mark.sent.load(Ordering::Relaxed);
        Self { id, rooms, data, begun, sent, left, since: Instant::now() }
    }

    /// From where on messages may be missing, if `offset` is the last that the client saw.
    ///
    /// A client that saw all it was sent has missed only what came after it left, even where the message it
    /// saw last has long been dropped. One that saw nothing names no offset.
    fn missing_from(&self, offset: Option<u64>) -> u64 {
        match offset {
            None if self.sent == 0 => self.left,
            None => self.begun,
            Some(offset) if offset >= self.sent => self.left,
            Some(offset) => offset,
        }
    }
}

#[derive(Debug)]
struct Kept {
    at: Instant,
    audience: Audience,
    message: Arc<Outgoing>,
}

/// What a namespace keeps for those who are away.
#[derive(Debug)]
pub struct Recoveries {
    options: Recovery,
    /// The messages with the offsets `latest - kept.len() + 1` to `latest`.
    kept: VecDeque<Kept>,
    bytes: usize,
    latest: u64,
    away: HashMap<String, Saved>,
    /// When those were last looked for who have been away for too long.
    swept: Instant,
}

impl Recoveries {
    pub fn new(options: Recovery) -> Self {
        let (kept, away) = (VecDeque::new(), HashMap::new());
        Self { options, kept, bytes: 0, latest: 0, away, swept: Instant::now() }
    }

    /// The offset of the last message.
    pub fn latest(&self) -> u64 {
        self.latest
    }

    /// Gives a message its offset and keeps it, as long as the limits allow.
    pub fn keep(
        &mut self,
        audience: &Audience,
        encode: impl FnOnce(u64) -> Arc<Outgoing>,
        now: Instant,
    ) -> (u64, Arc<Outgoing>) {
        self.latest += 1;
        let message = encode(self.latest);
        self.bytes += message.size();
        let audience = audience.clone();
        self.kept.push_back(Kept { at: now, audience, message: message.clone() });
        while self.kept.front().is_some_and(|oldest| {
            now.duration_since(oldest.at) > self.options.max_disconnection_duration
                || self.kept.len() > self.options.max_packets
                || self.bytes > self.options.max_bytes
        }) {
            if let Some(oldest) = self.kept.pop_front() {
                self.bytes -= oldest.message.size();
            }
        }
        (self.latest, message)
    }

    /// Remembers a socket that has left. Returns those that are forgotten: they hold what is the application's,
    /// so the caller drops them, without a lock.
    pub fn save(&mut self, pid: String, saved: Saved, now: Instant) -> Vec<Saved> {
        let mut forgotten = Vec::new();
        if now.duration_since(self.swept) >= SWEEP {
            self.swept = now;
            let limit = self.options.max_disconnection_duration;
            let late = self.away.extract_if(|_, saved| now.duration_since(saved.since) > limit);
            forgotten.extend(late.map(|(_, saved)| saved));
        }
        // Each of those who are away costs memory too.
        if self.away.len() < self.options.max_packets {
            forgotten.extend(self.away.insert(pid, saved));
        } else {
            forgotten.push(saved);
        }
        forgotten
    }

    /// Takes out the socket of `pid`, whatever comes of it: a private id is good for one return.
    pub fn take(&mut self, pid: &str) -> Option<Saved> {
        self.away.remove(pid)
    }

    /// From where on a socket may have missed something, if it comes in time and nothing of that has been
    /// dropped. `offset` is the last it saw.
    pub fn gap(&self, saved: &Saved, offset: Option<&str>, now: Instant) -> Option<u64> {
        let offset = match offset {
            Some(text) => Some(text.parse().ok().filter(|offset| *offset <= self.latest)?),
            None => None,
        };
        let is_late = now.duration_since(saved.since) > self.options.max_disconnection_duration;
        let from = saved.missing_from(offset);
        (!is_late && self.skipped(from).is_some()).then_some(from)
    }

    /// How many of the messages kept a socket has seen that has seen all up to `from`; `None` when one it has
    /// not seen has been dropped.
    fn skipped(&self, from: u64) -> Option<usize> {
        let first_kept = self.latest - self.kept.len() as u64 + 1;
        (from + 1).checked_sub(first_kept).map(|skipped| skipped as usize)
    }

    /// What a socket has missed up to now; `None` when some of it has been dropped.
    pub fn missed(&self, comeback: &Comeback) -> Option<Vec<Arc<Outgoing>>> {
        let missed = self.kept.iter().skip(self.skipped(comeback.from)?);
        let missed = missed.filter(|kept| is_for(&kept.audience, &comeback.saved));
        Some(missed.map(|kept| kept.message.clone()).collect())
    }
}

fn is_for(audience: &Audience, saved: &Saved) -> bool {
    let is_in = |room: &String| **room == *saved.id || saved.rooms.contains(room);
    (audience.rooms.is_empty() || audience.rooms.iter().any(is_in))
        && !audience.except.iter().any(is_in)
}

#[cfg(test)]
mod tests;
