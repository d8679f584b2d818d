//! Who hears it, as it really is.

use super::{ANSWERS, attach};
use lesson::Client;

/// Whether somebody hears `it` before the end.
fn hears(client: &mut Client) -> bool {
    let mut heard = false;
    loop {
        match client.reads().as_str() {
            r#"42["end"]"# => return heard,
            _ => heard = true,
        }
    }
}

#[test]
fn it_is_foreseen_who_hears_it() {
    let lesson = lesson::of(attach);
    let mut everybody = ["Ann", "Bob", "Carol"].map(|name| (name, lesson.client(name)));
    for (_, client) in &mut everybody[1..] {
        client.says(r#"420["join","red"]"#);
        client.hears("430[]", "The room is open.");
    }
    let bob = everybody[1].1.name("me").to_owned();
    let thoughts = [
        "`io` is everybody who is here.",
        "There is no broadcast in this line.",
        "A broadcast leaves one out.",
        "Who is in the room? Ann is not asked who she is: `io` leaves nobody out.",
        "Two rooms: `red`, and that of Bob's id. Does Bob hear it twice?",
        "Everybody but a room.",
        "Who is in the room of Ann's id? And whom does `socket.to` leave out?",
        "Nobody has ever joined it.",
    ];
    let mut story = Vec::new();
    for (number, thought) in (1..).zip(thoughts) {
        everybody[0].1.says(&format!(r#"42["go",{number},"{bob}"]"#));
        let names =
            everybody.iter_mut().filter_map(|(name, client)| hears(client).then_some(*name));
        let names = names.collect::<Vec<_>>().join(" ");
        let names = if names.is_empty() { "nobody".to_owned() } else { names };
        story.push(("who hears it", names, thought));
    }
    lesson::foreseen(ANSWERS, &story);
}
