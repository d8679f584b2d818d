use super::*;
use std::fs;

fn names<'a>(all: &'a [Exercise], state: &State) -> Vec<&'a str> {
    from_here(all, state).into_iter().map(|exercise| &*exercise.name).collect()
}

#[test]
fn what_was_left_comes_after_the_last_one() {
    let root = std::env::temp_dir().join(format!("next-{}", std::process::id()));
    let mut all = crate::exercises::all(&crate::root()).expect("the exercises");
    all.truncate(3);
    let [one, two, three] = [&all[0], &all[1], &all[2]].map(|exercise| &*exercise.name);
    let mut state = State::load(&root);
    assert_eq!(names(&all, &state), [one, two, three]);
    for (left, order) in [(0, [two, three, one]), (1, [three, one, two]), (2, [one, two, three])] {
        state.go_to(after(&all, &all[left])).expect("remembered");
        assert_eq!(names(&all, &state), order);
        assert_eq!(names(&all, &State::load(&root)), order, "by the next command");
    }
    fs::remove_dir_all(root).expect("removed");
}

#[test]
fn an_exercise_is_gone_to_by_its_name() {
    let root = std::env::temp_dir().join(format!("go-to-{}", std::process::id()));
    let all = crate::exercises::all(&crate::root()).expect("the exercises");
    go_to(&root, &all, "ack").expect("there is one");
    assert_eq!(names(&all, &State::load(&root))[0], "ex_ch03_ack");
    assert!(go_to(&root, &all, "nack").is_err());
    assert_eq!(names(&all, &State::load(&root))[0], "ex_ch03_ack", "it stays");
    fs::remove_dir_all(root).expect("removed");
}
