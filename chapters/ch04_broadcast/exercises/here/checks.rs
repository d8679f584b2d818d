//! The newcomer learns of all, and all learn of the newcomer.

use super::attach;

const ALONE: &str = "The first hears that nobody else is here: a list, and it is empty. In `on_connection` the newcomer is in already, \
                     so leave that one out.";
const LIST: &str = "`here` has one argument, a list of the ids of all the others.";

#[test]
fn the_first_is_alone() {
    lesson::of(attach).client("Ann").hears(r#"42["here",[]]"#, ALONE);
}

#[test]
fn the_newcomer_learns_who_is_here() {
    let lesson = lesson::of(attach);
    let mut ann = lesson.client("Ann");
    ann.hears(r#"42["here",[]]"#, ALONE);
    let mut bob = lesson.client("Bob");
    bob.hears(&format!(r#"42["here",["{}"]]"#, ann.name("me")), LIST);
    let mut carol = lesson.client("Carol");
    carol.hears(r#"42["here",["«one»","«other»"]]"#, LIST);
    // In any order.
    let mut listed = [carol.name("one"), carol.name("other")];
    let mut others = [ann.name("me"), bob.name("me")];
    listed.sort();
    others.sort();
    assert!(
        listed == others,
        "\n\nCarol comes after Ann and Bob, and hears of\n  {listed:?}\nIt should be Ann and Bob:\n  {others:?}\n\n{LIST}\n"
    );
}

#[test]
fn the_others_hear_only_of_the_newcomer() {
    let lesson = lesson::of(attach);
    let mut ann = lesson.client("Ann");
    ann.hears(r#"42["here",[]]"#, ALONE);
    let mut bob = lesson.client("Bob");
    let joined = format!(r#"42["joined","{}"]"#, bob.name("me"));
    ann.hears(&joined, "Ann was here before, and hears that somebody has come, and nothing else.");
    ann.hears_nothing("`here` is for who has just come. Who is that: `socket`, or everybody?");
    bob.hears(&format!(r#"42["here",["{}"]]"#, ann.name("me")), LIST);
    bob.hears_nothing("Bob knows that he has come. `joined` is for the others.");
}
