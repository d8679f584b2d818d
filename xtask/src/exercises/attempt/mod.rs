//! One exercise, compiled and run, and what the learner should read of it.

use super::cargo::{Built, build, cargo};
use super::list::Exercise;
use super::run::{End, run};
use anyhow::{Context, Result};
use std::fs;
use std::io::IsTerminal;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// A check waits two seconds at most for what does not come, so this is an endless loop.
const LIMIT: Duration = Duration::from_secs(30);

/// What came of an exercise.
#[derive(Debug)]
pub enum Attempt {
    Solved,
    /// It does not compile: the errors.
    Errors(String),
    /// Its checks ran: what each that failed has to say, in the order of the file.
    Red(Vec<String>),
}

/// Compiles an exercise and runs its checks.
pub fn attempt(root: &Path, exercise: &Exercise) -> Result<Attempt> {
    let name = &exercise.name;
    let form = match std::io::stdout().is_terminal() {
        true => "json-diagnostic-rendered-ansi",
        false => "json",
    };
    let mut command = cargo(root);
    command.args(["test", "--no-run", "--test", name, "--message-format", form]);
    let program = match build(&mut command, Duration::MAX)? {
        Built::Programs(programs) => {
            programs.get(name).with_context(|| format!("cargo built no {name}"))?.clone()
        }
        Built::Errors(errors) => return Ok(Attempt::Errors(errors.concat())),
        Built::TooSlow => unreachable!("there is no limit"),
    };
    let mut command = Command::new(program);
    command.current_dir(root).env("RUST_BACKTRACE", "0");
    let checks = fs::read_to_string(root.join(exercise.checks()))?;
    Ok(match run(&mut command, LIMIT)? {
        End::Exit { status, stdout, .. } => judge(status.success(), &stdout, &checks),
        End::TooSlow => Attempt::Red(vec![format!(
            "It still ran after {LIMIT:?}, and was stopped. Is there a loop without an end?"
        )]),
    })
}

/// What the output of a test program means.
fn judge(success: bool, stdout: &str, checks: &str) -> Attempt {
    let is_check = |line: &str| line.starts_with("test checks::") && line.ends_with(" ... ok");
    if success && stdout.lines().any(is_check) {
        return Attempt::Solved;
    }
    let mut failures = failures(stdout);
    // They ran at the same time; the file begins with the simplest.
    failures.sort_by_key(|(name, _)| checks.find(&format!("fn {name}(")));
    let texts = failures
        .iter()
        .map(|(name, text)| format!("It is not so: {}\n\n{text}", name.replace('_', " ")));
    let texts: Vec<String> = texts.collect();
    Attempt::Red(match (success, texts.is_empty()) {
        (true, _) => vec!["No check ran: `mod checks;` belongs at the end of the file.".into()],
        (false, true) => {
            vec!["The program ended before its checks did. What in it ends it?".into()]
        }
        (false, false) => texts,
    })
}

/// The tests that failed, and what each has said, without the noise around it.
fn failures(stdout: &str) -> Vec<(&str, String)> {
    let mut found: Vec<(&str, String)> = Vec::new();
    for line in stdout.lines() {
        if let Some(name) = line.strip_prefix("---- checks::") {
            found.push((name.trim_end_matches(" stdout ----"), String::new()));
        } else if line == "failures:" && !found.is_empty() {
            // Their names once more.
            break;
        } else if let Some((_, text)) = found.last_mut()
            && !is_noise(line)
        {
            text.push_str(line);
            text.push('\n');
        }
    }
    for (_, text) in &mut found {
        *text = text.trim().to_owned();
    }
    found
}

fn is_noise(line: &str) -> bool {
    (line.starts_with("thread '") && line.contains(" panicked at "))
        || line.starts_with("note: run with `RUST_BACKTRACE")
}

#[cfg(test)]
mod tests;
