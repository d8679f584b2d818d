use super::*;
use crate::exercises::list::{About, Kind};

/// An exercise in a folder of its own, removed by its owner.
fn exercise(root: &Path) -> Exercise {
    let folder = "chapters/ch01_page/exercises/one";
    fs::create_dir_all(root.join(folder)).expect("a folder");
    for file in ["starter.rs", "checks.rs"] {
        fs::write(root.join(folder).join(file), "first").expect("a file");
    }
    Exercise {
        name: "ex_ch01_one".into(),
        chapter: "ch01_page".into(),
        folder: folder.into(),
        task: String::new(),
        about: About {
            title: "One".into(),
            kind: Kind::Do,
            minutes: 5,
            fails_with: "no".into(),
            hints: ["a".into(), "b".into(), "c".into()],
        },
    }
}

#[test]
fn what_was_solved_is_solved_until_it_changes() {
    let root = std::env::temp_dir().join(format!("state-{}", std::process::id()));
    let exercise = exercise(&root);
    let mut state = State::load(&root);
    assert!(!state.is_solved(&exercise));
    state.solved(&exercise).expect("remembered");
    assert!(State::load(&root).is_solved(&exercise), "by the next command");
    for path in [exercise.starter(), exercise.checks()] {
        fs::write(root.join(&path), "second").expect("a file");
        assert!(!state.is_solved(&exercise), "{path} is another");
        fs::write(root.join(&path), "first").expect("a file");
        assert!(state.is_solved(&exercise), "{path} is as it was");
    }
    assert!(!state.is_at(&exercise));
    state.go_to(&exercise).expect("remembered");
    assert!(State::load(&root).is_at(&exercise), "by the next command");
    state.one_more_hint(&exercise).expect("remembered");
    assert_eq!(State::load(&root).hints(&exercise), 1);
    fs::write(path(&root), "no toml [").expect("a file");
    assert_eq!(State::load(&root).hints(&exercise), 0, "a lost memory is an empty one");
    fs::remove_dir_all(root).expect("removed");
}
