//! `cargo xtask next | hint | watch | grade`: the way through the exercises, and a class of those who went it.

mod attempt;
mod cargo;
pub mod check;
mod grade;
mod hint;
pub mod list;
mod next;
mod run;
mod state;
mod watch;

pub use grade::grade;
pub use hint::hint;
pub use next::{next, skip};
pub use watch::watch;

use anyhow::{Context, Error, Result, bail};
use list::Exercise;
use std::path::Path;

/// All of them, in the order of the book.
fn all(root: &Path) -> Result<Vec<Exercise>> {
    let all = list::all(root).map_err(Error::msg)?;
    if all.is_empty() {
        bail!("Cargo.toml has no target ex_…");
    }
    Ok(all)
}

/// One by its target, or by the name of its folder.
fn find<'a>(all: &'a [Exercise], name: &str) -> Result<&'a Exercise> {
    let mut found = all.iter().filter(|exercise| {
        exercise.name == name || exercise.folder.rsplit('/').next() == Some(name)
    });
    found.next().with_context(|| {
        let names: Vec<&str> = all.iter().map(|exercise| &*exercise.name).collect();
        format!("there is no exercise {name:?}: there are {}", names.join(", "))
    })
}

#[cfg(test)]
mod tests;
