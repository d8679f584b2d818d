//! One socket's events, one at a time and in their order.
//!
//! Most handlers never wait for anything. So a handler is first run where its event came in, in the
//! connection's own task; only one that has to wait becomes a task, and what comes meanwhile queues.

use super::contained::contained_async;
use super::handler::{Event, Listener, Reply};
use super::socket::Socket;
use crate::engine::Conn;
use crate::scoped::scoped;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Waker};

thread_local! {
    /// Whether this thread is running handlers.
    static INSIDE: RefCell<bool> = const { RefCell::new(false) };
}

/// Something a socket has to do.
#[derive(Debug)]
pub enum Job {
    Event(Event),
    Disconnect(&'static str),
}

/// What a socket has to do, and whether somebody is at it.
#[derive(Debug)]
pub struct Queue(Mutex<State>);

#[derive(Debug)]
struct State {
    jobs: VecDeque<Job>,
    is_busy: bool,
}

impl Queue {
    /// The queue of a socket that is still entering: what comes waits.
    pub fn busy() -> Self {
        Self(Mutex::new(State { jobs: VecDeque::new(), is_busy: true }))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The job back, if it may begin now; otherwise it waits for its turn, held against its client.
    fn push(&self, job: Job, conn: &Arc<Conn>) -> Option<Job> {
        let mut state = self.lock();
        if state.is_busy {
            conn.hold(job.size());
            state.jobs.push_back(job);
            return None;
        }
        state.is_busy = true;
        Some(job)
    }

    fn next(&self, conn: &Arc<Conn>) -> Option<Job> {
        let mut state = self.lock();
        let job = state.jobs.pop_front();
        if job.is_none() {
            *state = State { jobs: VecDeque::new(), is_busy: false };
        }
        drop(state);
        if let Some(job) = &job {
            conn.release(job.size());
        }
        job
    }
}

impl Job {
    /// Bytes of memory it stands for in a queue.
    fn size(&self) -> usize {
        match self {
            Self::Event(event) => 64 + event.name.len() + event.args.size(),
            Self::Disconnect(_) => 0,
        }
    }
}

impl Socket {
    /// An event has come.
    pub(super) fn receive(&self, event: Event) {
        self.push(Job::Event(event));
    }

    pub(super) fn push(&self, job: Job) {
        if let Some(job) = self.queue().push(job, self.conn()) {
            let socket = self.clone();
            start(async move {
                socket.perform(job).await;
                socket.work().await;
            });
        }
    }

    /// Runs `first`, for which the queue is held, and then what has come meanwhile.
    pub(super) fn run(self, first: impl Future<Output = ()> + Send + 'static) {
        start(async move {
            first.await;
            self.work().await;
        });
    }

    async fn work(&self) {
        while let Some(job) = self.queue().next(self.conn()) {
            self.perform(job).await;
        }
    }

    async fn perform(&self, job: Job) {
        match job {
            Job::Event(event) => self.handle(event).await,
            Job::Disconnect(reason) => {
                self.tell("disconnecting", reason).await;
                self.clear_rooms();
                self.tell("disconnect", reason).await;
                self.forget();
            }
        }
    }

    async fn tell(&self, name: &str, reason: &str) {
        let event = Event::own(name, reason);
        for listener in self.take_listeners(name) {
            self.call(&listener, &event).await;
        }
    }

    async fn handle(&self, mut event: Event) {
        for middleware in self.packet_middleware() {
            match contained_async(async { middleware(event).await }).await {
                Ok(Ok(passed)) => event = passed,
                Ok(Err(error)) => return self.nsp().report(self, &error),
                Err(panic) => return self.nsp().report(self, &format!("a middleware {panic}")),
            }
        }
        let mut id = event.id;
        for listener in self.take_listeners(&event.name) {
            // Only the first answer is the ack.
            if let Some(reply) = self.call(&listener, &event).await
                && let Some(id) = id.take()
            {
                self.send_ack(id, reply);
            }
        }
    }

    /// Calls one listener; what goes wrong in it stays in it. Returns its ack.
    pub(super) async fn call(
        &self,
        listener: &Listener,
        event: &Event,
    ) -> Option<super::encoded::Encoded> {
        // Both parts may panic: reading the arguments is the application's code too.
        let outcome = contained_async(async {
            match (listener.handle)(self.clone(), event) {
                Ok(reply) => reply.await,
                Err(error) => Reply::Failed(format!("wrong arguments: {error}")),
            }
        });
        let error = match outcome.await {
            Ok(Reply::Ack(args)) => return Some(args),
            Ok(Reply::None) => return None,
            Ok(Reply::Failed(error)) | Err(error) => error,
        };
        self.nsp().report(self, &format!("handler of {:?}: {error}", event.name));
        None
    }
}

/// Runs a future as far as it comes without waiting; if it has to wait, a task takes it from there.
fn start(future: impl Future<Output = ()> + Send + 'static) {
    if INSIDE.with_borrow(|inside| *inside) {
        // A handler has ended another socket. Were that one's handlers run in here, and ended a third, and so on,
        // the stack would not hold them all.
        async_std::task::spawn(future);
        return;
    }
    let mut future = Box::pin(future);
    let mut context = Context::from_waker(Waker::noop());
    if scoped(&INSIDE, true, || future.as_mut().poll(&mut context)).is_pending() {
        // The task polls it anew at once, so no wake-up is lost to the waker that did nothing.
        async_std::task::spawn(future);
    }
}
