//! The story, as it really goes.

use super::{ANSWERS, attach};
use lesson::Client;

/// What somebody hears before the end, which everybody hears.
fn before_the_end(client: &mut Client) -> String {
    match client.reads().as_str() {
        r#"42["end"]"# => "nothing".to_owned(),
        came => {
            let came = came.to_owned();
            assert_eq!(client.reads(), r#"42["end"]"#, "more than one packet came");
            came
        }
    }
}

#[test]
fn the_packets_are_foreseen() {
    let lesson = lesson::of(attach);
    let mut bob = lesson.client("Bob");
    bob.says(r#"42["login",{"name":"bob","userid":"b@x"}]"#);
    bob.hears(r#"42["login","bob"]"#, "Everybody hears of a login.");
    let mut ann = lesson.client("Ann");
    let mut story = Vec::new();
    // What Ann sends; whether Bob is asked what he hears; a thought.
    let steps = [
        (r#"42["chat",{"msg":"hi"}]"#, true, "Who is Ann? She has not said."),
        (
            r#"42["login",{"name":"ann"}]"#,
            true,
            "Is this a `User`? Look at what the struct asks for.",
        ),
        (
            r#"42["login",{"userid":"a@x","name":"ann"}]"#,
            true,
            "In an object the order means nothing. And to whom does `socket.nsp().emit` send, and what?",
        ),
        (
            r#"42["chat",{"msg":"hi","from":"bob"}]"#,
            true,
            "Who is the sender: the one that the packet names, or the one that the socket belongs to? The JSON has the order of the struct.",
        ),
        (r#"42["chat",{"msg":"안녕"}]"#, false, "`broadcast` leaves one out."),
        (
            r#"420["login",{"name":"eve","userid":"e@x"}]"#,
            false,
            "She asks for an answer. What does the handler of `login` return?",
        ),
    ];
    for (number, (packet, is_bob, thought)) in (1..).zip(steps) {
        ann.says(packet);
        // Her packets are handled in their order.
        ann.says(r#"42["end"]"#);
        if number == 6 {
            for who in [&mut ann, &mut bob] {
                who.hears(r#"42["login","eve"]"#, "Everybody hears of a login.");
            }
        }
        let (hers, his) = (before_the_end(&mut ann), before_the_end(&mut bob));
        story.push((packet, if is_bob { his } else { hers }, thought));
    }
    ann.says(r#"42["forceDisconnect"]"#);
    story.push(("forceDisconnect", ann.reads(), "The packet that leaves a namespace has no data."));
    ann.says("40");
    let again = ann.reads();
    let again = again.split_once('{').map_or(again.clone(), |(head, _)| format!("{head}{{…}}"));
    story.push(("40, after that", again, "Her session is not over: only the namespace was left."));
    ann.says(r#"42["chat",{"msg":"still here"}]"#);
    ann.says(r#"42["end"]"#);
    story.push((
        "chat, after that",
        before_the_end(&mut bob),
        "It is a new socket. What does the server know about it?",
    ));
    lesson::foreseen(ANSWERS, &story);
}
