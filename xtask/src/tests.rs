use super::*;
use std::process::Command;

/// Every task, as the help has them.
fn tasks() -> Vec<&'static str> {
    let lines = HELP.lines().filter_map(|line| line.strip_prefix("cargo xtask "));
    lines.filter_map(|line| line.split(' ').next()).collect()
}

#[test]
fn every_task_has_its_own_help() {
    assert!(tasks().len() > 9, "{:?}", tasks());
    let own: String = tasks().into_iter().map(help).collect();
    assert_eq!(own, HELP, "each line belongs to one task");
    assert_eq!(help("nest"), HELP);
    for task in tasks() {
        for words in [&[task, "--help"][..], &[task, "-h"], &[task, "7", "--help"], &["help", task]]
        {
            assert!(run(words).is_ok(), "{words:?}");
        }
    }
}

#[test]
fn what_is_not_known_is_answered_with_what_there_is() {
    let error = |words: &[&str]| run(words).expect_err("not known").to_string();
    assert!(error(&["hint", "a", "b"]).contains(&help("hint")));
    assert!(!error(&["hint", "a", "b"]).contains("cargo xtask soak"));
    assert!(error(&["nest"]).ends_with(HELP));
}

/// The program itself, as one who has set RUST_BACKTRACE has it.
#[test]
fn an_error_has_no_backtrace() {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()));
    command.args(["run", "--quiet", "--package", "xtask", "--", "serve", "no"]).current_dir(root());
    let output = command.env("RUST_BACKTRACE", "1").output().expect("cargo is there");
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(said.trim_end(), "error: \"no\" is no port: invalid digit found in string");
}
