//! Who comes is counted for ever, who is here only while he is.

use super::app;

const CAME: &str = "The handler of `on_connection` runs once for each who enters. A number that was copied into it is another \
                    number: both sides have to hold the same one.";

#[test]
fn nobody_has_come_to_a_new_server() {
    lesson::app(app()).tells(
        "/visits",
        "0 have come, 0 are here",
        "The server has just been started.",
    );
}

#[test]
fn everybody_who_comes_is_counted() {
    let lesson = lesson::app(app());
    let _ann = lesson.client("Ann");
    lesson.tells("/visits", "1 have come, 1 are here", CAME);
    let _bob = lesson.client("Bob");
    lesson.tells("/visits", "2 have come, 2 are here", CAME);
}

#[test]
fn who_goes_is_not_here_any_more_and_has_come_all_the_same() {
    let lesson = lesson::app(app());
    let _ann = lesson.client("Ann");
    let mut bob = lesson.client("Bob");
    lesson.tells("/visits", "2 have come, 2 are here", CAME);
    bob.leaves();
    lesson.tells(
        "/visits",
        "2 have come, 1 are here",
        "Bob has closed his window. Only one of the two numbers goes down.",
    );
    let mut bob = lesson.client("Bob again");
    lesson.tells("/visits", "3 have come, 2 are here", "Bob has come once more, and he is here.");
    bob.says("41");
    lesson.tells(
        "/visits",
        "3 have come, 1 are here",
        "There is more than one way to go: 41 is one, too.",
    );
}

#[test]
fn each_server_counts_its_own() {
    let (full, empty) = (lesson::app(app()), lesson::app(app()));
    let _ann = full.client("Ann");
    full.tells("/visits", "1 have come, 1 are here", CAME);
    empty.tells(
        "/visits",
        "0 have come, 0 are here",
        "Two servers run in this program, and nobody has come to this one. A `static` belongs to the whole program.",
    );
}
