//! Everybody speaks in their own name.

use super::attach;
use lesson::Client;

fn log_in(who: &mut Client, name: &str, others: &mut [&mut Client]) {
    who.says(&format!(r#"42["login",{{"name":"{name}","userid":"{name}@x"}}]"#));
    let login = format!(r#"42["login","{name}"]"#);
    who.hears(&login, "Everybody hears of a login.");
    for other in others {
        other.hears(&login, "Everybody hears of a login.");
    }
}

#[test]
fn who_speaks_is_the_sender() {
    let lesson = lesson::of(attach);
    let (mut ann, mut bob) = (lesson.client("Ann"), lesson.client("Bob"));
    log_in(&mut ann, "ann", &mut [&mut bob]);
    log_in(&mut bob, "bob", &mut [&mut ann]);
    ann.says(r#"42["chat",{"msg":"I am Ann"}]"#);
    bob.hears(
        r#"42["chat",{"from":{"name":"ann","userid":"ann@x"},"msg":"I am Ann"}]"#,
        "Ann said it. Bob was only the last to log in. How many users can this server remember?",
    );
    bob.says(r#"42["chat",{"msg":"and I am Bob"}]"#);
    ann.hears(
        r#"42["chat",{"from":{"name":"bob","userid":"bob@x"},"msg":"and I am Bob"}]"#,
        "Bob said it.",
    );
}

#[test]
fn who_has_not_logged_in_says_nothing() {
    let lesson = lesson::of(attach);
    let (mut ann, mut mallory) = (lesson.client("Ann"), lesson.client("Mallory"));
    log_in(&mut ann, "ann", &mut [&mut mallory]);
    mallory.says(r#"42["chat",{"msg":"I am Ann, too"}]"#);
    ann.hears_nothing("Mallory never logged in, and speaks in somebody's name. In whose?");
}

#[test]
fn a_name_goes_with_its_socket() {
    let lesson = lesson::of(attach);
    let (mut ann, mut bob) = (lesson.client("Ann"), lesson.client("Bob"));
    log_in(&mut ann, "ann", &mut [&mut bob]);
    ann.leaves();
    let mut carol = lesson.client("Carol");
    bob.says(r#"42["chat",{"msg":"who am I?"}]"#);
    carol.hears_nothing("Ann has gone, and took her name with her. Bob has none yet.");
}
