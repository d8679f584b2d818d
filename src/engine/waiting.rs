//! Tasks that wait for a session to change.

use super::conn::Conn;
use super::session::Session;
use std::future::poll_fn;
use std::sync::Arc;
use std::task::{Context, Poll};

/// Who waits: one task of each kind.
#[derive(Debug, Clone, Copy)]
pub(super) enum Waiter {
    Poll = 0,
    Post = 1,
    WebSocket = 2,
}

impl Conn {
    /// Waits until `ready` finds something in the session. Looking is not a change: it wakes nobody.
    pub(super) async fn wait<R>(
        self: &Arc<Self>,
        waiter: Waiter,
        mut ready: impl FnMut(&mut Session) -> Option<R>,
    ) -> R {
        poll_fn(|cx| self.poll_ready(cx, waiter, &mut ready)).await
    }

    /// One step of [`wait`](Self::wait), for a task that waits for other things too.
    pub(super) fn poll_ready<R>(
        self: &Arc<Self>,
        cx: &mut Context<'_>,
        waiter: Waiter,
        mut ready: impl FnMut(&mut Session) -> Option<R>,
    ) -> Poll<R> {
        let mut shared = self.lock();
        match ready(&mut shared.session) {
            Some(result) => Poll::Ready(result),
            None => {
                match &mut shared.wakers[waiter as usize] {
                    Some(waker) => waker.clone_from(cx.waker()),
                    none => *none = Some(cx.waker().clone()),
                }
                Poll::Pending
            }
        }
    }
}
