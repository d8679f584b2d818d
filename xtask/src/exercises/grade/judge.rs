//! Runs the programs, and says what came of each work.

use super::build::Program;
use super::jail::Jail;
use super::{Verdict, Work};
use crate::exercises::run::{End, run};
use anyhow::{Context, Result, bail};
use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

/// Verdicts for all works. The first ones are the solutions.
pub fn all(
    works: &[Work<'_>],
    programs: &[Program],
    solutions: usize,
    jail: &Jail,
    limit: Duration,
) -> Result<Vec<Verdict>> {
    let mut checks: HashMap<&str, Vec<String>> = HashMap::new();
    for (work, program) in works.iter().zip(programs).take(solutions) {
        checks.insert(&work.exercise.name, list(program, jail, limit)?);
    }
    let (next, found) = (AtomicUsize::new(0), Mutex::new(vec![None; works.len()]));
    let worker = || -> Result<()> {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(work) = works.get(index) else { return Ok(()) };
            let verdict = judge(&programs[index], &checks[&*work.exercise.name], jail, limit)?;
            found.lock().expect("no worker panics")[index] = Some(verdict);
        }
    };
    let count = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..count).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().try_for_each(|worker| worker.join().expect("no worker panics"))
    })?;
    let found = found.into_inner().expect("no worker panics");
    let found: Vec<Verdict> = found.into_iter().flatten().collect();
    for (work, verdict) in works.iter().zip(&found).take(solutions) {
        if *verdict != Verdict::Passed {
            bail!(
                "{}: {}. It must pass before a class is graded: see `cargo test --test solutions`",
                work.exercise.solution(),
                verdict.word()
            );
        }
    }
    Ok(found)
}

/// The checks of an exercise.
fn list(program: &Program, jail: &Jail, limit: Duration) -> Result<Vec<String>> {
    let Program::File { path, module } = program else {
        bail!("the solutions do not compile: see `cargo test --test solutions`");
    };
    let prefix = format!("{module}::checks::");
    let mut command = jail.command(path);
    command.args([&prefix, "--list", "--format", "terse"]);
    let End::Exit { stdout, .. } = run(&mut command, limit)? else {
        bail!("{} does not list its checks", path.display());
    };
    let names =
        stdout.lines().filter_map(|line| line.strip_prefix(&prefix)?.strip_suffix(": test"));
    let names: Vec<String> = names.map(str::to_owned).collect();
    names.first().with_context(|| format!("{module} has no checks"))?;
    Ok(names)
}

/// Whether all checks pass. The program says so itself: whoever wants to forge that can, and is found by reading.
fn judge(program: &Program, checks: &[String], jail: &Jail, limit: Duration) -> Result<Verdict> {
    let (path, module) = match program {
        Program::File { path, module } => (path, module),
        Program::None(verdict) => return Ok(*verdict),
    };
    let names: Vec<String> =
        checks.iter().map(|name| format!("{module}::checks::{name}")).collect();
    let mut command = jail.command(path);
    command.arg("--exact").args(&names);
    let End::Exit { status, stdout, .. } = run(&mut command, limit)? else {
        return Ok(Verdict::TooSlow);
    };
    let is_ok = |name: &String| stdout.contains(&format!("test {name} ... ok\n"));
    Ok(match status.success() && names.iter().all(is_ok) {
        true => Verdict::Passed,
        false => Verdict::Failed,
    })
}
