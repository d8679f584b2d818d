use super::*;
use async_std::task::block_on;
use futures_lite::future::poll_once;
use std::future::poll_fn;
use std::time::Duration;

const MS: Duration = Duration::from_millis(1);

#[test]
fn a_deadline_can_be_moved_both_ways() {
    block_on(async {
        let (start, mut deadline) = (Instant::now(), Deadline::default());
        assert!(poll_once(poll_fn(|cx| deadline.poll(cx, start + 30 * MS))).await.is_none());
        // Later: the timer fires on the way, and is set again.
        poll_fn(|cx| deadline.poll(cx, start + 90 * MS)).await;
        assert!(start.elapsed() >= 90 * MS);
        // Nearer.
        let start = Instant::now();
        assert!(poll_once(poll_fn(|cx| deadline.poll(cx, start + 9999 * MS))).await.is_none());
        poll_fn(|cx| deadline.poll(cx, start + 30 * MS)).await;
        assert!((30 * MS..2000 * MS).contains(&start.elapsed()));
        // Past.
        poll_fn(|cx| deadline.poll(cx, start)).await;
    });
}

#[test]
fn a_timer_is_not_set_anew_for_a_later_deadline() {
    block_on(async {
        let (start, mut deadline) = (Instant::now(), Deadline::default());
        for later in 0..100 {
            let at = start + 10_000 * MS + later * MS;
            assert!(poll_once(poll_fn(|cx| deadline.poll(cx, at))).await.is_none());
        }
        assert_eq!(deadline.0.map(|(fires, _)| fires), Some(start + 10_000 * MS));
    });
}
