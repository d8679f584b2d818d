//! Who speaks is who has logged in.

use super::attach;
use lesson::{Client, Lesson};

const FORGED: &str = "Mallory has logged in as mallory, and has sent this. Everything in a message is what its sender wants it to be. Who \
                      on the server knows who Mallory is?";

fn two() -> (Lesson, Client, Client) {
    let lesson = lesson::of(attach);
    let (bob, mut mallory) = (lesson.client("Bob"), lesson.client("Mallory"));
    mallory.says(r#"42["login",{"name":"mallory","userid":"666"}]"#);
    mallory.reads_all();
    (lesson, bob, mallory)
}

#[test]
fn nobody_speaks_in_another_name() {
    let (_lesson, mut bob, mut mallory) = two();
    bob.hears(r#"42["login","mallory"]"#, "Everybody hears who logs in, as before.");
    for from in [
        r#"{"name":"ann","userid":"1"}"#,
        r#"{"name":"mallory","userid":"1"}"#,
        r#"{"name":"ann","userid":"666"}"#,
    ] {
        mallory.says(&format!(r#"42["chat",{{"from":{from},"msg":"I am ann"}}]"#));
        bob.hears(
            r#"42["chat",{"from":{"name":"mallory","userid":"666"},"msg":"I am ann"}]"#,
            FORGED,
        );
    }
}

#[test]
fn a_page_need_not_say_who_it_is() {
    let (_lesson, mut bob, mut mallory) = two();
    bob.hears(r#"42["login","mallory"]"#, "Everybody hears who logs in, as before.");
    mallory.says(r#"42["chat",{"msg":"hello"}]"#);
    bob.hears(
        r#"42["chat",{"from":{"name":"mallory","userid":"666"},"msg":"hello"}]"#,
        "The server knows who this is. If the type does not ask for `from`, a message without it is welcome.",
    );
}

#[test]
fn who_has_not_logged_in_is_not_heard() {
    let lesson = lesson::of(attach);
    let (mut bob, mut carol) = (lesson.client("Bob"), lesson.client("Carol"));
    carol.says(r#"42["chat",{"from":{"name":"ann","userid":"1"},"msg":"hello"}]"#);
    carol.says(r#"42["login",{"name":"carol","userid":"3"}]"#);
    bob.hears(
        r#"42["login","carol"]"#,
        "Before that Carol was nobody, whatever name her message had in it.",
    );
}
