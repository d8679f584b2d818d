//! The story, as the server really answers.

use super::{ANSWERS, attach};
use std::thread;

const POLLING: &str = "/socket.io/?EIO=4&transport=polling";

/// Packets without what is in their JSON, and with the separator to be seen.
fn short(body: &str) -> String {
    let packets = body.split('\u{1e}').map(|packet| match packet.split_once('{') {
        Some((head, _)) => format!("{head}{{…}}"),
        None => packet.to_owned(),
    });
    packets.collect::<Vec<_>>().join("␞")
}

#[test]
fn the_answers_are_foreseen() {
    let lesson = lesson::of(attach);
    let mut answers = Vec::new();
    let open = lesson.get(POLLING).body;
    let session = open.split('"').nth(3).unwrap_or_default();
    let address = format!("{POLLING}&sid={session}");
    answers.push(open.clone());
    answers.push(lesson.post(&address, "40").body);
    answers.push(lesson.get(&address).body);
    lesson.post(&address, "40/red,");
    lesson.post(&address, "40/blue,");
    answers.push(lesson.get(&address).body);
    lesson.post(&address, "41");
    lesson.post(&address, "40");
    answers.push(lesson.get(&address).body);
    let mut ann =
        lesson.websocket("Ann", &format!("/socket.io/?EIO=4&transport=websocket&sid={session}"));
    let poll = thread::scope(|scope| {
        let poll = scope.spawn(|| lesson.get(&address).body);
        ann.says("2probe");
        answers.push(ann.reads());
        poll.join()
    });
    answers.push(poll.unwrap_or_default());
    ann.says("5");
    let mut bob = lesson.websocket("Bob", "/socket.io/?EIO=4&transport=websocket");
    answers.push(bob.reads());
    bob.says("40");
    answers.push(format!("{}\u{1e}{}", bob.reads(), bob.reads()));

    let steps = [
        (
            "Ann asks for the first time",
            "The server speaks first. Engine.IO has a packet that opens a session.",
        ),
        (
            "Ann posts 40",
            "What the server has to say to her goes to a GET. What is left for a POST to be told?",
        ),
        ("Ann polls", "Now comes the answer to her 40."),
        (
            "Ann polls, after 40/red, and 40/blue,",
            "Two packets ask for two answers. She may not enter; and both wait for one GET.",
        ),
        (
            "Ann polls, after 41 and 40",
            "41 leaves the namespace. Does the session end with that? And who is here now?",
        ),
        (
            "Ann's WebSocket, after 2probe",
            "2 is a ping, and what comes back to a ping is a pong, with the same data.",
        ),
        (
            "Ann's poll that waits",
            "She cannot move while a poll waits. The server lets it go, with a packet that means nothing.",
        ),
        ("Bob opens a WebSocket", "A session begins in the same way on each transport."),
        (
            "Bob hears two packets after 40",
            "Ann is here, so the handler shows Bob out. Was he in before that?",
        ),
    ];
    let story =
        steps.into_iter().zip(answers).map(|((what, thought), came)| (what, short(&came), thought));
    lesson::foreseen(ANSWERS, &story.collect::<Vec<_>>());
}
