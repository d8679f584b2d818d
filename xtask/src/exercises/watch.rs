//! `cargo xtask watch`: the current exercise, run anew at each save.

use super::attempt::{Attempt, attempt};
use super::list::Exercise;
use super::next::{go_to, message, praise, show_next};
use super::state::State;
use crate::saves::Saves;
use anyhow::Result;
use std::path::Path;

/// Goes through the exercises, perhaps from a named one, until all are solved or the process is stopped.
pub fn watch(name: Option<&str>) -> Result<()> {
    let root = crate::root();
    let all = super::all(&root)?;
    if let Some(name) = name {
        go_to(&root, &all, name)?;
    }
    // From before the first run, so that no save is missed during one.
    let mut saves = Saves::of(vec![root.join("chapters")]);
    while let Some(exercise) = show_next(&root, &all)? {
        println!("\nwatching {} (Ctrl-C ends it)", exercise.starter());
        loop {
            saves.wait();
            println!("\nsaved; compiling {} …", exercise.name);
            match attempt(&root, exercise)? {
                Attempt::Solved => break remember(&root, exercise)?,
                red => println!("{}", message(&red)),
            }
        }
    }
    Ok(())
}

fn remember(root: &Path, exercise: &Exercise) -> Result<()> {
    State::load(root).solved(exercise)?;
    println!("{}\nOn to the next one.\n", praise(root, exercise));
    Ok(())
}
