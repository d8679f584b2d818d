//! The sum comes back as an ack, and only then.

use super::attach;

const RETURN: &str = "What a handler returns in `Ok` is its ack. Does this one return anything?";

#[test]
fn the_sum_is_the_ack() {
    let mut ann = lesson::of(attach).client("Ann");
    ann.says(r#"420["add",{"a":1,"b":2}]"#);
    ann.hears("430[3]", RETURN);
    ann.says(r#"4217["add",{"a":2147483647,"b":1}]"#);
    ann.hears("4317[2147483648]", "The id after 43 is the one that came after 42.");
}

#[test]
fn who_does_not_ask_gets_no_answer() {
    let mut ann = lesson::of(attach).client("Ann");
    ann.says(r#"42["add",{"a":1,"b":2}]"#);
    ann.hears_nothing("Without an id in the packet nobody waits for an ack.");
    ann.says(r#"421["add",{"a":2,"b":2}]"#);
    ann.hears("431[4]", RETURN);
}
