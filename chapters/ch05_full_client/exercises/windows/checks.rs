//! A name is here as long as one of its windows.

use super::app;
use lesson::{Client, Lesson};

const STILL: &str = "One of Ann's two windows is open. What does the list hold: windows, or names?";

/// Somebody with a window of theirs, logged in.
fn window(lesson: &Lesson, title: &str, name: &str) -> Client {
    let mut client = lesson.client(title);
    login(&mut client, name);
    client
}

fn login(client: &mut Client, name: &str) {
    client.says(&format!(r#"42["login",{{"name":"{name}"}}]"#));
    client.reads_all();
}

#[test]
fn one_window_of_two_is_enough_to_be_here() {
    let lesson = lesson::app(app());
    let mut computer = window(&lesson, "Ann's computer", "ann");
    let mut phone = window(&lesson, "Ann's phone", "ann");
    let mut bob = window(&lesson, "Bob", "bob");
    lesson.tells("/who", "ann\nbob", "Ann is here twice, and in the list once.");
    for client in [&mut phone, &mut bob] {
        client.says("41");
        // The server is done with it when this is answered.
        client.reads_all();
    }
    lesson.tells("/who", "ann", STILL);
    computer.leaves();
    lesson.tells("/who", "", "Now all of Ann's windows are closed.");
}

#[test]
fn another_name_takes_the_place_of_the_first() {
    let lesson = lesson::app(app());
    let mut ann = window(&lesson, "Ann", "ann");
    login(&mut ann, "anna");
    lesson.tells(
        "/who",
        "anna",
        "Ann has logged in again, on the same socket. Nobody here is called ann any more.",
    );
    ann.leaves();
    lesson.tells("/who", "", "Ann has gone, and with her every name that she had.");
}

#[test]
fn who_has_not_logged_in_is_not_listed() {
    let lesson = lesson::app(app());
    let _carol = lesson.client("Carol");
    let _bob = window(&lesson, "Bob", "bob");
    lesson.tells("/who", "bob", "Carol has not said who she is.");
}
