//! Two events are understood, and all else is passed over.

use super::app;

/// What must not tell anybody anything, and what is wrong with it.
const PASSED_OVER: [(&str, &str); 6] = [
    (r#"["whisper","hello"]"#, "No event has the name `whisper` here."),
    (r#"["write"]"#, "A name alone: nobody has promised that a second element is there."),
    (r#"["write",7]"#, "The second element is a number, and no text."),
    ("[]", "An empty array has not even a name."),
    ("hello", "This is no JSON. A stranger may send anything."),
    (r#"{"write":"hello"}"#, "This is JSON, and no array."),
];

#[test]
fn write_tells_the_text() {
    let mut bob = lesson::app(app()).websocket("Bob", "/ws");
    bob.says(r#"["write","안녕하세요"]"#);
    bob.hears(
        "안녕하세요",
        "The first element is the name of the event, and only the second is for the others to see.",
    );
}

#[test]
fn shout_tells_it_in_capitals() {
    let mut bob = lesson::app(app()).websocket("Bob", "/ws");
    bob.says(r#"["shout","hello"]"#);
    bob.hears("HELLO", "Another name, another thing to do: `to_uppercase` is the way to shout.");
}

#[test]
fn anything_else_is_passed_over_and_the_connection_goes_on() {
    let lesson = lesson::app(app());
    let mut bob = lesson.websocket("Bob", "/ws");
    for (number, (strange, why)) in PASSED_OVER.iter().enumerate() {
        bob.says(strange);
        bob.says(&format!(r#"["write","{number}"]"#));
        bob.hears(&number.to_string(), why);
    }
}
