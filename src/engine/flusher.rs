//! What an emit leaves in many outboxes is written by one task, in passes.
//!
//! An emit marks the sessions that have got something. A pass writes to all that are marked, and whatever has
//! gathered for a session goes out in one write: the more there is to do, the less each message costs. Waking
//! the task of each session instead would cost as much as the writing itself.

use super::conn::Conn;
use crate::scoped::scoped;
use futures_lite::future::yield_now;
use std::cell::RefCell;
use std::future::poll_fn;
use std::ptr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Poll, Waker};

/// After how many sessions a pass lets other tasks run.
const TURN: usize = 64;

thread_local! {
    /// The session whose input this thread is handling: its own task writes what it gets meanwhile.
    static SERVED: RefCell<*const Conn> = const { RefCell::new(ptr::null()) };
}

/// The task that writes, and what it has to do.
#[derive(Debug, Default)]
pub struct Flusher(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    marked: Vec<Arc<Conn>>,
    /// The task, when it has nothing to do.
    idle: Option<Waker>,
}

impl Flusher {
    /// A flusher, and its task, which ends when this is dropped.
    pub fn start() -> Arc<Self> {
        let flusher = Arc::new(Self::default());
        let weak = Arc::downgrade(&flusher);
        async_std::task::spawn(async move {
            // ANCHOR: pass
            while let Some(sessions) = next_pass(&weak).await {
                for (index, conn) in sessions.iter().enumerate() {
                    conn.flush();
                    if index % TURN == TURN - 1 {
                        yield_now().await;
                    }
                }
            }
            // ANCHOR_END: pass
        });
        flusher
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has the next pass write to a session, unless its own task is about to.
    pub fn mark(&self, conn: &Arc<Conn>, is_marked: &mut bool) {
        let is_served = SERVED.with_borrow(|served| *served == Arc::as_ptr(conn));
        if is_served || std::mem::replace(is_marked, true) {
            return;
        }
        let mut state = self.lock();
        state.marked.push(conn.clone());
        if let Some(idle) = state.idle.take() {
            idle.wake();
        }
    }
}

/// The sessions of the next pass; `None` when the flusher has gone.
async fn next_pass(weak: &Weak<Flusher>) -> Option<Vec<Arc<Conn>>> {
    poll_fn(|cx| {
        let Some(flusher) = weak.upgrade() else { return Poll::Ready(None) };
        let mut state = flusher.lock();
        if state.marked.is_empty() {
            state.idle = Some(cx.waker().clone());
            return Poll::Pending;
        }
        Poll::Ready(Some(std::mem::take(&mut state.marked)))
    })
    .await
}

impl Drop for Flusher {
    fn drop(&mut self) {
        if let Some(idle) = self.lock().idle.take() {
            idle.wake();
        }
    }
}

/// Handles input of `conn`. What it gets by that, its own task is to write.
pub fn serve<R>(conn: &Arc<Conn>, input: impl FnOnce() -> R) -> R {
    scoped(&SERVED, Arc::as_ptr(conn), input)
}
