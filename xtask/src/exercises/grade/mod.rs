//! `cargo xtask grade`: what a class has solved, as a table.
//!
//! Of what a student hands in, only the starters are taken. Everything else is the teacher's: the checks, the
//! dependencies, the root of the program. Work that several handed in alike is run once, and much of it is
//! compiled at once, so a class takes minutes.

mod batch;
mod build;
mod jail;
mod judge;
mod order;
mod submissions;
mod table;

use super::list::Exercise;
use anyhow::{Context, Result};
use build::Workshop;
use jail::Jail;
use order::Order;
use std::collections::HashMap;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};
use submissions::{Handed, Student};

/// A word in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Passed,
    Failed,
    DoesNotCompile,
    TooSlow,
    /// As it was given out.
    NotBegun,
    /// There is no such file.
    Missing,
    /// No text, too long, or only a link.
    Unreadable,
}

impl Verdict {
    fn word(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::DoesNotCompile => "does not compile",
            Self::TooSlow => "too slow",
            Self::NotBegun => "not begun",
            Self::Missing => "missing",
            Self::Unreadable => "unreadable",
        }
    }
}

/// A text for an exercise, whoever handed it in.
#[derive(Clone, Copy)]
struct Work<'a> {
    exercise: &'a Exercise,
    text: &'a str,
}

/// Grades a folder with one folder for each student.
pub fn grade(args: &[&str]) -> Result<()> {
    let order = Order::parse(args)?;
    let root = crate::root();
    let all = super::all(&root)?;
    let (start, students) = (Instant::now(), submissions::read(&order.folder, &root, &all)?);
    let verdicts = verdicts(&root, &root.join("target/grade"), &all, &students, order.limit)?;
    let csv = table::csv(&all, &students, &verdicts)?;
    match &order.out {
        Some(path) => {
            std::fs::write(path, csv)
                .with_context(|| format!("cannot write {}", path.display()))?;
        }
        None => std::io::stdout().write_all(&csv)?,
    }
    // Not into the table, which may be the output.
    eprint!("\n{}", table::summary(&all, &students, &verdicts));
    if let Some(path) = &order.out {
        eprintln!("\nthe table is in {} ({:.0?})", path.display(), start.elapsed());
    }
    Ok(())
}

/// For each student, a verdict for each exercise.
fn verdicts(
    root: &Path,
    folder: &Path,
    all: &[Exercise],
    students: &[Student],
    limit: Duration,
) -> Result<Vec<Vec<Verdict>>> {
    // The solutions come first: they say which checks there are, and that grading works on this machine.
    let solutions = all.iter().map(|exercise| submissions::text(&root.join(exercise.solution())));
    let solutions = solutions.collect::<Result<Vec<_>>>()?;
    let mut works = Vec::new();
    for (exercise, text) in all.iter().zip(&solutions) {
        works.push(Work { exercise, text });
    }
    let mut known: HashMap<(&str, &str), usize> = HashMap::new();
    for (index, work) in works.iter().enumerate() {
        known.insert((&work.exercise.name, work.text), index);
    }
    for (column, exercise) in all.iter().enumerate() {
        for student in students {
            if let Handed::Text(text) = &student.handed[column] {
                known.entry((&exercise.name, text)).or_insert_with(|| {
                    works.push(Work { exercise, text });
                    works.len() - 1
                });
            }
        }
    }
    let mut workshop = Workshop::new(root, folder, limit * 4)?;
    let programs = workshop.build(&works, all.len())?;
    eprintln!("running {} programs …", programs.len());
    let found = judge::all(&works, &programs, all.len(), &Jail::new(folder), limit)?;
    let verdict = |(exercise, handed): (&Exercise, &Handed)| match handed {
        Handed::Text(text) => found[known[&(&*exercise.name, &**text)]],
        Handed::Not(verdict) => *verdict,
    };
    let row = |student: &Student| all.iter().zip(&student.handed).map(verdict).collect();
    Ok(students.iter().map(row).collect())
}

#[cfg(test)]
mod tests;
