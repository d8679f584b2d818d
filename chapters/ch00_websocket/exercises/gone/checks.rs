//! Who has gone troubles nobody, and is forgotten.

use super::{State, app};
use async_std::task;
use lesson::{Client, Lesson};

const BOTH: &str = "Bob and Carol write and are told";

/// Ann, Bob and Carol are there, in this order; then Bob goes, and the server has noticed it.
fn bob_goes(board: &State) -> (Lesson, Client, Client) {
    let lesson = lesson::app(app(board.clone()));
    let [mut ann, mut bob, mut carol] = ["Ann", "Bob", "Carol"].map(|name| {
        let mut client = lesson.websocket(name, "/ws");
        client.says(name);
        client.hears(name, BOTH);
        client
    });
    ann.hears("Bob", BOTH);
    ann.hears("Carol", BOTH);
    bob.hears("Carol", BOTH);
    bob.leaves();
    lesson::soon(|| watchers(board) < 3 || has_closed_ones(board));
    carol.says("hi");
    (lesson, ann, carol)
}

fn watchers(board: &State) -> usize {
    task::block_on(board.lock()).watchers.len()
}

fn has_closed_ones(board: &State) -> bool {
    task::block_on(board.lock()).watchers.iter().any(|watcher| watcher.is_closed())
}

#[test]
fn who_writes_after_somebody_has_gone_stays() {
    let (_lesson, _, mut carol) = bob_goes(&State::default());
    carol.hears(
        "hi",
        "Bob has closed his window. Carol wrote after that, and the server hung up on her. Which line ends her \
         connection, and whose fault does it punish?",
    );
    carol.says("still here");
    carol.hears("still here", "Once is not enough: she may write as long as she likes.");
}

#[test]
fn who_comes_in_the_list_after_the_one_who_has_gone_is_told_too() {
    let (_lesson, mut ann, mut carol) = bob_goes(&State::default());
    ann.hears("hi", "Ann stands in the list before Bob.");
    carol.hears(
        "hi",
        "Carol stands in the list behind Bob, who has gone. A loop that stops at him never comes to her.",
    );
}

#[test]
fn who_has_gone_is_not_kept() {
    let board = State::default();
    let (_lesson, mut ann, _carol) = bob_goes(&board);
    ann.hears("hi", "Ann is still there.");
    // Whoever forgets Bob may do so a moment later.
    assert!(
        lesson::soon(|| watchers(&board) == 2),
        "\n\nAnn and Carol are there, Bob has gone, and somebody has written since.\n  expected  2 watchers in the list\n  \
         came      {}\n\nA server runs for months. A list in which everybody stays who ever came grows until the memory \
         is full.\nLook into {}\n",
        watchers(&board),
        file!().replace("checks.rs", "starter.rs")
    );
}
