//! What an emit leaves in many outboxes is written by one task, in passes.
//!
//! An emit marks the sessions that have got something. A pass writes to all that are marked, and whatever has
//! gathered for a session goes out in one write. A reader whose handlers have emitted does not read on until a
//! pass that began after that is over. Meanwhile its input gathers in the system, the next reading is a
//! larger one, and so is the next write: the more there is to do, the less it costs.
//!
//! Databases call this a group commit. Two simpler ways cost twice as much: with a flush at each emit nothing
//! ever gathers, and a task per session is woken a thousand times for one broadcast.

use super::conn::Conn;
use futures_lite::future::yield_now;
use std::cell::Cell;
use std::future::poll_fn;
use std::ptr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Poll, Waker};

/// After how many sessions a pass lets other tasks run.
const TURN: usize = 64;

thread_local! {
    /// The session whose input this thread is handling: its own task writes what it gets meanwhile.
    static SERVED: Cell<*const Conn> = const { Cell::new(ptr::null()) };
    /// Whether other sessions got something meanwhile.
    static HAS_MARKED: Cell<bool> = const { Cell::new(false) };
}

/// The task that writes, and who waits for it.
#[derive(Debug, Default)]
pub struct Flusher(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    marked: Vec<Arc<Conn>>,
    begun: u64,
    done: u64,
    /// The task, when it has nothing to do.
    idle: Option<Waker>,
    /// Readers, each with the pass it waits for.
    readers: Vec<(u64, Waker)>,
}

impl Flusher {
    /// A flusher, and its task, which ends when this is dropped.
    pub fn start() -> Arc<Self> {
        let flusher = Arc::new(Self::default());
        let weak = Arc::downgrade(&flusher);
        async_std::task::spawn(async move {
            while let Some(sessions) = next_pass(&weak).await {
                for (index, conn) in sessions.iter().enumerate() {
                    conn.flush();
                    if index % TURN == TURN - 1 {
                        yield_now().await;
                    }
                }
                if let Some(flusher) = weak.upgrade() {
                    flusher.end_pass();
                }
            }
        });
        flusher
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has the next pass write to a session, unless its own task is about to.
    pub fn mark(&self, conn: &Arc<Conn>, is_marked: &mut bool) {
        if SERVED.get() == Arc::as_ptr(conn) {
            return;
        }
        HAS_MARKED.set(true);
        if std::mem::replace(is_marked, true) {
            return;
        }
        let mut state = self.lock();
        state.marked.push(conn.clone());
        if let Some(idle) = state.idle.take() {
            idle.wake();
        }
    }

    /// Waits until what is marked by now has been written.
    pub async fn pass(&self) {
        let mut awaited = None;
        poll_fn(|cx| {
            let mut state = self.lock();
            let next = state.begun + u64::from(!state.marked.is_empty());
            let pass = *awaited.get_or_insert(next);
            if state.done >= pass {
                return Poll::Ready(());
            }
            state.readers.push((pass, cx.waker().clone()));
            Poll::Pending
        })
        .await;
    }

    fn end_pass(&self) {
        let ready: Vec<_> = {
            let mut state = self.lock();
            state.done = state.begun;
            let done = state.done;
            let (ready, waiting) =
                std::mem::take(&mut state.readers).into_iter().partition(|(pass, _)| *pass <= done);
            state.readers = waiting;
            ready
        };
        ready.into_iter().for_each(|(_, reader)| reader.wake());
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
        state.begun += 1;
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

/// Handles input of `conn`, and says whether sessions other than it have got something by that.
pub fn serve<R>(conn: &Arc<Conn>, input: impl FnOnce() -> R) -> (R, bool) {
    SERVED.set(Arc::as_ptr(conn));
    HAS_MARKED.set(false);
    let result = input();
    SERVED.set(ptr::null());
    (result, HAS_MARKED.get())
}
