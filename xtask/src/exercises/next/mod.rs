//! `cargo xtask next`: how far the learner is, and what comes next.

use super::attempt::{Attempt, attempt};
use super::find;
use super::list::Exercise;
use super::state::State;
use anyhow::Result;
use std::fmt::Write as _;
use std::path::Path;

/// Shows the exercise that the learner is at, or goes to the named one.
pub fn next(name: Option<&str>) -> Result<()> {
    let root = crate::root();
    let all = super::all(&root)?;
    if let Some(name) = name {
        go_to(&root, &all, name)?;
    }
    show_next(&root, &all)?;
    Ok(())
}

/// From now on the learner is at the named exercise.
pub fn go_to(root: &Path, all: &[Exercise], name: &str) -> Result<()> {
    let (mut state, exercise) = (State::load(root), find(all, name)?);
    if state.is_solved(exercise) {
        println!("✓ {} is solved already. On from there.", exercise.about.title);
    }
    state.go_to(exercise)
}

/// Leaves the exercise that the learner is at for later, and shows the one after it.
pub fn skip() -> Result<()> {
    let root = crate::root();
    let all = super::all(&root)?;
    let mut state = State::load(&root);
    let here = from_here(&all, &state).into_iter().find(|exercise| !state.is_solved(exercise));
    let red = first_red(&root, &all, &mut state)?;
    // If it was solved meanwhile, the red one is another: nobody has seen that yet.
    if let (Some(here), Some((red, _))) = (here, red)
        && here.name == red.name
    {
        println!("{} is left for later.", red.about.title);
        state.go_to(after(&all, red))?;
    }
    show_next(&root, &all)?;
    Ok(())
}

/// Goes on to the first exercise that is red, and shows it; `None` when all are solved.
pub fn show_next<'a>(root: &Path, all: &'a [Exercise]) -> Result<Option<&'a Exercise>> {
    let mut state = State::load(root);
    let Some((exercise, red)) = first_red(root, all, &mut state)? else {
        print!("\n{}", progress(all, &state));
        println!(
            "\nAll of them are solved. Well done! Compare yours with the solution.rs beside each."
        );
        return Ok(None);
    };
    print!("\n{}{}", progress(all, &state), page(exercise));
    println!("{}", message(&red));
    print!("{}", what_to_type(exercise));
    Ok(Some(exercise))
}

/// The first exercise that is red when it is run, from where the learner is to the end, and then from the
/// beginning. There the learner is now.
pub fn first_red<'a>(
    root: &Path,
    all: &'a [Exercise],
    state: &mut State,
) -> Result<Option<(&'a Exercise, Attempt)>> {
    for exercise in from_here(all, state) {
        if state.is_solved(exercise) {
            continue;
        }
        println!("compiling {} …", exercise.name);
        match attempt(root, exercise)? {
            Attempt::Solved => {
                state.solved(exercise)?;
                println!("{}", praise(root, exercise));
            }
            red => {
                state.go_to(exercise)?;
                return Ok(Some((exercise, red)));
            }
        }
    }
    Ok(None)
}

/// What is said of an exercise that is solved.
pub fn praise(root: &Path, exercise: &Exercise) -> String {
    let Exercise { about, folder, .. } = exercise;
    let solution = format!("{folder}/solution.rs");
    // A teacher may have given the course out without them.
    match root.join(&solution).is_file() {
        true => format!("✓ {} is solved. Compare: {solution}", about.title),
        false => format!("✓ {} is solved.", about.title),
    }
}

/// All exercises, in the order in which they come now.
fn from_here<'a>(all: &'a [Exercise], state: &State) -> Vec<&'a Exercise> {
    let here = all.iter().position(|exercise| state.is_at(exercise)).unwrap_or(0);
    all[here..].iter().chain(&all[..here]).collect()
}

/// The exercise after this one; the first one comes after the last.
fn after<'a>(all: &'a [Exercise], exercise: &Exercise) -> &'a Exercise {
    let at = all.iter().position(|other| other.name == exercise.name).unwrap_or(0);
    &all[(at + 1) % all.len()]
}

/// `7 of 19 solved`, in all and by chapter.
fn progress(all: &[Exercise], state: &State) -> String {
    let solved = all.iter().filter(|exercise| state.is_solved(exercise)).count();
    let bar = format!("{}{}", "▓".repeat(solved), "░".repeat(all.len() - solved));
    let mut text = format!("{solved} of {} solved  {bar}\n", all.len());
    for chapter in all.chunk_by(|one, other| one.chapter == other.chapter) {
        let solved = chapter.iter().filter(|exercise| state.is_solved(exercise)).count();
        let mark = if solved == chapter.len() { "✓" } else { " " };
        let name = &chapter[0].chapter;
        let _ = writeln!(text, "  {mark} {name:<18} {solved} of {}", chapter.len());
    }
    text
}

/// What the exercise is about.
fn page(exercise: &Exercise) -> String {
    let about = &exercise.about;
    format!(
        "\n{}\n{} · {} minutes · {}\n\n{}\n\n",
        about.title,
        about.kind.name(),
        about.minutes,
        exercise.starter(),
        exercise.task
    )
}

const LINE: &str = "────────────────";

/// What the learner reads when an exercise is not green.
pub fn message(red: &Attempt) -> String {
    match red {
        Attempt::Solved => String::new(),
        Attempt::Errors(errors) => format!("{LINE}\nIt does not compile yet:\n\n{errors}"),
        Attempt::Red(texts) => {
            let others = match texts.len() {
                1 => String::new(),
                count => format!("\n({count} of its checks fail. This is the first.)\n"),
            };
            format!("{LINE}\n{}\n{others}", texts[0])
        }
    }
}

/// What to type next.
fn what_to_type(exercise: &Exercise) -> String {
    format!(
        "{LINE}\nChange {}, then:\n  cargo xtask next         once more (cargo xtask watch does it at each save)\n  \
         cargo xtask hint         if you are stuck\n  cargo xtask next --skip  to leave it for later\n",
        exercise.starter()
    )
}

#[cfg(test)]
mod tests;
