//! The story, as the server really tells it.

use super::{State, TOLD, app};
use async_std::task;

#[test]
fn the_story_goes_as_foreseen() {
    let board = State::default();
    let lesson = lesson::app(app(board.clone()));
    let mut bob = lesson.websocket("Bob", "/ws");
    let mut carol = lesson.websocket("Carol", "/ws");
    lesson::soon(|| task::block_on(board.lock()).watchers.len() == 2);
    let mut told = Vec::new();
    bob.says("hello");
    told.push(carol.reads());
    bob.reads();
    carol.says("hello");
    told.push(bob.reads());
    carol.reads();
    bob.says_bytes(&[0x00, 0xff]);
    told.push(carol.reads());
    bob.says(r#"42["chat","hi"]"#);
    told.push(carol.reads());
    bob.reads();
    bob.reads();
    bob.leaves();
    let mut bob = lesson.websocket("Bob", "/ws");
    bob.says("back");
    told.push(carol.reads());
    told.push(lesson.get("/board").body);

    let steps = [
        ("Carol hears of Bob's `hello`", "What does `format!` put before a text?"),
        (
            "Bob hears of Carol's `hello`",
            "Where is `said` made: once for the server, or once for each who comes?",
        ),
        (
            "Carol hears of Bob's two bytes",
            "Which messages are counted, and which only get the number?",
        ),
        (
            "Carol hears of Bob's `42[…]`",
            "Does this server know what 42 means? And how far was Bob's count?",
        ),
        (
            "Carol hears of Bob's `back`",
            "Does anything connect the new WebSocket with the old one?",
        ),
        ("Ann asks for the board", "HTTP gives what is there. What has `text` been set to last?"),
    ];
    let story = steps.into_iter().zip(told).map(|((what, thought), came)| (what, came, thought));
    lesson::foreseen(TOLD, &story.collect::<Vec<_>>());
}
