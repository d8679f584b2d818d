//! One to twenty letters, of any alphabet.

use super::attach;
use lesson::Client;

const REFUSED: &str = "This is no name: there is nothing in it, or more than twenty letters. An `Err` from the handler \
                       becomes `refused`, before anybody has heard of it.";

/// Somebody tries to log in.
fn tries(client: &mut Client, name: &str) {
    client.says(&format!(r#"42["login",{{"name":"{name}","userid":"1"}}]"#));
}

#[test]
fn no_name_and_a_novel_are_refused() {
    for name in ["", "   ", &"x".repeat(21), &"지".repeat(21)] {
        let lesson = lesson::of(attach);
        let mut ann = lesson.client("Ann");
        tries(&mut ann, name);
        ann.hears(r#"42["refused","«why»"]"#, REFUSED);
        ann.says(r#"42["chat",{"msg":"hello"}]"#);
        ann.hears(
            r#"42["refused","«reason»"]"#,
            "Who was refused is not logged in. What is in `socket.data()` now?",
        );
    }
}

#[test]
fn nobody_hears_of_who_was_refused() {
    let lesson = lesson::of(attach);
    let (mut ann, mut bob) = (lesson.client("Ann"), lesson.client("Bob"));
    tries(&mut ann, "");
    ann.hears(r#"42["refused","«why»"]"#, REFUSED);
    tries(&mut ann, "ann");
    bob.hears(r#"42["login","ann"]"#, "The first that Bob may hear is the name that was accepted.");
}

#[test]
fn twenty_letters_are_a_name_in_every_alphabet() {
    let lesson = lesson::of(attach);
    for name in ["x".repeat(20), "지".repeat(20), "é".repeat(20), "a".to_owned()] {
        let mut ann = lesson.client("Ann");
        tries(&mut ann, &name);
        ann.hears(
            &format!(r#"42["login","{name}"]"#),
            "It has no more than twenty letters. A letter may have several bytes: which of the two have you counted?",
        );
    }
}

#[test]
fn blanks_around_a_name_do_not_count() {
    let lesson = lesson::of(attach);
    let (mut ann, mut bob) = (lesson.client("Ann"), lesson.client("Bob"));
    let twenty = "x".repeat(20);
    tries(&mut ann, &format!("  {twenty} "));
    let why =
        "Blanks around it are no part of the name: not for its length, and not for what is shown.";
    ann.hears(&format!(r#"42["login","{twenty}"]"#), why);
    bob.hears(&format!(r#"42["login","{twenty}"]"#), why);
    ann.says(r#"42["chat",{"msg":"hello"}]"#);
    bob.hears(
        &format!(r#"42["chat",{{"from":{{"name":"{twenty}","userid":"1"}},"msg":"hello"}}]"#),
        why,
    );
}

#[test]
fn who_has_a_name_keeps_it() {
    let lesson = lesson::of(attach);
    let (mut ann, mut bob) = (lesson.client("Ann"), lesson.client("Bob"));
    tries(&mut ann, "ann");
    bob.hears(r#"42["login","ann"]"#, "A good name is accepted.");
    tries(&mut ann, "");
    ann.says(r#"42["chat",{"msg":"hello"}]"#);
    bob.hears(
        r#"42["chat",{"from":{"name":"ann","userid":"1"},"msg":"hello"}]"#,
        "The second login was refused. So nothing has changed, and Ann is still Ann.",
    );
}
