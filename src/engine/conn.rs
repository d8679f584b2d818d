//! The handle on one session: what transports, timers and the layer above share.
//!
//! Every change goes through [`Conn::update`]: the state changes under a lock, and whoever has something
//! to do because of it is woken after the lock is free. No foreign code ever runs under the lock.

use super::close::CloseReason;
use super::flusher::Flusher;
use super::handshake::ClientRequest;
use super::heartbeat::Pacemaker;
use super::outbox::Outgoing;
use super::packet::{Packet, ParseError};
use super::service::{BadMessage, Inbox, Service};
use super::session::{Message, Session};
use super::sessions::Sessions;
use super::transport::TransportKind;
use super::transport::wire::Wire;
use super::waiting::Waiter;
use crate::notice::Notice;
use bytes::Bytes;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::task::{Context, Waker};
use std::time::Instant;

static UNREADABLE: Notice = Notice::new();
static SLOW: Notice = Notice::new();
static BEHIND: Notice = Notice::new();

#[derive(Debug)]
pub(super) struct Shared {
    pub(super) session: Session,
    pub(super) wakers: [Option<Waker>; 3],
    /// When the pacemaker looks at this session next.
    watched: Option<Instant>,
    /// Whether the layer above has been told of the end.
    told: bool,
    /// Whether the flusher's next pass writes to this session.
    is_marked: bool,
}

/// One client's connection, over whatever transport: JavaScript's `socket.conn`.
pub struct Conn {
    sid: Arc<str>,
    request: Arc<ClientRequest>,
    shared: Mutex<Shared>,
    inbox: OnceLock<Box<dyn Inbox>>,
    /// The WebSocket that carries it.
    wire: OnceLock<Arc<Wire>>,
    flusher: Arc<Flusher>,
    sessions: Weak<Sessions>,
    pacemaker: Weak<Pacemaker>,
}

impl fmt::Debug for Conn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Conn").field("sid", &self.sid).finish_non_exhaustive()
    }
}

impl Conn {
    pub(super) fn new(
        sid: Arc<str>,
        request: Arc<ClientRequest>,
        session: Session,
        sessions: &Arc<Sessions>,
        pacemaker: &Arc<Pacemaker>,
        flusher: &Arc<Flusher>,
    ) -> Arc<Self> {
        let wakers = [None, None, None];
        let shared = Shared { session, wakers, watched: None, told: false, is_marked: false };
        Arc::new(Self {
            sid,
            request,
            shared: Mutex::new(shared),
            inbox: OnceLock::new(),
            wire: OnceLock::new(),
            flusher: flusher.clone(),
            sessions: Arc::downgrade(sessions),
            pacemaker: Arc::downgrade(pacemaker),
        })
    }

    /// Gives the session to the layer above, and starts its heartbeat.
    pub(super) fn open(self: &Arc<Self>, service: &dyn Service) {
        let inbox = service.open(self);
        let _ = self.inbox.set(inbox);
        self.update(|_| ());
    }

    /// The session's id: the `sid` of the handshake. Not the id of a Socket.IO socket.
    pub fn sid(&self) -> &str {
        &self.sid
    }

    /// The request that opened the session.
    pub fn request(&self) -> &Arc<ClientRequest> {
        &self.request
    }

    /// The transport in use.
    pub fn transport(&self) -> TransportKind {
        self.lock().session.transport()
    }

    /// Whether messages can still be sent.
    pub fn is_open(&self) -> bool {
        self.lock().session.is_open()
    }

    /// Sends a text message.
    ///
    /// Like all sending it does not wait: the message is queued, and a client that lets more than
    /// `max_outbox` bytes gather is closed with the reason "slow consumer".
    pub fn send_text(self: &Arc<Self>, text: &str) {
        self.send(Outgoing::message(format!("4{text}"), Vec::new()));
    }

    /// Sends a binary message.
    pub fn send_binary(self: &Arc<Self>, data: impl Into<Bytes>) {
        self.send(Outgoing::binary(data.into()));
    }

    /// Sends a message that may be shared with other receivers.
    ///
    /// This never calls the layer above, so it may be used under its locks: a client closed for being too
    /// slow is told by whoever serves it.
    pub fn send(self: &Arc<Self>, message: Arc<Outgoing>) {
        self.queue(message, |_| true);
    }

    /// Sends a message if it would leave at once, and drops it if not.
    pub fn send_volatile(self: &Arc<Self>, message: Arc<Outgoing>) {
        self.queue(message, Session::is_writable);
    }

    fn queue(self: &Arc<Self>, message: Arc<Outgoing>, wanted: impl FnOnce(&Session) -> bool) {
        let mut shared = self.lock();
        if !wanted(&shared.session) {
            return;
        }
        shared.session.send(message);
        let overflowed = shared.session.is_closed() && !shared.told;
        let poll = shared.wakers[Waiter::Poll as usize].take();
        if self.wire.get().is_some() {
            self.flusher.mark(self, &mut shared.is_marked);
        }
        drop(shared);
        if let Some(poll) = poll {
            poll.wake();
        }
        if overflowed && let Some(pacemaker) = self.pacemaker.upgrade() {
            pacemaker.watch(self, Instant::now());
        }
    }

    /// From here on a WebSocket carries the session.
    pub(super) fn set_wire(&self, wire: &Arc<Wire>) {
        // There is only ever one: an upgrade happens once.
        let _ = self.wire.set(wire.clone());
    }

    /// Writes what has gathered. What the client does not take at once its own task goes on with.
    pub(super) fn flush(self: &Arc<Self>) {
        let waker = {
            let mut shared = self.lock();
            shared.is_marked = false;
            shared.wakers[Waiter::WebSocket as usize].clone()
        };
        // A task that does not wait is about to run, and writes before anything else.
        if let (Some(wire), Some(waker)) = (self.wire.get(), waker)
            && wire.poll_flush(&mut Context::from_waker(&waker), self).is_ready()
        {
            waker.wake();
        }
    }

    /// Closes the session: what was sent before still goes out.
    pub fn close(self: &Arc<Self>, reason: CloseReason) {
        self.update(|session| session.close(reason, Instant::now()));
    }

    /// The client must be [`joined`](Self::joined) by then, or it is closed.
    pub(crate) fn must_join(self: &Arc<Self>, by: Instant) {
        self.update(|session| session.must_join(by));
    }

    /// The client has entered the layer above.
    pub(crate) fn joined(self: &Arc<Self>) {
        self.update(Session::joined);
    }

    /// A message of so many bytes has to wait in the layer above: see [`release`](Self::release).
    pub(crate) fn hold(self: &Arc<Self>, bytes: usize) {
        let mut shared = self.lock();
        let was_backlogged = shared.session.is_backlogged();
        shared.session.hold(bytes);
        if shared.session.is_backlogged() && !was_backlogged {
            drop(shared);
            BEHIND.warn(format_args!(
                "session {}: more than max_inbox waits for its handlers; not read until they catch up",
                self.sid
            ));
        }
    }

    /// It waits no more. Whoever reads for this client may go on.
    pub(crate) fn release(self: &Arc<Self>, bytes: usize) {
        self.update(|session| session.release(bytes));
    }

    pub(super) fn tick(self: &Arc<Self>, now: Instant) {
        // A later entry is still in the pacemaker's list.
        self.lock().watched.take_if(|at| *at <= now);
        self.update(|session| session.tick(now));
    }

    /// Takes one packet over the session's own transport. A packet that cannot be read ends the session.
    pub(super) fn receive(self: &Arc<Self>, packet: Result<Packet<'_>, ParseError>) -> bool {
        let packet = match packet {
            Ok(packet) => packet,
            Err(error) => {
                UNREADABLE.warn(format_args!("session {}: {error}; closed", self.sid));
                self.update(|session| session.abort(CloseReason::ParseError));
                return false;
            }
        };
        // A message changes nothing in the session, so nobody has to be woken for it.
        let message = match &packet {
            Packet::Text(text) if self.is_open() => Message::Text(text),
            Packet::Binary(data) if self.is_open() => Message::Binary(data),
            _ => {
                self.update(|session| session.receive(&packet, Instant::now()).is_some());
                return true;
            }
        };
        if let Some(inbox) = self.inbox.get()
            && let Err(BadMessage(error)) = inbox.message(message)
        {
            UNREADABLE.warn(format_args!("session {}: {error}; closed", self.sid));
            self.close(CloseReason::ForcedClose);
        }
        true
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Shared> {
        // A panic under this lock cannot leave the state half changed: only this crate's code runs there.
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the session and does what follows from the change.
    pub(super) fn update<R>(self: &Arc<Self>, change: impl FnOnce(&mut Session) -> R) -> R {
        let mut shared = self.lock();
        let result = change(&mut shared.session);
        let wakers = shared.wakers.each_mut().map(Option::take);
        let deadline = shared.session.deadline();
        let watch = deadline.filter(|at| shared.watched.is_none_or(|watched| *at < watched));
        if watch.is_some() {
            shared.watched = watch;
        }
        let over = shared.session.reason().zip(self.inbox.get()).filter(|_| !shared.told);
        shared.told |= over.is_some();
        let is_closed = shared.session.is_closed();
        let unneeded = shared.watched.take_if(|_| is_closed);
        drop(shared);

        wakers.into_iter().flatten().for_each(Waker::wake);
        if let Some(at) = watch
            && let Some(pacemaker) = self.pacemaker.upgrade()
        {
            pacemaker.watch(self, at);
        }
        if let Some(at) = unneeded
            && let Some(pacemaker) = self.pacemaker.upgrade()
        {
            pacemaker.forget(self, at);
        }
        if is_closed && let Some(sessions) = self.sessions.upgrade() {
            sessions.remove(&self.sid);
        }
        if let Some((reason, inbox)) = over {
            if reason == CloseReason::SlowConsumer {
                SLOW.warn(format_args!("session {}: more than max_outbox waits; closed", self.sid));
            }
            inbox.closed(reason);
        }
        result
    }
}
