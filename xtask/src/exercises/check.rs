//! `cargo xtask check exercises`: every starter compiles and fails for its reason, every solution passes.

use super::attempt::{Attempt, attempt};
use anyhow::{Result, bail};
use xshell::{Shell, cmd};

/// Runs all starters and all solutions. What can be seen without that is in tests/book, and runs first.
pub fn run(shell: &Shell) -> Result<()> {
    cmd!(shell, "cargo test --quiet --test book -- exercises").run()?;
    cmd!(shell, "cargo test --quiet --test solutions").run()?;
    let root = crate::root();
    let mut problems = Vec::new();
    for exercise in super::all(&root)? {
        let (name, reason) = (&exercise.name, &exercise.about.fails_with);
        match attempt(&root, &exercise)? {
            Attempt::Solved => problems.push(format!("{name}: its starter passes")),
            Attempt::Errors(errors) => {
                problems.push(format!("{name}: its starter does not compile:\n{errors}"));
            }
            Attempt::Red(texts) if !texts.iter().any(|text| text.contains(reason)) => {
                let came = texts.join("\n\n");
                problems.push(format!("{name}: its starter fails without {reason:?}:\n{came}"));
            }
            Attempt::Red(_) => println!("{name}: red for its reason"),
        }
    }
    if !problems.is_empty() {
        bail!("{}", problems.join("\n"));
    }
    Ok(())
}
