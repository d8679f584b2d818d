//! The table: a row for each student, a column for each exercise. And the same for the screen, in short.

use super::Verdict;
use super::submissions::Student;
use crate::exercises::list::Exercise;
use anyhow::Result;
use std::fmt::Write as _;

pub fn csv(all: &[Exercise], students: &[Student], verdicts: &[Vec<Verdict>]) -> Result<Vec<u8>> {
    let mut table = csv::Writer::from_writer(Vec::new());
    let names = all.iter().map(|exercise| exercise.name.as_str());
    table.write_record(["student"].into_iter().chain(names).chain(["solved", "of"]))?;
    let of = all.len().to_string();
    for (student, verdicts) in students.iter().zip(verdicts) {
        let solved = verdicts.iter().filter(|verdict| **verdict == Verdict::Passed).count();
        let words = verdicts.iter().map(|verdict| verdict.word());
        let end = [solved.to_string(), of.clone()];
        table.write_record(
            [student.name.as_str()].into_iter().chain(words).chain(end.iter().map(String::as_str)),
        )?;
    }
    Ok(table.into_inner()?)
}

/// A line for each student: how many, and what was begun and has not passed.
pub fn summary(all: &[Exercise], students: &[Student], verdicts: &[Vec<Verdict>]) -> String {
    let widest = students.iter().map(|student| student.name.chars().count()).max().unwrap_or(0);
    let mut text = String::new();
    for (student, verdicts) in students.iter().zip(verdicts) {
        let count = |verdict| verdicts.iter().filter(|one| **one == verdict).count();
        let (solved, name) = (count(Verdict::Passed), &student.name);
        let _ = write!(text, "{name:<widest$}  {solved:>2} of {}", all.len());
        for (exercise, verdict) in all.iter().zip(verdicts) {
            if !matches!(verdict, Verdict::Passed | Verdict::NotBegun | Verdict::Missing) {
                let _ = write!(text, ", {} {}", exercise.name, verdict.word());
            }
        }
        if count(Verdict::Missing) == all.len() {
            text += ", no starter.rs was found";
        }
        text.push('\n');
    }
    text
}
