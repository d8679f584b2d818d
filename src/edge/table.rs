//! All connections of one edge: how many there may be, and their end when the server stops.

use super::Limits;
use super::conn::Conn;
use super::per_ip::PerIp;
use super::refusal::Refusal;
use super::waiters::Waiters;
use std::collections::HashMap;
use std::future::poll_fn;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::Poll;

/// The connections of one edge.
#[derive(Debug, Default)]
pub struct Table {
    places: Mutex<Places>,
    stopping: AtomicBool,
    changed: Waiters,
}

#[derive(Debug, Default)]
struct Places {
    next: u64,
    conns: HashMap<u64, Weak<Conn>>,
    per_ip: PerIp,
}

/// A connection's place in the table, free again when dropped.
#[derive(Debug)]
pub struct Place {
    table: Arc<Table>,
    number: u64,
    pub peer_addr: SocketAddr,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut places = self.table.lock();
        places.conns.remove(&self.number);
        places.per_ip.remove(self.peer_addr.ip());
        drop(places);
        if self.table.is_stopping() {
            self.table.changed.wake_all();
        }
    }
}

impl Table {
    fn lock(&self) -> MutexGuard<'_, Places> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for a connection from `peer_addr`, if there is one.
    pub(super) fn admit(
        self: &Arc<Self>,
        peer_addr: SocketAddr,
        limits: &Limits,
    ) -> Result<Place, Refusal> {
        let mut places = self.lock();
        let from_ip = places.per_ip.count(peer_addr.ip());
        if places.conns.len() >= limits.max_connections || from_ip >= limits.max_connections_per_ip
        {
            return Err(Refusal::FULL);
        }
        places.per_ip.add(peer_addr.ip());
        let number = places.next;
        places.next += 1;
        places.conns.insert(number, Weak::new());
        Ok(Place { table: self.clone(), number, peer_addr })
    }

    pub fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Acquire)
    }

    /// Has the accept loop end, and every connection look whether it is idle.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Release);
        self.changed.wake_all();
        self.each(Conn::wake);
    }

    /// Ends every connection whatever is going on.
    pub fn shut_down(&self) {
        self.each(Conn::shut_down);
    }

    fn each(&self, act: impl Fn(&Conn)) {
        // Dropping the last owner of a connection takes the lock, so that is done without it.
        let conns: Vec<_> = self.lock().conns.values().filter_map(Weak::upgrade).collect();
        conns.iter().for_each(|conn| act(conn));
    }

    /// Waits until the server is to stop.
    pub async fn stopped(&self) {
        self.until(|| self.is_stopping()).await;
    }

    /// Waits until no connection is left.
    pub async fn empty(&self) {
        self.until(|| self.lock().conns.is_empty()).await;
    }

    async fn until(&self, done: impl Fn() -> bool) {
        poll_fn(|cx| {
            self.changed.add(cx);
            if done() { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }
}

impl Place {
    pub fn table(&self) -> &Table {
        &self.table
    }

    /// Lets the table reach the connection.
    pub fn take(&self, conn: &Arc<Conn>) {
        self.table.lock().conns.insert(self.number, Arc::downgrade(conn));
    }
}

#[cfg(test)]
mod tests;
