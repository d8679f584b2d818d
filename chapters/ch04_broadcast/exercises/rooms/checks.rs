//! Who is in hears, and who is out neither hears nor speaks.

use super::attach;
use lesson::{Client, Lesson};

const INSIDE: &str = "Both are in the room. To the room goes what is sent to `nsp().to(…)`, and only who has joined it is there.";
const REFUSED: &str = "Carol is not in this room. `socket.rooms()` knows in which she is, and an `Err` from the handler tells her.";

/// Ann and Bob in a room, Carol outside.
fn red() -> (Lesson, [Client; 3]) {
    let lesson = lesson::of(attach);
    let mut clients = ["Ann", "Bob", "Carol"].map(|name| lesson.client(name));
    for client in &mut clients[..2] {
        client.says(r#"42["enter","red"]"#);
        // The server has got it when this is answered.
        client.reads_all();
    }
    (lesson, clients)
}

#[test]
fn all_in_the_room_hear_what_is_said_and_the_speaker_too() {
    let (_lesson, [mut ann, mut bob, _carol]) = red();
    ann.says(r#"42["say","red","hello"]"#);
    for client in [&mut bob, &mut ann] {
        client.hears(r#"42["said",{"room":"red","msg":"hello"}]"#, INSIDE);
    }
}

#[test]
fn who_is_in_another_room_hears_nothing() {
    let (_lesson, [mut ann, mut bob, mut carol]) = red();
    carol.says(r#"42["enter","blue"]"#);
    ann.says(r#"42["say","red","hello"]"#);
    bob.hears(r#"42["said",{"room":"red","msg":"hello"}]"#, INSIDE);
    carol.hears_nothing("Carol is in blue. What is said in red is for red.");
    carol.says(r#"42["say","blue","alone"]"#);
    carol.hears(
        r#"42["said",{"room":"blue","msg":"alone"}]"#,
        "Carol is in blue, and may speak there.",
    );
}

#[test]
fn who_is_not_in_the_room_may_not_speak_there() {
    let (_lesson, [mut ann, mut bob, mut carol]) = red();
    carol.says(r#"42["say","red","let me in"]"#);
    carol.hears(r#"42["refused","«why»"]"#, REFUSED);
    carol.says(r#"42["enter","blue"]"#);
    carol.says(r#"42["say","red","and now?"]"#);
    carol.hears(r#"42["refused","«reason»"]"#, REFUSED);
    ann.says(r#"42["say","red","hello"]"#);
    for client in [&mut ann, &mut bob] {
        client.hears(
            r#"42["said",{"room":"red","msg":"hello"}]"#,
            "Carol was refused, so nothing of hers may come first. Look before you send.",
        );
    }
}
