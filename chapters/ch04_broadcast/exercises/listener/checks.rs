//! Rooms for all, letters for one.

use super::attach;

#[test]
fn who_is_in_a_room_hears_what_is_said_there() {
    let lesson = lesson::of(attach);
    let (mut ann, mut bob) = (lesson.client("Ann"), lesson.client("Bob"));
    bob.says(r#"420["join","red"]"#);
    bob.hears("430[]", "Bob is in.");
    ann.says(r#"42["say","red","hello"]"#);
    bob.hears(
        r#"42["say","hello"]"#,
        "Rooms work as before: who speaks need not be in the room, and both handlers have to mean the same one.",
    );
}

#[test]
fn nobody_reads_the_letters_of_others() {
    let lesson = lesson::of(attach);
    let (mut ann, mut bob, mut mallory) =
        (lesson.client("Ann"), lesson.client("Bob"), lesson.client("Mallory"));
    let id = ann.name("me").to_owned();
    mallory.says(&format!(r#"420["join","{id}"]"#));
    mallory.hears(
        "430[]",
        "Every room may be joined, even one that is called as somebody's id is. Do not refuse it; see to it \
         that it is another room.",
    );
    bob.says(&format!(r#"42["letter","{id}","dear Ann"]"#));
    ann.hears(r#"42["letter","dear Ann"]"#, "The letter is for Ann.");
    mallory.hears_nothing(
        "Mallory joined a room with a strange name. Who else is in that room, and since when?",
    );
}

#[test]
fn a_room_cannot_be_used_to_write_letters() {
    let lesson = lesson::of(attach);
    let (mut ann, mut mallory) = (lesson.client("Ann"), lesson.client("Mallory"));
    let id = ann.name("me").to_owned();
    mallory.says(&format!(r#"42["say","{id}","I am a room"]"#));
    ann.hears_nothing("Ann has joined no room. What does `say` take her id for?");
}

#[test]
fn a_letter_cannot_be_sent_to_a_room() {
    let mut server = None;
    let lesson = lesson::of(|io| {
        attach(io);
        server = Some(io.clone());
    });
    let (mut ann, mut bob) = (lesson.client("Ann"), lesson.client("Bob"));
    bob.says(r#"420["join","red"]"#);
    bob.hears("430[]", "Bob is in.");
    // Whatever the room is called now, somebody will find out.
    for name in server.iter().flat_map(|io| io.rooms()).chain(["red".to_owned()]) {
        ann.says(&format!(r#"42["letter","{name}","for all of you"]"#));
    }
    bob.hears_nothing("A letter goes to one person, and `red` is a room. Look for the person, whatever the room is called.");
}
