//! Acknowledgements that the server waits for, and how long.

use super::args::Args;
use super::socket::Socket;
use crate::notice::Notice;
use async_std::channel::{Receiver, Sender, bounded};
use async_std::future::timeout;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

static OWED: Notice = Notice::new();

/// Why an acknowledgement did not come, or cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AckError {
    /// The time was up.
    Timeout,
    /// The socket was disconnected before it answered, or owed more acks than `max_acks`.
    Disconnected,
    /// It answered with something else than was asked for; the text says what.
    Unexpected(String),
}

impl fmt::Display for AckError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Timeout => f.write_str("operation has timed out"),
            Self::Disconnected => f.write_str("socket has been disconnected"),
            Self::Unexpected(what) => write!(f, "unexpected acknowledgement: {what}"),
        }
    }
}

impl std::error::Error for AckError {}

/// The acknowledgements one socket owes, by packet id.
#[derive(Debug)]
pub struct Acks {
    owed: Mutex<BTreeMap<u64, Sender<Args>>>,
    limit: usize,
}

impl Acks {
    /// At most `limit` are waited for.
    pub fn new(limit: usize) -> Self {
        Self { owed: Mutex::default(), limit }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<u64, Sender<Args>>> {
        self.owed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Expects the acknowledgement of packet `id`. One too many, and the oldest is given up: a client that
    /// never answers costs no more than the limit.
    fn expect(&self, id: u64) -> (Receiver<Args>, bool) {
        let (sender, receiver) = bounded(1);
        let mut owed = self.lock();
        let is_one_too_many = owed.len() >= self.limit;
        if is_one_too_many {
            owed.pop_first();
        }
        owed.insert(id, sender);
        (receiver, is_one_too_many)
    }

    /// One has come. Only the first for an id counts, and only for an id that was given out.
    pub fn settle(&self, id: u64, args: Args) {
        let sender = self.lock().remove(&id);
        if let Some(sender) = sender {
            let _ = sender.try_send(args);
        }
    }

    pub fn forget(&self, id: u64) {
        self.lock().remove(&id);
    }

    /// Nothing more will come: those who wait get [`AckError::Disconnected`].
    pub fn clear(&self) {
        self.lock().clear();
    }
}

/// An acknowledgement that is waited for; forgotten when nobody waits any more.
pub struct Expected {
    receiver: Receiver<Args>,
    /// It took the place of an older one.
    is_one_too_many: bool,
    socket: Socket,
    id: u64,
}

impl Expected {
    /// Expects the acknowledgement of packet `id` from this socket. This calls nobody, so it may be used under a lock.
    pub fn new(socket: Socket, id: u64) -> Self {
        let (receiver, is_one_too_many) = socket.acks().expect(id);
        Self { receiver, is_one_too_many, socket, id }
    }

    /// Waits for it, at most so long, and reads it.
    pub async fn answer<R: DeserializeOwned>(
        &self,
        limit: Option<Duration>,
    ) -> Result<R, AckError> {
        if self.is_one_too_many {
            OWED.warn(format_args!(
                "socket {} owes more than max_acks ({}) acks; the oldest is given up",
                self.socket.id(),
                self.socket.acks().limit
            ));
        }
        let received = match limit {
            Some(limit) => {
                timeout(limit, self.receiver.recv()).await.map_err(|_| AckError::Timeout)?
            }
            None => self.receiver.recv().await,
        };
        let args = received.map_err(|_| AckError::Disconnected)?;
        args.read().map_err(|error| AckError::Unexpected(error.to_string()))
    }
}

impl Drop for Expected {
    fn drop(&mut self) {
        self.socket.acks().forget(self.id);
    }
}
