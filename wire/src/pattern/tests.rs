use super::*;

fn pattern(text: &str) -> Pattern {
    Pattern::parse(text).unwrap()
}

#[test]
fn text_is_compared_byte_for_byte() {
    let mut names = Names::new();
    assert!(pattern(r#"42["login","안녕"]"#).matches(r#"42["login","안녕"]"#, &mut names));
    assert!(!pattern("42").matches("42 ", &mut names));
    assert!(!pattern("42 ").matches("42", &mut names));
    assert!(pattern("").matches("", &mut names));
    assert!(!pattern("").matches("x", &mut names));
}

#[test]
fn a_name_is_bound_at_first_sight_and_compared_after() {
    let mut names = Names::new();
    assert!(pattern(r#"0{"sid":"«sid»","n":1}"#).matches(r#"0{"sid":"abc","n":1}"#, &mut names));
    assert_eq!(names["sid"], "abc");
    assert!(pattern("«sid»!").matches("abc!", &mut names));
    assert!(!pattern("«sid»!").matches("abd!", &mut names));
    assert_eq!(pattern("sid=«sid»").fill(&names), Ok("sid=abc".to_owned()));
}

#[test]
fn a_name_takes_something_and_no_more_than_up_to_what_follows() {
    let mut names = Names::new();
    assert!(!pattern("<«a»>").matches("<>", &mut names));
    assert!(pattern("<«b»>c>").matches("<b>c>", &mut names));
    assert_eq!(names["b"], "b");
    assert!(pattern("port «port»").matches("port 3000", &mut names));
    assert_eq!(names["port"], "3000");
}

#[test]
fn an_ellipsis_at_the_end_takes_any_rest_and_only_there() {
    let mut names = Names::new();
    assert!(pattern("<!DOCTYPE…").matches("<!DOCTYPE html>", &mut names));
    assert!(pattern("…").matches("", &mut names));
    assert!(!pattern("a…b").matches("a and b", &mut names));
    assert!(pattern("a…").fill(&names).is_err());
}

#[test]
fn the_separator_is_shown_as_its_symbol() {
    let both = pattern("2␞4a");
    assert!(both.matches("2\u{1e}4a", &mut Names::new()));
    assert_eq!(both.to_string(), "2␞4a");
}

#[test]
fn what_cannot_be_meant_is_refused() {
    for text in ["«a", "a»", "«»", "«a b»", "«a»«b»", "«a»…"] {
        assert!(Pattern::parse(text).is_err(), "{text}");
    }
    assert_eq!(pattern("«a»").fill(&Names::new()), Err("«a» is not known yet".to_owned()));
}
