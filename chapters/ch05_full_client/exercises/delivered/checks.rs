//! The number of the others, and the message to them.

use super::attach;
use lesson::{Client, Lesson};

const COUNT: &str = "The answer is how many others have been sent it: the audience of `broadcast()`. The speaker is not one of them.";

fn logged_in(lesson: &Lesson, name: &str) -> Client {
    let mut client = lesson.client(name);
    client.says(&format!(r#"42["login",{{"name":"{name}","userid":"1"}}]"#));
    client.hears(&format!(r#"42["login","{name}"]"#), "Everybody hears who logs in, as before.");
    client
}

#[test]
fn the_number_of_the_others_is_the_answer() {
    let lesson = lesson::of(attach);
    let mut ann = logged_in(&lesson, "ann");
    ann.says(r#"421["chat",{"msg":"alone?"}]"#);
    ann.hears("431[0]", COUNT);
    let (_bob, mut carol) = (lesson.client("Bob"), lesson.client("Carol"));
    ann.says(r#"422["chat",{"msg":"hello"}]"#);
    ann.hears("432[2]", COUNT);
    carol.says("41");
    carol.reads_all();
    ann.says(r#"423["chat",{"msg":"and now?"}]"#);
    ann.hears("433[1]", "Carol has gone. It counts who is here, not who has ever come.");
}

#[test]
fn the_others_hear_it_as_before() {
    let lesson = lesson::of(attach);
    let mut ann = logged_in(&lesson, "ann");
    let mut bob = lesson.client("Bob");
    for id in ["4", ""] {
        ann.says(&format!(r#"42{id}["chat",{{"msg":"hello"}}]"#));
        bob.hears(
            r#"42["chat",{"from":{"name":"ann","userid":"1"},"msg":"hello"}]"#,
            "The message itself goes to the others, whether Ann asks for an answer or not.",
        );
    }
    ann.hears("434[1]", COUNT);
    ann.hears_nothing("Ann has asked once, and nobody gets a message of their own.");
}

#[test]
fn who_has_not_logged_in_gets_no_answer() {
    let lesson = lesson::of(attach);
    let (mut bob, mut carol) = (lesson.client("Bob"), lesson.client("Carol"));
    carol.says(r#"425["chat",{"msg":"hello"}]"#);
    carol.hears_nothing(
        "Carol has not logged in: the handler ends with an `Err`, which is no answer.",
    );
    bob.hears_nothing("Carol has not logged in, and so she is not heard.");
}
