//! Warnings that a client can cause: a few of each kind in a second, so that nobody fills the log of others.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How many of one kind are logged in a second. The rest are counted, and the count is in the next.
const PER_SECOND: u32 = 10;

/// One kind of warning.
#[derive(Debug)]
pub struct Notice(Mutex<State>);

#[derive(Debug)]
struct State {
    since: Option<Instant>,
    said: u32,
    left_out: u64,
}

impl Notice {
    pub const fn new() -> Self {
        Self(Mutex::new(State { since: None, said: 0, left_out: 0 }))
    }

    /// Logs the warning, if it is not one too many.
    pub fn warn(&self, what: impl fmt::Display) {
        let Some(left_out) = self.admit(Instant::now()) else { return };
        // A logger may panic, when nobody reads what it prints: whoever has something to log goes on.
        let _ = catch_unwind(AssertUnwindSafe(|| match left_out {
            0 => tide::log::warn!("{what}"),
            _ => tide::log::warn!("{what} (and {left_out} more before)"),
        }));
    }

    /// How many have been left out since the last one that was logged; `None` for one to be left out.
    fn admit(&self, now: Instant) -> Option<u64> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if state.since.is_none_or(|since| now.duration_since(since) >= Duration::from_secs(1)) {
            state.since = Some(now);
            state.said = 0;
        }
        if state.said == PER_SECOND {
            state.left_out += 1;
            return None;
        }
        state.said += 1;
        Some(std::mem::take(&mut state.left_out))
    }
}

#[cfg(test)]
mod tests;
