use super::*;

fn all() -> Vec<Exercise> {
    crate::exercises::all(&crate::root()).expect("the exercises")
}

#[test]
fn each_hint_is_given_once_and_then_the_solution() {
    let all = all();
    let exercise = &all[0];
    let hints = &exercise.about.hints;
    for (given, hint) in hints.iter().enumerate() {
        let shown = show(exercise, given, false);
        assert!(shown.contains(hint.as_str()), "{shown}");
        assert_eq!(hints.iter().filter(|hint| shown.contains(hint.as_str())).count(), 1, "{shown}");
    }
    assert!(show(exercise, 3, false).contains(&exercise.solution()));
}

#[test]
fn those_given_are_shown_again() {
    let all = all();
    let exercise = &all[0];
    assert!(show(exercise, 0, true).contains("No hint was given yet"));
    let shown = show(exercise, 2, true);
    let hints = exercise.about.hints.iter().map(|hint| shown.contains(hint.as_str()));
    assert_eq!(hints.collect::<Vec<_>>(), [true, true, false]);
}
