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
use std::time::Instant;

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
    from: u64,
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
}

impl Recoveries {
    pub fn new(options: Recovery) -> Self {
        Self { options, kept: VecDeque::new(), bytes: 0, latest: 0, away: HashMap::new() }
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

    pub fn save(&mut self, pid: String, saved: Saved, now: Instant) {
        let limit = self.options.max_disconnection_duration;
        self.away.retain(|_, saved| now.duration_since(saved.since) <= limit);
        // Each of those who are away costs memory too.
        if self.away.len() < self.options.max_packets {
            self.away.insert(pid, saved);
        }
    }

    /// Gives back the socket of `pid`, if nothing that it missed has been dropped.
    pub fn restore(&mut self, pid: &str, offset: Option<&str>, now: Instant) -> Option<Comeback> {
        let offset = match offset {
            Some(text) => Some(text.parse().ok().filter(|offset| *offset <= self.latest)?),
            None => None,
        };
        // Taken out whatever comes of it: a private id is good for one return.
        let saved = self.away.remove(pid)?;
        if now.duration_since(saved.since) > self.options.max_disconnection_duration {
            return None;
        }
        let comeback = Comeback { from: saved.missing_from(offset), saved };
        self.missed(&comeback).is_some().then_some(comeback)
    }

    /// What a socket has missed up to now; `None` when some of it has been dropped.
    pub fn missed(&self, comeback: &Comeback) -> Option<Vec<Arc<Outgoing>>> {
        let first_kept = self.latest - self.kept.len() as u64 + 1;
        let first_missed = comeback.from + 1;
        let skip = first_missed.checked_sub(first_kept)?;
        let missed = self.kept.iter().skip(skip as usize);
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
