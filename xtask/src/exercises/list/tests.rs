use super::*;
use std::path::PathBuf;

const ABOUT: &str = "title = \"One\"\nkind = \"make it do\"\nminutes = 5\nfails_with = \"no\"\n\
                     hints = [\"a\", \"b\", \"c\"]\n";
const TARGET: &str = "[[test]]\nname = \"ex_ch01_one\"\n\
                      path = \"chapters/ch01_page/exercises/one/starter.rs\"\ntest = false\n";

/// A repository with one exercise; removed by its owner.
fn repository(name: &str, manifest: &str, about: &str) -> PathBuf {
    let root = std::env::temp_dir().join(format!("list-{name}-{}", std::process::id()));
    let folder = root.join("chapters/ch01_page/exercises/one");
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(root.join("Cargo.toml"), manifest).expect("a file");
    fs::write(folder.join("exercise.toml"), about).expect("a file");
    fs::write(
        folder.join("starter.rs"),
        "//! One.\n//!\n//! Do *this*.\n//!\n//! And that.\n\nfn f() {}\n//! no\n",
    )
    .expect("a file");
    root
}

/// What is wrong with a repository.
fn problem(name: &str, manifest: &str, about: &str) -> String {
    let root = repository(name, manifest, about);
    let problem = all(&root).expect_err("a problem");
    fs::remove_dir_all(root).expect("removed");
    problem
}

#[test]
fn an_exercise_is_read_from_its_three_files() {
    let other = "[[test]]\nname = \"other\"\npath = \"tests/other.rs\"\n";
    let root = repository("good", &format!("{other}{TARGET}"), ABOUT);
    let found = all(&root).expect("no problem");
    fs::remove_dir_all(root).expect("removed");
    let [one] = &*found else { panic!("{found:?}") };
    assert_eq!((&*one.name, &*one.chapter), ("ex_ch01_one", "ch01_page"));
    assert_eq!(one.task, "Do *this*.\n\nAnd that.");
    assert_eq!(one.starter(), "chapters/ch01_page/exercises/one/starter.rs");
    assert_eq!((one.about.kind, one.about.minutes), (Kind::Do, 5));
}

#[test]
fn a_problem_names_its_file_and_what_to_do() {
    let elsewhere = TARGET.replace("/exercises/", "/tests/");
    assert!(problem("path", &elsewhere, ABOUT).contains("use chapters/CHAPTER/exercises/NAME"));
    let named = TARGET.replace("ex_ch01_one", "ex_one");
    assert!(problem("name", &named, ABOUT).contains("call it ex_ch01_one"));
    let run = TARGET.replace("test = false\n", "");
    assert!(problem("run", &run, ABOUT).contains("add `test = false` to ex_ch01_one"));
    for (name, from, to) in [
        ("hints", ", \"c\"", ""),
        ("kind", "make it do", "make it go"),
        ("field", "minutes = 5", "minuets = 5"),
    ] {
        let problem = problem(name, TARGET, &ABOUT.replace(from, to));
        assert!(
            problem.starts_with("chapters/ch01_page/exercises/one/exercise.toml: "),
            "{problem}"
        );
    }
}
