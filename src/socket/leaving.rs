//! How a socket ends, whoever ends it.

use super::packet::{self, Kind};
use super::queue::Job;
use super::recovery::Saved;
use super::socket::{CONNECTED, GONE, Socket};
use crate::engine::{CloseReason, Outgoing};
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// Why a socket is over that the server threw out.
const BY_SERVER: &str = "server namespace disconnect";

impl Socket {
    /// Leaves the namespace: JavaScript's `socket.disconnect()`. The connection stays for other namespaces.
    ///
    /// Nothing reaches the socket any more when this returns; its `"disconnect"` handlers may still be running.
    pub fn disconnect(&self) {
        self.gone(BY_SERVER);
    }

    /// Leaves every namespace and closes the connection: JavaScript's `socket.disconnect(true)`.
    pub fn disconnect_transport(&self) {
        for socket in self.0.client.sockets() {
            socket.disconnect();
        }
        self.disconnect();
        self.conn().close(CloseReason::ForcedClose);
    }

    /// The client has left the namespace.
    pub(super) fn left(&self) {
        self.gone("client namespace disconnect");
    }

    /// The socket is over: its seat is free, nobody reaches it any more, and its last handlers are due.
    pub(super) fn gone(&self, reason: &'static str) {
        let status = self.0.status.swap(GONE, Ordering::AcqRel);
        if status == GONE {
            // Its seat may be another socket's by now.
            return;
        }
        self.0.client.vacate(self.nsp().name());
        if status != CONNECTED {
            // Nobody has been told that it came.
            return self.forget();
        }
        let pid = self.pid().filter(|_| is_recoverable(reason));
        let mut rooms = self.nsp().adapter().remove(self.id(), pid, |rooms, latest| {
            let data = self.0.data.get_or_init(Arc::default).clone();
            Saved::new(self.0.id.clone(), rooms, data, &self.0.mark, latest)
        });
        if reason == BY_SERVER {
            // Not before now: as soon as the client knows, it may enter again.
            let text = packet::head(Kind::Disconnect, 0, self.nsp().name(), None, 0);
            self.conn().send(Outgoing::message(text, Vec::new()));
        }
        rooms.insert(0, self.id().to_owned());
        *self.own_rooms() = rooms;
        self.0.acks.clear();
        self.off_any_outgoing();
        self.push(Job::Disconnect(reason));
        self.nsp().forget_if_empty();
    }

    /// Forgets everything the application gave it: handlers may hold sockets, and would keep them alive.
    pub(super) fn forget(&self) {
        self.own_rooms().clear();
        let listeners = std::mem::take(&mut *self.listeners());
        // Not under the lock: what they hold is the application's.
        drop(listeners);
    }

    pub(super) fn clear_rooms(&self) {
        self.own_rooms().clear();
    }
}

/// After these the client may come back and go on; after a disconnect that either side asked for, not.
fn is_recoverable(reason: &str) -> bool {
    !reason.ends_with("namespace disconnect")
}
