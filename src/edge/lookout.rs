//! When a connection asks the system for bytes, and when it waits to be told of some.
//!
//! To be told costs more than to ask, and to ask in vain costs for nothing. So a connection that has been read
//! dry waits; but now and then it lets all others have their turn and then asks once. If that was worth it, its
//! client is one that answers at once, and it is asked again the next time. The more often that goes well, the
//! sooner it is tried again after it did not.

use std::sync::atomic::{AtomicU8, Ordering};

/// After so many times of waiting a connection asks once, at the latest.
const MAX_PATIENCE: u8 = 16;
const ASK: u8 = u8::MAX;
const TRY: u8 = u8::MAX - 1;

/// What is known of a connection's next bytes.
#[derive(Debug)]
pub struct Lookout {
    /// `ASK`: there may be more. `TRY`: others had their turn, so it is worth a try. Any other number: it was read
    /// dry, and waits that often before it tries.
    next: AtomicU8,
    /// How often it waits after it was asked in vain.
    patience: AtomicU8,
}

/// How to go about the next read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Ask the system.
    Ask,
    /// Let all others have their turn, and come again.
    Turn,
    /// Wait until the system tells.
    Wait,
}

impl Default for Lookout {
    fn default() -> Self {
        Self { next: AtomicU8::new(ASK), patience: AtomicU8::new(MAX_PATIENCE) }
    }
}

impl Lookout {
    pub fn next(&self) -> Next {
        match self.next.load(Ordering::Relaxed) {
            ASK | TRY => Next::Ask,
            0 => {
                self.next.store(TRY, Ordering::Relaxed);
                Next::Turn
            }
            _ => Next::Wait,
        }
    }

    /// Bytes have come; `dry` if those were all.
    pub fn came(&self, dry: bool) {
        let next = match self.next.load(Ordering::Relaxed) {
            _ if !dry => ASK,
            TRY => {
                self.be_patient(|patience| (patience / 2).max(1));
                0
            }
            ASK => self.patience.load(Ordering::Relaxed),
            waits => waits.saturating_sub(1),
        };
        self.next.store(next, Ordering::Relaxed);
    }

    /// There were none.
    pub fn missed(&self) {
        self.next.store(self.patience.load(Ordering::Relaxed), Ordering::Relaxed);
        self.be_patient(|patience| (patience * 2).min(MAX_PATIENCE));
    }

    fn be_patient(&self, change: impl Fn(u8) -> u8) {
        self.patience.store(change(self.patience.load(Ordering::Relaxed)), Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests;
