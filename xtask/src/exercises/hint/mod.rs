//! `cargo xtask hint`: one more hint each time, by degrees.

use super::find;
use super::list::Exercise;
use super::next::first_red;
use super::state::State;
use anyhow::Result;

/// Gives one more hint to the named exercise, or to the one that the learner is at; or shows those given already.
pub fn hint(name: Option<&str>, again: bool) -> Result<()> {
    let root = crate::root();
    let all = super::all(&root)?;
    let mut state = State::load(&root);
    let exercise = match name {
        Some(name) => find(&all, name)?,
        // It is run first: a hint for what is solved would be one for another exercise.
        None => match first_red(&root, &all, &mut state)? {
            Some((exercise, _)) => exercise,
            None => {
                println!("All exercises are solved.");
                return Ok(());
            }
        },
    };
    print!("{}", show(exercise, state.hints(exercise), again));
    if !again && state.hints(exercise) < exercise.about.hints.len() {
        state.one_more_hint(exercise)?;
    }
    Ok(())
}

fn show(exercise: &Exercise, given: usize, again: bool) -> String {
    let hints = &exercise.about.hints;
    let title = format!("{} ({})\n\n", exercise.about.title, exercise.name);
    let line = |index: usize| format!("  {}. {}\n", index + 1, hints[index]);
    if again {
        let lines: String = (0..given.min(hints.len())).map(line).collect();
        return match given {
            0 => format!("{title}No hint was given yet: cargo xtask hint\n"),
            _ => title + &lines,
        };
    }
    if given < hints.len() {
        return title + &line(given);
    }
    format!(
        "{title}Those were all of them (cargo xtask hint --again shows them). A solution is in\n  {}\n\
         Read it, close it, and write yours.\n",
        exercise.solution()
    )
}

#[cfg(test)]
mod tests;
