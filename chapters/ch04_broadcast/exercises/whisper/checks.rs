//! A whisper reaches one.

use super::attach;

const ONE: &str = "It is on the wire of somebody who is not meant. What the page does with it then is too late: choose on the server who gets it.";

#[test]
fn nobody_but_the_one_hears_it() {
    let lesson = lesson::of(attach);
    let [mut ann, bob, mut carol] = ["Ann", "Bob", "Carol"].map(|name| lesson.client(name));
    ann.says(&format!(r#"42["whisper","{}","psst"]"#, bob.name("me")));
    carol.hears_nothing(ONE);
    ann.hears_nothing("Ann knows what she has whispered.");
}

#[test]
fn the_one_hears_it_and_from_whom() {
    let lesson = lesson::of(attach);
    let [mut ann, mut bob] = ["Ann", "Bob"].map(|name| lesson.client(name));
    ann.says(&format!(r#"42["whisper","{}","psst"]"#, bob.name("me")));
    bob.hears(
        &format!(r#"42["whisper",{{"from":"{}","msg":"psst"}}]"#, ann.name("me")),
        "Bob is meant. If it reaches nobody else, `to` tells him nothing new: `from` and `msg` are enough.",
    );
}

#[test]
fn a_whisper_to_nobody_reaches_nobody() {
    let lesson = lesson::of(attach);
    let [mut ann, mut bob] = ["Ann", "Bob"].map(|name| lesson.client(name));
    ann.says(r#"42["whisper","somebody who has gone","psst"]"#);
    bob.hears_nothing(ONE);
    ann.hears_nothing("Nobody is told that nobody is there.");
}
