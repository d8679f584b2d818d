//! `cargo xtask next`: how far the learner is, and what comes next.

use super::attempt::{Attempt, attempt};
use super::list::Exercise;
use super::state::State;
use anyhow::Result;
use std::fmt::Write as _;
use std::path::Path;

/// Shows the first exercise that is not solved.
pub fn next() -> Result<()> {
    let root = crate::root();
    let all = super::all(&root)?;
    show_next(&root, &all)?;
    Ok(())
}

/// Goes on to the first exercise that is red, and shows it; `None` when all are solved.
pub fn show_next<'a>(root: &Path, all: &'a [Exercise]) -> Result<Option<&'a Exercise>> {
    let mut state = State::load(root);
    for exercise in all {
        if state.is_solved(exercise) {
            continue;
        }
        println!("compiling {} …", exercise.name);
        match attempt(root, exercise)? {
            Attempt::Solved => {
                state.solved(exercise)?;
                println!("✓ {} is solved.", exercise.about.title);
            }
            red => {
                print!("\n{}{}", progress(all, &state), page(exercise));
                println!("{}", message(&red));
                print!("{}", after(exercise));
                return Ok(Some(exercise));
            }
        }
    }
    print!("\n{}", progress(all, &state));
    println!(
        "\nAll of them are solved. Well done! Compare yours with the solution.rs beside each."
    );
    Ok(None)
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
fn after(exercise: &Exercise) -> String {
    format!(
        "{LINE}\nChange {}, then:\n  cargo xtask next    once more (cargo xtask watch does it at each save)\n  \
         cargo xtask hint    if you are stuck\n",
        exercise.starter()
    )
}
