//! Tasks that wait for something to change.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Wake, Waker};

/// Tasks that wait for something to change; each look at it again when woken.
#[derive(Debug, Default)]
pub struct Waiters(Mutex<Waiting>);

#[derive(Debug, Default)]
struct Waiting {
    /// Mostly the only one, so it needs no memory of its own.
    first: Option<Waker>,
    others: Vec<Waker>,
}

impl Waiting {
    fn iter(&self) -> impl Iterator<Item = &Waker> {
        self.first.iter().chain(&self.others)
    }

    fn into_iter(self) -> impl Iterator<Item = Waker> {
        self.first.into_iter().chain(self.others)
    }
}

impl Waiters {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has the task woken at the next change. Call it before looking, or a change may be missed.
    pub fn add(&self, cx: &Context<'_>) {
        let mut waiting = self.lock();
        if waiting.iter().any(|waker| waker.will_wake(cx.waker())) {
            return;
        }
        let waker = cx.waker().clone();
        match waiting.first {
            None => waiting.first = Some(waker),
            Some(_) => waiting.others.push(waker),
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
