use super::*;
use crate::engine::packet::Packet;
use bytes::Bytes;
use proptest::prelude::*;

const SECOND: Duration = Duration::from_secs(1);

fn rules() -> Arc<Rules> {
    Arc::new(Rules {
        ping_interval: 25 * SECOND,
        ping_timeout: 20 * SECOND,
        upgrade_timeout: 10 * SECOND,
        max_outbox: 1024,
        max_inbox: 1024,
    })
}

fn open(transport: TransportKind) -> (Session, Instant) {
    let now = Instant::now();
    (Session::new(rules(), transport, now), now)
}

fn text(message: &str) -> Arc<Outgoing> {
    Outgoing::message(format!("4{message}"), Vec::new())
}

fn frames(session: &mut Session) -> Option<Vec<u8>> {
    let mut batch = Vec::new();
    let large = session.take_frames(64 * 1024, false, &mut batch);
    let bytes = large.map_or(batch, |large| large.to_vec());
    Some(bytes).filter(|bytes| !bytes.is_empty())
}

fn answer(session: &mut Session) -> Option<String> {
    session.poll_answer().map(|answer| answer.expect("the poll is not refused"))
}

#[test]
fn a_poll_waits_until_something_is_sent() {
    let (mut session, _) = open(TransportKind::Polling);
    assert_eq!(session.poll(), Ok(()));
    assert_eq!(session.poll_answer(), None);
    session.send(text("a"));
    session.send(text("b"));
    assert_eq!(answer(&mut session).as_deref(), Some("4a\x1e4b"));
    assert_eq!(session.poll_answer(), None, "one poll has one answer");
}

#[test]
fn attachments_follow_their_packet_in_one_payload() {
    let (mut session, _) = open(TransportKind::Polling);
    session.send(Outgoing::message("451-[\"a\"]".to_owned(), vec![Bytes::from_static(&[1, 2])]));
    session.send(text("b"));
    assert_eq!(session.poll(), Ok(()));
    assert_eq!(answer(&mut session).as_deref(), Some("451-[\"a\"]\x1ebAQI=\x1e4b"));
}

#[test]
fn a_second_poll_ends_the_session_and_answers_the_first() {
    let (mut session, _) = open(TransportKind::Polling);
    assert_eq!(session.poll(), Ok(()));
    assert_eq!(session.poll(), Err(Refused::Overlap));
    assert_eq!(answer(&mut session).as_deref(), Some("1"));
    assert_eq!(session.reason(), Some(CloseReason::TransportError));
    assert_eq!(session.poll(), Err(Refused::Gone));
}

#[test]
fn a_second_post_ends_the_session() {
    let (mut session, _) = open(TransportKind::Polling);
    assert_eq!(session.post(), Ok(()));
    assert_eq!(session.post(), Err(Refused::Overlap));
    assert!(session.is_closed());
}

#[test]
fn posts_one_after_another_are_fine() {
    let (mut session, _) = open(TransportKind::Polling);
    for _ in 0..3 {
        assert_eq!(session.post(), Ok(()));
        session.posted();
    }
    assert!(session.is_open());
}

#[test]
fn the_first_ping_comes_after_the_interval_and_never_before() {
    let (mut session, start) = open(TransportKind::WebSocket);
    assert_eq!(session.deadline(), Some(start + 25 * SECOND));
    session.tick(start + 25 * SECOND - Duration::from_millis(1));
    assert_eq!(frames(&mut session), None);
    session.tick(start + 25 * SECOND);
    assert_eq!(frames(&mut session), Some(vec![0x81, 1, b'2']));
}

#[test]
fn a_clock_that_jumps_sends_one_ping() {
    let (mut session, start) = open(TransportKind::WebSocket);
    let late = start + 300 * SECOND;
    session.tick(late);
    session.tick(late);
    assert_eq!(frames(&mut session), Some(vec![0x81, 1, b'2']));
    assert!(session.is_open());
}

#[test]
fn a_pong_in_time_keeps_the_session() {
    let (mut session, start) = open(TransportKind::WebSocket);
    session.tick(start + 25 * SECOND);
    let pong_at = start + 45 * SECOND - Duration::from_millis(1);
    assert_eq!(session.receive(&Packet::Pong(""), pong_at), None);
    session.tick(start + 45 * SECOND);
    assert!(session.is_open());
    assert_eq!(session.deadline(), Some(pong_at + 25 * SECOND));
}

#[test]
fn no_pong_in_time_ends_it() {
    let (mut session, start) = open(TransportKind::WebSocket);
    session.tick(start + 25 * SECOND);
    session.tick(start + 45 * SECOND - Duration::from_millis(1));
    assert!(session.is_open());
    session.tick(start + 45 * SECOND);
    assert_eq!(session.reason(), Some(CloseReason::PingTimeout));
    assert!(session.is_closed());
}

#[test]
fn a_pong_nobody_asked_for_changes_nothing() {
    let (mut session, start) = open(TransportKind::WebSocket);
    session.receive(&Packet::Pong(""), start + 20 * SECOND);
    assert_eq!(session.deadline(), Some(start + 25 * SECOND));
    assert!(session.is_open());
}

#[test]
fn a_client_that_must_join_and_does_not_is_closed() {
    let (mut session, start) = open(TransportKind::WebSocket);
    session.must_join(start + 5 * SECOND);
    session.tick(start + 5 * SECOND);
    assert_eq!(session.reason(), Some(CloseReason::ForcedClose));
}

#[test]
fn a_session_that_nobody_polls_does_not_outlive_that() {
    let (mut session, start) = open(TransportKind::Polling);
    session.must_join(start + 5 * SECOND);
    session.tick(start + 5 * SECOND);
    assert!(session.is_closed());
}

#[test]
fn a_client_that_takes_nothing_for_too_long_is_closed() {
    let (mut session, start) = open(TransportKind::WebSocket);
    session.stands_still(start);
    assert_eq!(session.deadline(), Some(start + 20 * SECOND));
    session.goes_on();
    session.tick(start + 20 * SECOND);
    assert!(session.is_open());
    session.stands_still(start + 20 * SECOND);
    session.tick(start + 40 * SECOND);
    assert_eq!(session.reason(), Some(CloseReason::SlowConsumer));
}

#[test]
fn a_client_that_joined_is_not() {
    let (mut session, start) = open(TransportKind::WebSocket);
    session.must_join(start + 5 * SECOND);
    session.joined();
    session.tick(start + 5 * SECOND);
    assert!(session.is_open());
}

#[test]
fn an_upgrade_from_probe_to_end() {
    let (mut session, start) = open(TransportKind::Polling);
    assert_eq!(session.poll(), Ok(()));
    assert_eq!(session.begin_upgrade(start), Ok(()));
    assert_eq!(session.poll_answer(), None, "polling goes on until the probe");
    assert_eq!(session.probe(&Packet::Ping("probe"), start), Probe::Answer);
    assert_eq!(session.poll_answer(), None);
    session.tick(start + NOOP_INTERVAL);
    assert_eq!(answer(&mut session).as_deref(), Some("6"), "the waiting poll has to end");
    session.send(text("meanwhile"));
    assert_eq!(frames(&mut session), None, "not before the client says so");
    assert_eq!(session.probe(&Packet::Upgrade, start), Probe::Done);
    assert_eq!(session.transport(), TransportKind::WebSocket);
    assert_eq!(frames(&mut session), Some(b"\x81\x0a4meanwhile".to_vec()));
    assert_eq!(session.poll(), Err(Refused::WrongTransport));
    assert_eq!(session.begin_upgrade(start), Err(Refused::WrongTransport));
}

#[test]
fn every_poll_during_an_upgrade_gets_its_noop() {
    let (mut session, start) = open(TransportKind::Polling);
    session.begin_upgrade(start).unwrap();
    session.probe(&Packet::Ping("probe"), start);
    for turn in 1..4 {
        assert_eq!(session.poll(), Ok(()));
        assert_eq!(session.poll_answer(), None);
        session.tick(start + turn * NOOP_INTERVAL);
        assert_eq!(answer(&mut session).as_deref(), Some("6"));
    }
    assert_eq!(session.poll(), Ok(()));
    session.probe(&Packet::Upgrade, start);
    assert_eq!(session.poll_answer(), Some(Err(Refused::WrongTransport)), "overtook the end");
}

#[test]
fn a_poll_from_before_the_probe_that_waits_at_the_end_is_released() {
    let (mut session, start) = open(TransportKind::Polling);
    session.poll().unwrap();
    session.begin_upgrade(start).unwrap();
    session.probe(&Packet::Ping("probe"), start);
    session.probe(&Packet::Upgrade, start);
    assert_eq!(answer(&mut session).as_deref(), Some("6"));
}

#[test]
fn an_upgrade_without_a_probe_is_refused() {
    let (mut session, start) = open(TransportKind::Polling);
    session.begin_upgrade(start).unwrap();
    assert_eq!(session.probe(&Packet::Upgrade, start), Probe::Refuse);
    assert_eq!(session.probe(&Packet::Text("hello"), start), Probe::Refuse);
    session.upgrade_lost();
    assert!(session.is_open());
    assert_eq!(session.transport(), TransportKind::Polling);
}

#[test]
fn only_one_upgrade_at_a_time_and_another_after_it_failed() {
    let (mut session, start) = open(TransportKind::Polling);
    session.begin_upgrade(start).unwrap();
    assert_eq!(session.begin_upgrade(start), Err(Refused::WrongTransport));
    session.upgrade_lost();
    assert_eq!(session.begin_upgrade(start), Ok(()));
}

#[test]
fn an_upgrade_that_is_not_finished_is_given_up() {
    let (mut session, start) = open(TransportKind::Polling);
    session.begin_upgrade(start).unwrap();
    session.probe(&Packet::Ping("probe"), start);
    session.tick(start + 10 * SECOND - Duration::from_millis(1));
    assert!(session.is_upgrading());
    session.tick(start + 10 * SECOND);
    assert!(!session.is_upgrading());
    assert!(session.is_open());
    assert_eq!(session.probe(&Packet::Upgrade, start), Probe::Refuse, "too late");
}

#[test]
fn a_close_by_the_client_ends_its_poll_with_a_noop() {
    let (mut session, now) = open(TransportKind::Polling);
    session.poll().unwrap();
    session.receive(&Packet::Close, now);
    assert_eq!(answer(&mut session).as_deref(), Some("6"));
    assert_eq!(session.reason(), Some(CloseReason::TransportClose));
}

#[test]
fn a_client_that_pings_is_no_client() {
    let (mut session, now) = open(TransportKind::WebSocket);
    session.receive(&Packet::Ping(""), now);
    assert_eq!(session.reason(), Some(CloseReason::TransportError));
}

#[test]
fn packets_only_a_server_sends_are_ignored() {
    let (mut session, now) = open(TransportKind::WebSocket);
    for packet in [Packet::Open("{}"), Packet::Upgrade, Packet::Noop] {
        assert_eq!(session.receive(&packet, now), None);
    }
    assert!(session.is_open());
}

#[test]
fn a_close_while_a_poll_waits_answers_it() {
    let (mut session, now) = open(TransportKind::Polling);
    session.poll().unwrap();
    session.close(CloseReason::ForcedClose, now);
    assert_eq!(answer(&mut session).as_deref(), Some("1"));
    assert!(session.is_closed());
}

#[test]
fn a_close_between_polls_tells_the_next() {
    let (mut session, now) = open(TransportKind::Polling);
    session.close(CloseReason::ForcedClose, now);
    session.poll().unwrap();
    assert_eq!(answer(&mut session).as_deref(), Some("6\x1e1"));
    assert!(session.is_closed());
}

#[test]
fn what_was_sent_before_a_close_still_goes_out() {
    let (mut session, now) = open(TransportKind::Polling);
    session.send(text("last"));
    session.close(CloseReason::ForcedClose, now);
    session.poll().unwrap();
    assert_eq!(answer(&mut session).as_deref(), Some("4last"));
    session.poll().unwrap();
    assert_eq!(answer(&mut session).as_deref(), Some("6\x1e1"));

    let (mut session, now) = open(TransportKind::WebSocket);
    session.send(text("last"));
    session.close(CloseReason::ForcedClose, now);
    assert_eq!(frames(&mut session), Some(b"\x81\x054last".to_vec()));
}

#[test]
fn a_closed_session_does_not_wait_for_ever_for_its_client() {
    let (mut session, now) = open(TransportKind::Polling);
    session.close(CloseReason::ForcedClose, now);
    assert_eq!(session.deadline(), Some(now + LINGER));
    session.tick(now + LINGER);
    assert!(session.is_closed());
    assert_eq!(session.deadline(), None);
}

#[test]
fn nothing_is_received_or_sent_after_the_close() {
    let (mut session, now) = open(TransportKind::WebSocket);
    session.close(CloseReason::ForcedClose, now);
    assert_eq!(session.receive(&Packet::Text("late"), now), None);
    session.send(text("late"));
    assert_eq!(frames(&mut session), None);
    session.abort(CloseReason::PingTimeout);
    assert_eq!(session.reason(), Some(CloseReason::ForcedClose), "the first reason stays");
}

#[test]
fn a_client_that_does_not_read_is_closed_and_its_queue_freed() {
    let (mut session, _) = open(TransportKind::WebSocket);
    let large = "x".repeat(2000);
    session.send(text(&large));
    assert!(session.is_open(), "one message may have any size");
    session.send(text("one more"));
    assert_eq!(session.reason(), Some(CloseReason::SlowConsumer));
    assert_eq!(frames(&mut session), None);
}

#[test]
fn an_abandoned_poll_ends_the_session() {
    let (mut session, _) = open(TransportKind::Polling);
    session.poll().unwrap();
    session.poll_lost();
    assert_eq!(session.reason(), Some(CloseReason::TransportClose));
    assert_eq!(session.poll(), Err(Refused::Gone));
}

#[test]
fn volatile_messages_want_an_idle_transport() {
    let (mut session, _) = open(TransportKind::Polling);
    assert!(!session.is_writable(), "no poll waits");
    session.poll().unwrap();
    assert!(session.is_writable());
    session.send(text("a"));
    assert!(!session.is_writable(), "something waits already");
}

#[test]
fn what_waits_for_the_application_stops_the_reading() {
    let (mut session, now) = open(TransportKind::WebSocket);
    session.hold(1024);
    assert!(!session.is_backlogged());
    session.hold(1);
    assert!(session.is_backlogged());
    session.release(1);
    assert!(!session.is_backlogged());
    session.hold(9999);
    session.close(CloseReason::ForcedClose, now);
    assert!(!session.is_backlogged(), "nobody waits for the end of one that is over");
}

proptest! {
    #[test]
    fn nothing_is_lost_doubled_or_reordered(steps in prop::collection::vec(any::<u8>(), 0..80)) {
        story::play(&steps);
    }
}
