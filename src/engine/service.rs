//! What an engine is used for, seen from below.

use super::close::CloseReason;
use super::conn::Conn;
use super::session::Message;
use std::sync::Arc;

/// What sits above the sessions of an [`Engine`](super::Engine).
pub trait Service: Send + Sync + 'static {
    /// A client has opened a session. What is returned receives all that comes over it.
    fn open(&self, conn: &Arc<Conn>) -> Box<dyn Inbox>;
}

/// What receives the messages of one session, in the order they were sent.
pub trait Inbox: Send + Sync {
    /// A message has come. It must not block; `Err` ends the session as a parse error of the layer above.
    fn message(&self, message: Message<'_>) -> Result<(), BadMessage>;

    /// The session has ended; nothing comes after this.
    fn closed(&self, reason: CloseReason);
}

/// A message that the layer above could not read, and why, for the log.
#[derive(Debug)]
pub struct BadMessage(pub String);
