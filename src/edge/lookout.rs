//! When a connection asks the system for bytes, and when it waits to be told of some.
//!
//! To be told costs more than to ask, and to ask in vain costs for nothing. So a connection that has been read
//! dry waits; but now and then it lets all others have their turn and then asks once. If that was worth it, its
//! client is one that answers at once, and it is asked again the next time.

use std::sync::atomic::{AtomicU8, Ordering};

/// After so many times of waiting a connection asks once.
const PATIENCE: u8 = 16;
const ASK: u8 = u8::MAX;
const TRY: u8 = u8::MAX - 1;

/// What is known of a connection's next bytes.
#[derive(Debug)]
pub struct Lookout(
    /// `ASK`: there may be more. `TRY`: others had their turn, so it is worth a try. Any other number: it was read
    /// dry, and waits that often before it tries.
    AtomicU8,
);

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
        Self(AtomicU8::new(ASK))
    }
}

impl Lookout {
    pub fn next(&self) -> Next {
        match self.0.load(Ordering::Relaxed) {
            ASK | TRY => Next::Ask,
            0 => {
                self.0.store(TRY, Ordering::Relaxed);
                Next::Turn
            }
            _ => Next::Wait,
        }
    }

    /// Bytes have come; `dry` if those were all.
    pub fn came(&self, dry: bool) {
        let next = match self.0.load(Ordering::Relaxed) {
            _ if !dry => ASK,
            TRY => 0,
            ASK => PATIENCE,
            waits => waits.saturating_sub(1),
        };
        self.0.store(next, Ordering::Relaxed);
    }

    /// There were none.
    pub fn missed(&self) {
        self.0.store(PATIENCE, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests;
