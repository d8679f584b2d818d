//! Two stay, the third goes, and a place that is free is free.

use super::app;
use lesson::{Client, Lesson};

const STAYS: &str = "There is a place. When the handler runs, the newcomer is in, and counted: the second one sees two.";
const SHOWN_OUT: &str = "Two are here already. `41` is what the server says when it ends one client: `socket.disconnect()`.";

fn table_with_two() -> (Lesson, Client, Client) {
    let lesson = lesson::app(app());
    let ann = lesson.client("Ann");
    lesson.tells("/here", "1", STAYS);
    let bob = lesson.client("Bob");
    lesson.tells("/here", "2", STAYS);
    (lesson, ann, bob)
}

#[test]
fn the_third_is_shown_out() {
    let (lesson, _ann, _bob) = table_with_two();
    lesson.client("Carol").hears("41", SHOWN_OUT);
    lesson.tells("/here", "2", "Ann and Bob were here before Carol: only she has to go.");
}

#[test]
fn the_two_who_are_here_notice_nothing() {
    let (lesson, mut ann, mut bob) = table_with_two();
    bob.hears_nothing("Bob has a place at the table for two.");
    lesson.client("Carol").hears("41", SHOWN_OUT);
    // A namespace that is not there: the answer shows that nothing came before it.
    for client in [&mut ann, &mut bob] {
        client.says("40/nowhere,");
        client.hears(
            r#"44/nowhere,{"message":"Invalid namespace"}"#,
            "`socket` is who has just come. Those who are here do not have to hear of it.",
        );
    }
}

#[test]
fn a_place_that_is_free_again_is_taken_again() {
    let (lesson, _ann, mut bob) = table_with_two();
    lesson.client("Carol").hears("41", SHOWN_OUT);
    bob.says("41");
    lesson.tells("/here", "1", "Bob has gone.");
    let mut dora = lesson.client("Dora");
    lesson.tells(
        "/here",
        "2",
        "Bob has gone: Dora has his place. It counts who is here, not who has ever come.",
    );
    dora.hears_nothing("Dora has Bob's place. It counts who is here, not who has ever come.");
}
