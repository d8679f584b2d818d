use super::*;

fn listing(word: &str) -> Listing {
    Listing::parse(word)
}

#[test]
fn an_ordinary_line_is_none() {
    assert_eq!(Directive::parse("let x = {{1}};"), None);
}

#[test]
fn each_directive_is_read() {
    assert_eq!(
        Directive::parse("{{#include a/b.rs:c}}"),
        Some(Ok(Directive::Include(Listing { path: "a/b.rs".into(), anchor: Some("c".into()) })))
    );
    assert_eq!(Directive::parse("{{#wire a.wire}}"), Some(Ok(Directive::Wire(listing("a.wire")))));
    let changes = Directive::Changes { from: listing("a"), to: listing("b") };
    assert_eq!(Directive::parse("  {{#changes a b}}"), Some(Ok(changes)));
    let exercises = Directive::Exercises("ch01".into());
    assert_eq!(Directive::parse("{{#exercises ch01}}"), Some(Ok(exercises)));
}

#[test]
fn what_is_nearly_a_directive_says_so() {
    for line in ["{{#includ a}}", "see {{#include a}}", "{{#changes a}}", "{{#include a"] {
        let error = Directive::parse(line).expect("not ordinary").expect_err("not right");
        assert!(error.contains("is no directive"), "{error}");
    }
}

#[test]
fn an_anchor_is_cut_without_marks_and_indentation() {
    let root = std::env::temp_dir().join(format!("listing-{}", std::process::id()));
    fs::create_dir_all(&root).expect("a directory");
    let text = "a\n    // ANCHOR: outer\n    b\n    // ANCHOR: inner\n        c\n\n    // ANCHOR_END: inner\n    // ANCHOR_END: outer\nd\n// ANCHOR: open\n";
    fs::write(root.join("f.rs"), text).expect("a file");
    assert_eq!(listing("f.rs:outer").read(&root), Ok("b\n    c\n\n".into()));
    assert_eq!(listing("f.rs:inner").read(&root), Ok("c\n\n".into()));
    assert_eq!(listing("f.rs").read(&root), Ok("a\n    b\n        c\n\nd\n".into()));
    assert!(listing("f.rs:none").read(&root).is_err_and(|e| e.contains("no `ANCHOR: none`")));
    assert!(listing("f.rs:open").read(&root).is_err_and(|e| e.contains("no `ANCHOR_END: open`")));
    assert!(listing("g.rs").read(&root).is_err_and(|e| e.contains("cannot read g.rs")));
    assert_eq!(anchors(text), ["outer", "inner", "open"]);
    fs::remove_dir_all(root).expect("removed");
}

#[test]
fn an_anchor_stands_in_any_kind_of_comment() {
    assert_eq!(marker("  <!-- ANCHOR: page -->"), Some((true, "page")));
    assert_eq!(marker("# ANCHOR_END: login"), Some((false, "login")));
    assert_eq!(marker("/* ANCHOR: css */"), Some((true, "css")));
    assert_eq!(marker("let s = \"ANCHOR: no\";"), None);
}
