use super::*;
use std::sync::atomic::{AtomicUsize, Ordering};

#[derive(Default)]
struct Task(AtomicUsize);

impl Wake for Task {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

#[test]
fn each_waiter_is_woken_once() {
    let tasks = [Arc::new(Task::default()), Arc::new(Task::default())];
    let wakers = tasks.clone().map(Waker::from);
    let [first, second] = wakers.each_ref().map(Context::from_waker);
    let woken = || tasks.each_ref().map(|task| task.0.load(Ordering::Relaxed));
    let waiters = Arc::new(Waiters::default());

    waiters.add(&first);
    waiters.add(&second);
    waiters.add(&first);
    waiters.wake_all();
    waiters.wake_all();
    assert_eq!(woken(), [1, 1]);

    waiters.add(&first);
    waiters.wake_others(&first);
    assert_eq!(woken(), [1, 1], "who brought the change about knows of it");
    waiters.add(&second);
    waiters.wake_others(&first);
    assert_eq!(woken(), [1, 2]);

    // As the one waker that a stream remembers.
    waiters.add(&first);
    waiters.add(&second);
    Waker::from(waiters.clone()).wake_by_ref();
    assert_eq!(woken(), [2, 3]);
}
