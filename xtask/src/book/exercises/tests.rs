use super::*;

#[test]
fn an_exercise_is_shown_with_its_task_and_its_command() {
    let text = show(&crate::root(), "ch03_on_emit").expect("its exercises");
    let (before, after) = text.split_once("\n### Answer with an ack\n\n").expect("its title");
    assert!(!before.contains("ex_ch03_ack"), "{before}");
    assert!(after.starts_with("*make it do, 10 minutes*, in `chapters/ch03_on_emit/"), "{after}");
    let task = after.find("Make `add` answer its caller with the sum.").expect("its task");
    let command =
        after.find("```console\n$ cargo test --test ex_ch03_ack\n```").expect("a command");
    assert!(task < command, "{after}");
    assert!(!text.contains("ex_ch02"), "another chapter's: {text}");
}

#[test]
fn a_chapter_that_is_not_there_says_so() {
    let problem = show(&crate::root(), "ch99_none").expect_err("no chapter");
    assert!(problem.contains("no exercise in chapters/ch99_none"), "{problem}");
}
