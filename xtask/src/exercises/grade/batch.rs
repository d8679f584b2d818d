//! Several works as modules of one program, so that a class is compiled in minutes.

use super::Work;
use anyhow::{Context, Result};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// The module of a work, and its folder.
pub fn module(index: usize) -> String {
    format!("w{index:04}")
}

/// Lays out a work in the folder of its chapter, so that what it includes from there is there.
pub fn lay_out(root: &Path, folder: &Path, index: usize, work: &Work<'_>) -> Result<()> {
    let place = place(folder, index, work);
    fs::create_dir_all(&place)?;
    for entry in fs::read_dir(root.join(&work.exercise.folder))? {
        let entry = entry?;
        let is_ours = !["starter.rs", "solution.rs"].iter().any(|name| entry.file_name() == *name);
        if is_ours && entry.file_type()?.is_file() {
            fs::copy(entry.path(), place.join(entry.file_name()))?;
        }
    }
    fs::rename(place.join("checks.rs"), place.join("graded.rs")).context("checks.rs")?;
    // For the `mod checks;` at its end.
    fs::write(place.join("checks.rs"), "")?;
    // It is no root here.
    let text = work.text.replace("crate::", &format!("crate::{}::starter::", module(index)));
    fs::write(place.join("starter.rs"), text)?;
    Ok(())
}

/// The root of a program with some works.
pub fn root_file(folder: &Path, works: &[Work<'_>], batch: &[usize]) -> String {
    let mut text = String::from("//! Written by `cargo xtask grade`.\n");
    for &index in batch {
        let place = place(folder, index, &works[index]);
        let (checks, starter) = (place.join("graded.rs"), place.join("starter.rs"));
        // The checks come first: a macro that a student calls `assert!` does not reach back.
        let _ = write!(
            text,
            "\nmod {} {{\n    #[path = {checks:?}]\n    mod checks;\n    #[path = {starter:?}]\n    \
             mod starter;\n    use starter::*;\n}}\n",
            module(index)
        );
    }
    text
}

/// Which works of a batch an error names.
pub fn suspects(batch: &[usize], errors: &[String]) -> Vec<usize> {
    let is_named = |index: &usize| {
        let folder = format!("{}/", module(*index));
        errors.iter().any(|error| error.contains(&folder))
    };
    batch.iter().copied().filter(is_named).collect()
}

fn place(folder: &Path, index: usize, work: &Work<'_>) -> PathBuf {
    let exercises = Path::new(&work.exercise.folder).parent().unwrap_or(Path::new(""));
    folder.join(exercises).join(module(index))
}
