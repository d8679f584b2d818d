//! The exercises: each is whole, and is run over its solution.

use crate::blocks::directives;
use crate::directive::Directive;
use crate::list::{Exercise, Kind, all};
use crate::pages::Page;
use crate::{files, none, read, root};
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// What exercises say to the learner, as if it were pages: their tasks, titles and hints.
pub static TEXTS: LazyLock<Vec<Page>> = LazyLock::new(|| {
    exercises().iter().flat_map(|exercise| [task(exercise), hints(exercise)]).collect()
});

fn task(exercise: &Exercise) -> Page {
    let starter = read(&exercise.starter());
    let head = starter.lines().map_while(|line| line.strip_prefix("//!"));
    Page::parse(exercise.starter(), &head.map(|line| format!("{line}\n")).collect::<String>())
}

/// Line by line, so that a problem is found where it is.
fn hints(exercise: &Exercise) -> Page {
    let path = format!("{}/exercise.toml", exercise.folder);
    let is_text = |line: &str| line.starts_with("title") || line.trim_start().starts_with('"');
    let text = |line: &str| match line.split_once('"') {
        Some((_, text)) if is_text(line) => format!("{text}\n"),
        _ => "\n".to_owned(),
    };
    let text: String = read(&path).lines().map(text).collect();
    Page::parse(path, &text)
}

/// One that is there with all its parts, and named in every place.
#[test]
fn every_exercise_is_whole() {
    let (exercises, solutions) = (exercises(), read("tests/solutions.rs"));
    let mut problems = Vec::new();
    for exercise in &exercises {
        problems.extend(parts(exercise, &solutions));
    }
    none(&problems);
}

fn parts(exercise: &Exercise, solutions: &str) -> Vec<String> {
    let mut problems = Vec::new();
    let mut claim = |file: String, holds: bool, fix: &str| {
        if !holds {
            problems.push(format!("{file}: {fix}"));
        }
    };
    let (starter, solution) = (exercise.starter(), exercise.solution());
    let (about, module) = (&exercise.about, exercise.name.trim_start_matches("ex_"));
    let toml = format!("{}/exercise.toml", exercise.folder);
    claim(toml.clone(), (5..=15).contains(&about.minutes), "an exercise takes 5 to 15 minutes");
    let texts = [&about.title, &about.fails_with].into_iter().chain(&about.hints);
    claim(toml, texts.into_iter().all(|text| !text.trim().is_empty()), "one of its texts is empty");
    let title = format!("//! {}", about.title);
    let head = read(&starter);
    let first = head.lines().next().unwrap_or_default().trim_end_matches('.');
    claim(
        starter.clone(),
        first == title.trim_end_matches('.'),
        "begin with the title that exercise.toml has",
    );
    claim(starter.clone(), !exercise.task.is_empty(), "say in `//!` what is to be done");
    for file in [starter, solution.clone()] {
        let ends = read(&file).trim_end().ends_with("\nmod checks;");
        claim(file, ends, "end with `mod checks;`, so that it is run");
    }
    claim(solution.clone(), read(&solution).starts_with("//! "), "say in `//!` why it is right");
    claim(exercise.checks(), read(&exercise.checks()).contains("#[test]"), "it has no test");
    let is_run = format!("#[path = \"../{solution}\"]\nmod {module};\n");
    claim(
        "tests/solutions.rs".into(),
        solutions.contains(&is_run),
        &format!("add these lines:\n{is_run}"),
    );
    problems
}

/// A folder that Cargo.toml does not name is an exercise that nobody runs.
#[test]
fn every_folder_of_an_exercise_is_in_cargo_toml() {
    let known: BTreeSet<String> =
        exercises().iter().map(|exercise| exercise.folder.clone()).collect();
    let paths = files("chapters").into_iter();
    let folders: BTreeSet<String> = paths
        .filter(|path| path.contains("/exercises/"))
        .filter_map(|path| Some(path.rsplit_once('/')?.0.to_owned()))
        .collect();
    let missing = folders.difference(&known);
    none(&missing.map(|path| format!("Cargo.toml: add a [[test]] for {path}")).collect::<Vec<_>>());
}

/// Their order in Cargo.toml is the order of the book.
#[test]
fn every_chapter_has_each_kind_in_the_order_of_the_book() {
    let exercises = exercises();
    let by_chapter: Vec<&[Exercise]> =
        exercises.chunk_by(|one, other| one.chapter == other.chapter).collect();
    let order: Vec<&str> = by_chapter.iter().map(|chapter| &*chapter[0].chapter).collect();
    let mains = files("chapters").into_iter();
    let chapters: Vec<String> = mains
        .filter_map(|path| {
            Some(path.strip_prefix("chapters/")?.strip_suffix("/main.rs")?.to_owned())
        })
        .collect();
    assert_eq!(order, chapters, "left: Cargo.toml's exercises, right: the chapters");
    let mut problems = Vec::new();
    for chapter in by_chapter {
        for kind in [Kind::Do, Kind::Find, Kind::Predict] {
            if !chapter.iter().any(|exercise| exercise.about.kind == kind) {
                let name = &chapter[0].chapter;
                problems
                    .push(format!("chapters/{name}: no exercise is of the kind {:?}", kind.name()));
            }
        }
    }
    none(&problems);
}

/// The page of a chapter shows its exercises.
#[test]
fn every_exercise_is_shown_once() {
    let shown = directives().filter_map(|(_, directive)| match directive {
        Ok(Directive::Exercises(chapter)) => Some(chapter),
        _ => None,
    });
    let mut shown: Vec<String> = shown.collect();
    shown.sort();
    let exercises = exercises();
    let chapters = exercises.chunk_by(|one, other| one.chapter == other.chapter);
    let chapters: Vec<&str> = chapters.map(|chapter| &*chapter[0].chapter).collect();
    assert_eq!(
        shown, chapters,
        "left: {{{{#exercises …}}}} in the pages, right: those with exercises"
    );
}

/// The chapter says how long its exercises take, and so does the teacher's guide.
#[test]
fn the_minutes_in_the_pages_are_those_of_the_exercises() {
    let exercises = exercises();
    let mut problems = Vec::new();
    for chapter in exercises.chunk_by(|one, other| one.chapter == other.chapter) {
        let sum: u32 = chapter.iter().map(|exercise| exercise.about.minutes).sum();
        let page = chapter[0].chapter.split('_').next().unwrap_or_default();
        for (path, part) in [
            (format!("book/src/{page}.md"), format!(", {sum} minutes for the exercises.\n")),
            ("book/src/teachers.md".to_owned(), format!("({page}.md) | {sum} | ")),
        ] {
            if !read(&path).contains(&part) {
                problems.push(format!("{path}:1: say how long the exercises take: {part:?}"));
            }
        }
    }
    none(&problems);
}

/// Each row of the plan for one day begins when the one before it is over, and names exercises that there are.
#[test]
fn the_plan_for_a_day_adds_up() {
    const GUIDE: &str = "book/src/teachers.md";
    let (guide, exercises) = (read(GUIDE), exercises());
    let rows = guide.lines().enumerate().filter_map(|(index, line)| {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [_, when, minutes, _, tasks, _] = cells[..] else { return None };
        let (hour, minute) = when.split_once(':')?;
        let when = hour.parse::<u32>().ok()? * 60 + minute.parse::<u32>().ok()?;
        Some((index + 1, when, minutes.parse::<u32>().unwrap_or(0), tasks))
    });
    let rows: Vec<(usize, u32, u32, &str)> = rows.collect();
    assert!(rows.len() > 9, "{GUIDE} has another plan: mend this test");
    let mut problems = Vec::new();
    for both in rows.windows(2) {
        let [(line, when, minutes, tasks), (_, next, ..)] = both else { continue };
        if when + minutes != *next {
            let is = next.saturating_sub(*when);
            problems.push(format!(
                "{GUIDE}:{line}: it takes {minutes} minutes, and the next begins after {is}"
            ));
        }
        for task in tasks.split('`').skip(1).step_by(2) {
            if !exercises.iter().any(|exercise| exercise.name.ends_with(&format!("_{task}"))) {
                problems
                    .push(format!("{GUIDE}:{line}: there is no exercise {task}: mend the name"));
            }
        }
    }
    none(&problems);
}

pub fn exercises() -> Vec<Exercise> {
    all(root()).unwrap_or_else(|problem| panic!("{problem}"))
}
