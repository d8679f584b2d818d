use super::*;

#[test]
fn an_exercise_is_named_in_full_or_by_its_folder() {
    let all = all(&crate::root()).expect("the exercises");
    assert_eq!(find(&all, "ex_ch03_ack").expect("found").name, "ex_ch03_ack");
    assert_eq!(find(&all, "ack").expect("found").name, "ex_ch03_ack");
    let error = find(&all, "nack").expect_err("not found").to_string();
    assert!(error.contains("\"nack\"") && error.contains("ex_ch03_ack"), "{error}");
}

#[test]
fn a_folder_names_one_exercise() {
    let all = all(&crate::root()).expect("the exercises");
    for exercise in &all {
        let folder = exercise.folder.rsplit('/').next().expect("a folder");
        assert_eq!(find(&all, folder).expect("found").name, exercise.name);
    }
}
