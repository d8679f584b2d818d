//! One wave, one wave back.

use super::attach;

const ONCE: &str = "One wave came, and one should go back. How often has `socket.on(\"wave\", …)` run by now, and what does each run add?";

#[test]
fn a_wave_comes_back_once_after_any_number_of_names() {
    let mut ann = lesson::of(attach).client("Ann");
    for name in ["Ann", "Anna", "Annabel"] {
        ann.says(&format!(r#"42["hello","{name}"]"#));
        ann.hears(&format!(r#"42["hello","Hello, {name}!"]"#), ONCE);
        ann.says(r#"42["wave"]"#);
        ann.hears(r#"42["wave"]"#, ONCE);
    }
    ann.hears_nothing(ONCE);
}

#[test]
fn a_wave_comes_back_as_often_as_one_waves() {
    let mut bob = lesson::of(attach).client("Bob");
    bob.says(r#"42["hello","Bob"]"#);
    bob.hears(r#"42["hello","Hello, Bob!"]"#, "Each hello is answered, as before.");
    for _ in 0..3 {
        bob.says(r#"42["wave"]"#);
        bob.hears(
            r#"42["wave"]"#,
            "Bob may wave as often as he likes: a handler for one time is not enough.",
        );
    }
}

#[test]
fn a_wave_before_the_first_hello_comes_back_too() {
    let mut carol = lesson::of(attach).client("Carol");
    carol.says(r#"42["wave"]"#);
    carol.hears(
        r#"42["wave"]"#,
        "Carol has not said hello yet. When is the handler added that should hear her?",
    );
}
