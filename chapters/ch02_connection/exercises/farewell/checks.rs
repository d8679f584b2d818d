//! Whoever goes stands in the log, with the reason.

use super::app;

const CALLED: &str = "The event came, but its data did not fit the type, and then a handler is not called. How many arguments \
                      does it want, and how many are there? `io.on_error(|_, error| eprintln!(\"{error}\"))` lets you hear of it.";

#[test]
fn who_closes_the_window_stands_in_the_log() {
    let lesson = lesson::app(app());
    let mut ann = lesson.client("Ann");
    lesson.tells("/log", "come", "Ann is here.");
    ann.leaves();
    lesson.tells("/log", "come\ngone: transport close", CALLED);
}

#[test]
fn who_says_that_he_goes_stands_in_the_log() {
    let lesson = lesson::app(app());
    let mut bob = lesson.client("Bob");
    lesson.tells("/log", "come", "Bob is here.");
    bob.says("41");
    lesson.tells("/log", "come\ngone: client namespace disconnect", CALLED);
}
