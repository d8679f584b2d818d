//! Tasks that wait for something to change.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Wake, Waker};

/// Tasks that wait for something to change; each look at it again when woken.
#[derive(Debug, Default)]
pub struct Waiters(Mutex<Vec<Waker>>);

impl Waiters {
    fn lock(&self) -> MutexGuard<'_, Vec<Waker>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has the task woken at the next change. Call it before looking, or a change may be missed.
    pub fn add(&self, cx: &Context<'_>) {
        let mut waiting = self.lock();
        if !waiting.iter().any(|waker| waker.will_wake(cx.waker())) {
            // Mostly the only one: room for more would be as large as all the rest here.
            waiting.reserve_exact(1);
            waiting.push(cx.waker().clone());
        }
    }

    pub fn wake_all(&self) {
        let waiting = std::mem::take(&mut *self.lock());
        waiting.into_iter().for_each(Waker::wake);
    }

    /// Wakes all but the task that brought the change about.
    pub fn wake_others(&self, cx: &Context<'_>) {
        let others = {
            let mut waiting = self.lock();
            if waiting.iter().all(|waker| waker.will_wake(cx.waker())) {
                return;
            }
            std::mem::take(&mut *waiting)
        };
        others.into_iter().filter(|waker| !waker.will_wake(cx.waker())).for_each(Waker::wake);
    }
}

impl Wake for Waiters {
    fn wake(self: Arc<Self>) {
        self.wake_all();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.wake_all();
    }
}

#[cfg(test)]
mod tests;
