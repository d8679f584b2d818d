//! The checker on logs that were spoilt on purpose.

use super::*;

fn post(id: u64) -> Post {
    let room = if id.is_multiple_of(3) { "blue" } else { "red" };
    Post { id, room: room.to_owned(), sender: "server".to_owned(), number: id }
}

fn connected(rooms: &[&str], recovered: bool, since: Option<u64>) -> Line {
    Line::Connected {
        rooms: rooms.iter().map(|room| (*room).to_owned()).collect(),
        recovered,
        since,
    }
}

fn received(ids: impl IntoIterator<Item = u64>) -> Vec<Line> {
    ids.into_iter().map(|id| Line::Received(post(id))).collect()
}

/// The faults of one client's log, when ten messages were sent.
fn faults(log: Vec<Line>) -> Vec<Fault> {
    let sent: Vec<_> = (1..=10).map(post).collect();
    let found = check(&sent, &BTreeMap::from([("ann".to_owned(), log)]));
    found
        .into_iter()
        .map(|(client, fault)| {
            assert_eq!(client, "ann");
            fault
        })
        .collect()
}

fn with(start: Line, ids: impl IntoIterator<Item = u64>) -> Vec<Line> {
    [vec![start], received(ids), vec![Line::Until(10)]].concat()
}

const BOTH: [&str; 2] = ["red", "blue"];

#[test]
fn nothing_is_wrong_with_a_whole_log() {
    assert_eq!(faults(with(connected(&BOTH, false, Some(0)), 1..=10)), []);
    assert_eq!(faults(with(connected(&["blue"], false, Some(0)), [3, 6, 9])), []);
    assert_eq!(faults(with(connected(&BOTH, false, None), 4..=10)), []);
}

#[test]
fn what_is_left_out_is_missing() {
    let from = |ids: Vec<u64>| faults(with(connected(&BOTH, false, Some(0)), ids));
    assert_eq!(from((2..=10).collect()), [Fault::Missing(1)]);
    assert_eq!(from(vec![1, 2, 5, 6, 7, 8, 9, 10]), [Fault::Missing(3), Fault::Missing(4)]);
    assert_eq!(from((1..=9).collect()), [Fault::Missing(10)]);
}

#[test]
fn twice_out_of_order_and_in_the_wrong_room() {
    let from = |ids: Vec<u64>| faults(with(connected(&BOTH, false, None), ids));
    assert_eq!(from(vec![7, 8, 8, 9, 10]), [Fault::Twice(8)]);
    assert_eq!(from(vec![7, 8, 9, 10, 8]), [Fault::Order(8)]);
    assert_eq!(faults(with(connected(&["blue"], false, Some(6)), [7, 9])), [Fault::WrongRoom(7)],);
}

#[test]
fn what_was_never_sent_or_was_changed_on_the_way() {
    let changed = Post { sender: "mallory".to_owned(), ..post(2) };
    let log = vec![connected(&BOTH, false, Some(1)), Line::Received(changed.clone())];
    assert_eq!(faults(log), [Fault::NotSent(changed)]);
    let log = vec![connected(&BOTH, false, Some(1)), Line::Received(post(11))];
    assert_eq!(faults(log), [Fault::NotSent(post(11))]);
}

#[test]
fn a_recovered_connection_has_no_gap_and_another_may_have_one() {
    let log = |recovered, second: std::ops::RangeInclusive<u64>| {
        let first =
            [vec![connected(&BOTH, false, Some(0))], received(1..=4), vec![Line::Cut]].concat();
        [first, with(connected(&BOTH, recovered, None), second)].concat()
    };
    assert_eq!(faults(log(true, 5..=10)), []);
    assert_eq!(faults(log(true, 6..=10)), [Fault::Missing(5)]);
    assert_eq!(faults(log(true, 4..=10)), [Fault::Twice(4)]);
    assert_eq!(faults(log(false, 6..=10)), []);
    assert_eq!(faults(log(false, 3..=10)), [Fault::Order(3), Fault::Twice(4)]);
}

#[test]
fn nothing_comes_over_a_connection_that_was_cut() {
    let log = [vec![connected(&BOTH, false, Some(0))], received(1..=2), vec![Line::Cut]].concat();
    assert_eq!(faults([log, received([3])].concat()), [Fault::NotConnected(3)]);
}

#[test]
fn a_sender_that_the_server_put_out_of_order() {
    let late = Post { number: 1, ..post(5) };
    let sent = [post(1), post(2), late.clone()];
    assert_eq!(check(&sent, &BTreeMap::new()), [("the server".to_owned(), Fault::Sender(late))]);
}
