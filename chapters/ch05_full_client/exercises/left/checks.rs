//! Whoever is still here hears who has gone.

use super::attach;
use lesson::{Client, Lesson};

const ALL_WAYS: &str = "Somebody who had logged in is gone. Whatever the way, the handler of \"disconnect\" runs once.";

/// Ann is here and Bob has logged in.
fn two(lesson: &Lesson) -> (Client, Client) {
    let (mut ann, mut bob) = (lesson.client("Ann"), lesson.client("Bob"));
    bob.says(r#"42["login",{"name":"bob","userid":"b@x"}]"#);
    ann.hears(r#"42["login","bob"]"#, "Everybody hears of a login.");
    bob.hears(r#"42["login","bob"]"#, "Everybody hears of a login.");
    (ann, bob)
}

#[test]
fn who_closes_the_window_is_named() {
    let lesson = lesson::of(attach);
    let (mut ann, mut bob) = two(&lesson);
    bob.leaves();
    ann.hears(r#"42["logout","bob"]"#, ALL_WAYS);
    ann.hears_nothing("Once is enough.");
}

#[test]
fn who_is_thrown_out_is_named() {
    let lesson = lesson::of(attach);
    let (mut ann, mut bob) = two(&lesson);
    bob.says(r#"42["forceDisconnect"]"#);
    bob.hears("41", "Bob asked to be thrown out. He is not among those who hear of it.");
    ann.hears(r#"42["logout","bob"]"#, ALL_WAYS);
    ann.hears_nothing("Once is enough.");
}

#[test]
fn who_has_no_name_goes_in_silence() {
    let lesson = lesson::of(attach);
    let (mut ann, mut bob) = two(&lesson);
    let mut carol = lesson.client("Carol");
    carol.leaves();
    ann.hears_nothing("Carol never logged in. `socket.data().get::<User>()` may be empty.");
    bob.hears_nothing("Carol never logged in. `socket.data().get::<User>()` may be empty.");
}
