//! The packets, as the server really sends them.

use super::{FRAMES, attach};

#[test]
fn the_packets_are_foreseen() {
    let mut ann = lesson::of(attach).client("Ann");
    ann.says(r#"427["tell"]"#);
    let steps = [
        (
            "emit(\"a\", \"hi\")",
            "4 is a message, 2 an event. Then comes an array: the name, and the data.",
        ),
        (
            "emit(\"b\", (\"hi\", 2))",
            "A tuple is how a handler takes two arguments. It sends them so, too.",
        ),
        (
            "emit(\"c\", vec![…])",
            "A `Vec` may have any length. Is it several arguments, or one that is a list?",
        ),
        (
            "emit(\"d\", […])",
            "An array's length is a part of its type, as a tuple's is. It is not a `Vec`.",
        ),
        ("emit(\"e\", ())", "`()` is a tuple as well: one of nothing."),
        (
            "emit(\"f\", None)",
            "JSON has a word for a value that is not there. And an `Option` is one value, no tuple.",
        ),
        (
            "emit(\"g\", Sum { … })",
            "A struct is an object, with all of its fields in their order, even the empty one.",
        ),
        (
            "what the handler returns",
            "The client has asked for an answer, with the number 7. An answer has no name: where would it stand?",
        ),
    ];
    let story = steps.map(|(what, thought)| (what, ann.reads(), thought));
    lesson::foreseen(FRAMES, &story);
}
