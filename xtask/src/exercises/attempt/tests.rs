use super::*;

const RED: &str = "
running 2 tests
test checks::one_is_first ... FAILED
test checks::two_is_next ... FAILED

failures:

---- checks::one_is_first stdout ----

thread 'checks::one_is_first' (7) panicked at chapters/x/checks.rs:12:9:


What happened:
  Ann sends   2

Look into starter.rs

note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace

---- checks::two_is_next stdout ----

thread 'checks::two_is_next' (8) panicked at chapters/x/checks.rs:20:5:
other


failures:
    checks::one_is_first
    checks::two_is_next

test result: FAILED. 0 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 2.37s
";

const CHECKS: &str = "#[test]\nfn two_is_next() {}\n\n#[test]\nfn one_is_first() {}\n";

fn red(success: bool, stdout: &str) -> Vec<String> {
    match judge(success, stdout, CHECKS) {
        Attempt::Red(texts) => texts,
        other => panic!("{other:?}"),
    }
}

#[test]
fn failures_are_told_without_the_noise_in_the_order_of_the_file() {
    let one =
        "It is not so: one is first\n\nWhat happened:\n  Ann sends   2\n\nLook into starter.rs";
    assert_eq!(red(false, RED), ["It is not so: two is next\n\nother", one]);
}

#[test]
fn green_is_green_only_when_a_check_ran() {
    let ok = "running 1 test\ntest checks::one_is_first ... ok\n";
    assert!(matches!(judge(true, ok, CHECKS), Attempt::Solved));
    assert!(matches!(judge(false, ok, CHECKS), Attempt::Red(_)));
    for none in ["running 0 tests\n", "running 1 test\ntest mine ... ok\n"] {
        assert!(red(true, none)[0].contains("`mod checks;`"));
    }
}

#[test]
fn a_program_that_ends_itself_says_nothing() {
    assert!(red(false, "running 1 test\n")[0].contains("ended before its checks"));
}
