//! The table: a row for each student, a column for each exercise.

use super::Verdict;
use super::submissions::Student;
use crate::exercises::list::Exercise;
use anyhow::Result;

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
