//! The writing side of a WebSocket, shared by its own task and the flusher.

use super::frame::{self, Opcode};
use crate::engine::close::CloseReason;
use crate::engine::conn::Conn;
use crate::engine::session::Session;
use crate::engine::waiting::Waiter;
use async_std::io::{Read, Write};
use bytes::{Buf, Bytes};
use std::cell::RefCell;
use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Instant;
use tide::http::upgrade::Connection;

/// About how much is written at once.
const BATCH: usize = 64 * 1024;
/// How many bytes of pongs may wait.
const MAX_CONTROL: usize = 16 * 1024;

thread_local! {
    /// Where a thread puts small messages together, so that an emit allocates nothing for each receiver.
    static GATHERED: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// A WebSocket's connection. One writer at a time: whoever holds the lock, and nobody waits while holding it.
#[derive(Debug)]
pub struct Wire {
    state: Mutex<State>,
    base64: bool,
    /// Whether the client takes no more for now.
    is_still: AtomicBool,
}

#[derive(Debug)]
struct State {
    /// Gone when the WebSocket's task has taken it back to say goodbye.
    io: Option<Connection>,
    /// What is being written.
    writing: Bytes,
    /// Frames of the protocol itself that go out before the next message.
    control: Vec<u8>,
}

impl Wire {
    /// A WebSocket over `io`; with `base64` for a client that cannot take bytes.
    pub fn new(io: Connection, base64: bool) -> Arc<Self> {
        let state = State { io: Some(io), writing: Bytes::new(), control: Vec::new() };
        Arc::new(Self { state: Mutex::new(state), base64, is_still: AtomicBool::new(false) })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has a ping answered.
    pub fn pong(&self, data: &[u8]) {
        let mut state = self.lock();
        // Who does not take the answers needs no more of them: RFC 6455 wants only the last (section 5.5.3).
        if state.control.len() < MAX_CONTROL {
            frame::encode(Opcode::Pong, data, &mut state.control);
        }
    }

    /// Has a text frame sent before the messages that wait.
    pub fn say(&self, text: &str) {
        frame::encode(Opcode::Text, text.as_bytes(), &mut self.lock().control);
    }

    /// The connection, for the last words; whether a frame was cut off in the middle.
    pub fn take(&self) -> Option<(Connection, bool)> {
        let mut state = self.lock();
        let is_cut = !state.writing.is_empty();
        state.io.take().map(|io| (io, is_cut))
    }

    pub fn poll_read(&self, cx: &mut Context<'_>, output: &mut [u8]) -> Poll<io::Result<usize>> {
        match &mut self.lock().io {
            Some(io) => Pin::new(io).poll_read(cx, output),
            None => Poll::Ready(Ok(0)),
        }
    }

    /// Writes until nothing is left or the client takes no more. Ready only when the connection must end, and
    /// why.
    pub fn poll_flush(&self, cx: &mut Context<'_>, conn: &Arc<Conn>) -> Poll<CloseReason> {
        let mut has_turned = false;
        let flushed = self.poll_write(cx, conn, &mut has_turned);
        if has_turned {
            // Told without the lock. Of two who tell at once, the later one knows how it stands.
            conn.update(|session| match self.is_still.load(Ordering::Acquire) {
                true => session.stands_still(Instant::now()),
                false => session.goes_on(),
            });
        }
        flushed
    }

    fn poll_write(
        &self,
        cx: &mut Context<'_>,
        conn: &Arc<Conn>,
        has_turned: &mut bool,
    ) -> Poll<CloseReason> {
        let mut guard = self.lock();
        let State { io: Some(io), writing, control } = &mut *guard else {
            return Poll::Pending;
        };
        loop {
            if writing.is_empty() {
                *writing = match control.is_empty() {
                    false => std::mem::take(control).into(),
                    true => match ready!(self.poll_batch(cx, conn, io)) {
                        Ok(rest) => rest,
                        Err(reason) => return Poll::Ready(reason),
                    },
                };
            }
            if !writing.is_empty() {
                match Pin::new(&mut *io).poll_write(cx, writing) {
                    Poll::Ready(Ok(length)) if length > 0 => writing.advance(length),
                    Poll::Ready(_) => return Poll::Ready(CloseReason::TransportClose),
                    Poll::Pending => {
                        *has_turned |= !self.is_still.swap(true, Ordering::AcqRel);
                        let closed = |session: &mut Session| {
                            session.reason().filter(|_| session.is_closed())
                        };
                        return conn.poll_ready(cx, Waiter::WebSocket, closed);
                    }
                }
            }
            *has_turned |= self.is_still.swap(false, Ordering::AcqRel);
        }
    }

    /// Writes what has gathered, and gives back what the client did not take at once.
    fn poll_batch(
        &self,
        cx: &mut Context<'_>,
        conn: &Arc<Conn>,
        io: &mut Connection,
    ) -> Poll<Result<Bytes, CloseReason>> {
        GATHERED.with_borrow_mut(|batch| {
            batch.clear();
            let taken = conn.poll_ready(cx, Waiter::WebSocket, |session| {
                let large = session.take_frames(BATCH, self.base64, batch);
                match session.reason() {
                    _ if large.is_some() || !batch.is_empty() => Some(Ok(large)),
                    reason => reason.map(Err),
                }
            });
            if let Some(large) = ready!(taken)? {
                return Poll::Ready(Ok(large));
            }
            // Whatever else became of it, the next attempt will meet again.
            let written = match Pin::new(io).poll_write(cx, batch) {
                Poll::Ready(Ok(length)) => length,
                _ => 0,
            };
            Poll::Ready(Ok(Bytes::copy_from_slice(&batch[written..])))
        })
    }
}
