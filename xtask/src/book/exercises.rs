//! The exercises of a chapter, at its end.

use crate::exercises::list;
use std::fmt::Write as _;
use std::path::Path;

/// Title, kind, time, file, task and command of each.
pub fn show(root: &Path, chapter: &str) -> Result<String, String> {
    let mut text = String::new();
    for exercise in list::all(root)?.iter().filter(|exercise| exercise.chapter == chapter) {
        let about = &exercise.about;
        let _ = write!(
            text,
            "\n### {}\n\n*{}, {} minutes*, in `{}`\n\n{}\n\n```console\n$ cargo test --test {}\n```\n",
            about.title,
            about.kind.name(),
            about.minutes,
            exercise.starter(),
            exercise.task,
            exercise.name
        );
    }
    match text.is_empty() {
        true => Err(format!("Cargo.toml has no exercise in chapters/{chapter}")),
        false => Ok(text),
    }
}

#[cfg(test)]
mod tests;
