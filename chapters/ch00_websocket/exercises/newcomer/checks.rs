//! The newcomer hears what the board says, and nobody else does.

use super::app;

#[test]
fn a_newcomer_is_told_what_the_board_says() {
    let lesson = lesson::app(app());
    let mut bob = lesson.websocket("Bob", "/ws");
    bob.says("old");
    bob.hears("old", "who writes is told too");
    bob.says("hello");
    bob.hears("hello", "who writes is told too");
    let mut carol = lesson.websocket("Carol", "/ws");
    carol.hears(
        "hello",
        "The board said this before Carol came. Nobody writes now, so nothing would tell her: her channel has to \
         begin with it. What the board said earlier still is no news.",
    );
}

#[test]
fn nobody_else_hears_it_again() {
    let lesson = lesson::app(app());
    let mut bob = lesson.websocket("Bob", "/ws");
    bob.says("hello");
    bob.hears("hello", "who writes is told too");
    let mut carol = lesson.websocket("Carol", "/ws");
    carol.says("hi");
    bob.hears(
        "hi",
        "Bob knows already what the board said. Only the newcomer's own channel may get it; `write` gives it to all.",
    );
}

#[test]
fn an_empty_board_is_no_news() {
    let lesson = lesson::app(app());
    let mut bob = lesson.websocket("Bob", "/ws");
    bob.says("hello");
    bob.hears(
        "hello",
        "Nothing was on the board when Bob came. So this is the first thing that he hears.",
    );
}
