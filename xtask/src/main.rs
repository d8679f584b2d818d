//! The project's tasks: `cargo xtask help` lists them.

mod autobahn;
mod bench;
mod book;
mod check;
mod exercises;
mod faults;
mod fuzz;
mod saves;
mod soak;

use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const HELP: &str = "\
cargo xtask next [NAME]     how far you are, and the exercise you are at, or a named one; --skip: the one after
                            it, and that one later
cargo xtask hint [NAME]     one more hint, for that or for a named one; --again: those given already
cargo xtask watch [NAME]    the same as next, run anew at each save
cargo xtask grade FOLDER    a class as a table: FOLDER has one folder for each student; --out FILE.csv,
                            --seconds N (for the checks of one exercise, 30 unless said)
cargo xtask book            the book, as a website of plain files in target/book
cargo xtask serve [PORT]    the book on a port of this machine, built anew at each save
cargo xtask check [PART…]   everything that must hold before a change lands; parts:
                            style, package, book, exercises, node, python, browser, autobahn
                            (all unless some are named); faults (in full, a quarter of an hour)
cargo xtask bench [WORD…]   what the server costs beside its peers, in target/bench; words: --quick (two
                            minutes), scenarios and peers (all unless some are named), --before FILE
                            (a bench server kept from before a change); or only --instructions: what computes,
                            counted by valgrind
cargo xtask fuzz [TARGET…]  all fuzz targets or the named ones, --seconds N each (60 unless said)
cargo xtask soak            the release server under load and bad input: --minutes N (10 unless said),
                            --clients N (1000)
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    match run(&words) {
        Ok(()) => ExitCode::SUCCESS,
        // For somebody at work on an exercise: what is wrong, and no backtrace of this program.
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(words: &[&str]) -> Result<()> {
    if words.iter().any(|word| ["-h", "--help"].contains(word)) {
        print!("{}", help(words[0]));
        return Ok(());
    }
    match words {
        ["next"] => exercises::next(None),
        ["next", "--skip"] => exercises::skip(),
        ["next", name] => exercises::next(Some(name)),
        ["hint"] => exercises::hint(None, false),
        ["hint", "--again"] => exercises::hint(None, true),
        ["hint", name] => exercises::hint(Some(name), false),
        ["hint", name, "--again"] | ["hint", "--again", name] => exercises::hint(Some(name), true),
        ["watch"] => exercises::watch(None),
        ["watch", name] => exercises::watch(Some(name)),
        ["grade", args @ ..] => exercises::grade(args),
        ["book"] => book::build(),
        ["serve"] => book::serve(0),
        ["serve", port] => {
            book::serve(port.parse().with_context(|| format!("{port:?} is no port"))?)
        }
        ["check", parts @ ..] => check::run(parts),
        ["bench", args @ ..] => bench::run(args),
        ["fuzz", args @ ..] => fuzz::run(args),
        ["soak", args @ ..] => soak::run(args),
        [] | ["help"] => {
            print!("{HELP}");
            Ok(())
        }
        ["help", task, ..] => {
            print!("{}", help(task));
            Ok(())
        }
        words => {
            bail!("`cargo xtask {}` is not known. There is:\n{}", words.join(" "), help(words[0]))
        }
    }
}

/// What is said of one task; of all if there is no such task.
fn help(task: &str) -> String {
    let begin = format!("cargo xtask {task} ");
    let lines = HELP.lines().skip_while(|line| !line.starts_with(&begin)).enumerate();
    let lines = lines.take_while(|(index, line)| *index == 0 || line.starts_with(' '));
    let lines: String = lines.map(|(_, line)| format!("{line}\n")).collect();
    if lines.is_empty() { HELP.to_owned() } else { lines }
}

/// The root of the repository.
fn root() -> PathBuf {
    // Cargo says it anew at each run: since this was built the folder may have been moved.
    let xtask = std::env::var("CARGO_MANIFEST_DIR");
    let xtask = xtask.as_deref().unwrap_or(env!("CARGO_MANIFEST_DIR"));
    Path::new(xtask).parent().expect("xtask is in the repository").into()
}

#[cfg(test)]
mod tests;
