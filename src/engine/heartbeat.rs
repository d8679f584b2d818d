//! One pacemaker for all sessions, instead of a timer each.
//!
//! It keeps the moment at which each session wants to be looked at. A session's deadline that moves
//! *later* is left where it is: the session is looked at too early, finds nothing due, and is put back.
//! So a pong costs nothing here.

use super::conn::Conn;
use async_std::channel::{Receiver, Sender, bounded};
use async_std::future::timeout;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

/// How long the pacemaker sleeps when it has nobody to look at.
const IDLE: Duration = Duration::from_secs(3600);

#[derive(Debug)]
pub struct Pacemaker {
    /// By when, and by where the session is: two may be due at the same moment.
    due: Mutex<BTreeMap<(Instant, usize), Weak<Conn>>>,
    /// Rings when the earliest deadline has moved.
    bell: Sender<()>,
    ring: Receiver<()>,
}

impl Pacemaker {
    /// A pacemaker, and the task that drives it until it is dropped.
    pub fn start() -> Arc<Self> {
        let (bell, ring) = bounded(1);
        let pacemaker = Arc::new(Self { due: Mutex::default(), bell, ring: ring.clone() });
        let weak = Arc::downgrade(&pacemaker);
        async_std::task::spawn(async move {
            loop {
                let Some(wait) = weak.upgrade().map(|pacemaker| pacemaker.beat(Instant::now()))
                else {
                    return;
                };
                let _ = timeout(wait, ring.recv()).await;
            }
        });
        pacemaker
    }

    /// Has `conn` looked at, at `at`. The entry replaces none: looking twice does no harm.
    pub fn watch(&self, conn: &Arc<Conn>, at: Instant) {
        let mut due = self.due.lock().unwrap_or_else(PoisonError::into_inner);
        due.insert((at, Arc::as_ptr(conn).addr()), Arc::downgrade(conn));
        let is_first = due.first_key_value().is_some_and(|((first, _), _)| *first >= at);
        drop(due);
        if is_first {
            let _ = self.bell.try_send(());
        }
    }

    /// `conn` is over, and need not be looked at, at `at`: until then its entry would keep its memory.
    pub fn forget(&self, conn: &Arc<Conn>, at: Instant) {
        let mut due = self.due.lock().unwrap_or_else(PoisonError::into_inner);
        due.remove(&(at, Arc::as_ptr(conn).addr()));
    }

    /// Has everyone looked at who is due, and says how long to sleep.
    fn beat(&self, now: Instant) -> Duration {
        let mut due = self.due.lock().unwrap_or_else(PoisonError::into_inner);
        let later = due.split_off(&(now, usize::MAX));
        let ready = std::mem::replace(&mut *due, later);
        let next = due.first_key_value().map(|((at, _), _)| *at);
        drop(due);
        if !ready.is_empty() {
            // In another task: a session that ends has handlers, and a slow one must not hold up the heartbeat of all.
            async_std::task::spawn(async move {
                for conn in ready.into_values().filter_map(|weak| weak.upgrade()) {
                    conn.tick(now);
                }
            });
        }
        next.map_or(IDLE, |at| at.saturating_duration_since(Instant::now()))
    }
}

impl Drop for Pacemaker {
    fn drop(&mut self) {
        self.ring.close();
    }
}

#[cfg(test)]
mod tests;
