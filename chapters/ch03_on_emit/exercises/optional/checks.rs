//! A name, and a greeting or none.

use super::attach;

const SECOND: &str =
    "Two arguments came, and the handler asked for one: it gets the first. A tuple asks for both.";

#[test]
fn a_greeting_that_is_given_is_used() {
    let mut ann = lesson::of(attach).client("Ann");
    ann.says(r#"42["hello","Ann","Moin"]"#);
    ann.hears(r#"42["hello","Moin, Ann!"]"#, SECOND);
}

#[test]
fn who_sends_only_a_name_is_answered_as_before() {
    let mut bob = lesson::of(attach).client("Bob");
    let why = "Bob's page sends no greeting. In Rust a value that may be missing has a type that says so.";
    bob.says(r#"42["hello","Bob"]"#);
    bob.hears(r#"42["hello","Hello, Bob!"]"#, why);
    bob.says(r#"42["hello","Bob",null]"#);
    bob.hears(
        r#"42["hello","Hello, Bob!"]"#,
        "JavaScript has sent an `undefined` here, and JSON has only `null` for it.",
    );
}

#[test]
fn a_greeting_that_is_no_text_is_refused() {
    let mut carol = lesson::of(attach).client("Carol");
    let why = "The greeting is there, and it is a number. Let the type ask: a `String`, or none, and nothing else.";
    carol.says(r#"42["hello","Carol",7]"#);
    carol.hears(r#"42["refused","«why»"]"#, why);
    carol.says(r#"42["hello","Carol","Moin"]"#);
    carol.hears(r#"42["hello","Moin, Carol!"]"#, SECOND);
}

#[test]
fn a_name_is_still_needed() {
    let mut dora = lesson::of(attach).client("Dora");
    dora.says(r#"42["hello"]"#);
    dora.hears(
        r#"42["refused","«why»"]"#,
        "Only the greeting may be missing. Whom would you greet without a name?",
    );
}
