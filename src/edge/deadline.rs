//! A deadline that is cheap to move.

use async_std::task::sleep;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Instant;

type Sleep = Pin<Box<dyn Future<Output = ()> + Send + Sync>>;

/// Setting a timer wakes the reactor's thread, which costs more than many a request. So the timer is set
/// anew only if the deadline has come nearer, and one that fires too early is set again.
#[derive(Default)]
pub struct Deadline(Option<(Instant, Sleep)>);

impl Deadline {
    /// Waits until `at`, which may differ from call to call.
    pub fn poll(&mut self, cx: &mut Context<'_>, at: Instant) -> Poll<()> {
        loop {
            let timer = self.0.take().filter(|(fires, _)| *fires <= at);
            let timer = timer.unwrap_or_else(|| {
                (at, Box::pin(sleep(at.saturating_duration_since(Instant::now()))))
            });
            let (_, sleep) = self.0.insert(timer);
            ready!(sleep.as_mut().poll(cx));
            self.0 = None;
            if Instant::now() >= at {
                return Poll::Ready(());
            }
        }
    }
}

impl fmt::Debug for Deadline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Deadline").field(&self.0.as_ref().map(|(fires, _)| fires)).finish()
    }
}

#[cfg(test)]
mod tests;
