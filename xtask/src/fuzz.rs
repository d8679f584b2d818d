//! Fuzzing: every target for a while, from its seeds and from what was found before.

use anyhow::{Context, Result, bail};
use std::path::PathBuf;
use xshell::{Shell, cmd};

const TARGETS: [&str; 6] = ["chunked", "frames", "head", "packet", "payload", "session"];
/// A dependency takes a nightly compiler for an older one than it is, unless it goes by way of libc.
const FLAGS: &str = "--cfg rustix_use_libc";

/// Runs the named targets, or all, for `--seconds` each.
pub fn run(args: &[&str]) -> Result<()> {
    let (seconds, named) = match args {
        ["--seconds", seconds, named @ ..] => {
            (seconds.parse::<u32>().context("seconds are a number")?, named)
        }
        named => (60, named),
    };
    if let Some(unknown) = named.iter().find(|name| !TARGETS.contains(name)) {
        bail!("there is no target {unknown:?}: use {TARGETS:?}");
    }
    let shell = Shell::new()?;
    shell.change_dir(crate::root().join("fuzz"));
    install(&shell)?;
    let _flags = shell.push_env("RUSTFLAGS", FLAGS);
    cmd!(shell, "rustup run nightly cargo fuzz build").run()?;
    let wanted = |name: &&&str| named.is_empty() || named.contains(*name);
    let crashed: Vec<_> = TARGETS
        .iter()
        .filter(wanted)
        .map(|name| fuzz(&shell, name, seconds))
        .collect::<Result<Vec<_>>>()?
        .into_iter()
        .flatten()
        .collect();
    for (name, input) in &crashed {
        let input = input.display();
        println!("{name} fails with {input}");
        println!(
            "  keep it: mkdir -p fuzz/regressions/{name} && cp {input} fuzz/regressions/{name}/"
        );
        println!("  see it:  cargo test --lib fuzzing");
    }
    if crashed.is_empty() { Ok(()) } else { bail!("{} targets fail", crashed.len()) }
}

/// A nightly compiler and cargo-fuzz, where they are not yet.
fn install(shell: &Shell) -> Result<()> {
    if !cmd!(shell, "rustup toolchain list").quiet().read()?.contains("nightly") {
        cmd!(shell, "rustup toolchain install nightly --profile minimal").run()?;
    }
    if cmd!(shell, "cargo fuzz --version").quiet().ignore_stdout().ignore_stderr().run().is_err() {
        cmd!(shell, "cargo install cargo-fuzz --locked").run()?;
    }
    Ok(())
}

/// Runs one target. `Some` is an input with which it fails.
fn fuzz(shell: &Shell, name: &str, seconds: u32) -> Result<Option<(String, PathBuf)>> {
    let corpus = shell.create_dir(format!("corpus/{name}"))?;
    let seeds = write_seeds(shell, name)?;
    let found = Some(shell.current_dir().join("regressions").join(name));
    let found = found.filter(|folder| shell.path_exists(folder));
    let time = format!("-max_total_time={seconds}");
    let run = cmd!(
        shell,
        "rustup run nightly cargo fuzz run {name} {corpus} {seeds} {found...} -- {time} -max_len=2048
         -timeout=10 -print_final_stats=1"
    );
    let output = run.ignore_status().output()?;
    let text = String::from_utf8_lossy(&output.stderr);
    let after = |words: &str| text.lines().find_map(|line| Some(line.split_once(words)?.1.trim()));
    let count = after("stat::number_of_executed_units:").unwrap_or("an unknown number of");
    match (output.status.success(), after("Test unit written to")) {
        (true, _) => {
            println!("{name}: {count} executions, no crash");
            Ok(None)
        }
        (false, Some(input)) => {
            let story = text.lines().skip_while(|line| !line.contains("panicked at"));
            let story: Vec<_> = story.take_while(|line| *line != "stack backtrace:").collect();
            println!("{name}: {count} executions, then a crash\n{}", story.join("\n"));
            Ok(Some((name.to_owned(), shell.current_dir().join(input))))
        }
        (false, None) => bail!("{name} did not run:\n{text}"),
    }
}

/// The seeds of a target, each in a file of its own, as the fuzzer wants them.
fn write_seeds(shell: &Shell, name: &str) -> Result<PathBuf> {
    let folder = shell.create_dir(format!("target/seeds/{name}"))?;
    for (number, seed) in shell.read_file(format!("seeds/{name}.txt"))?.lines().enumerate() {
        // One character is one byte.
        let text: String = serde_json::from_str(seed).context(seed.to_owned())?;
        let bytes: Vec<u8> = text.chars().map(u8::try_from).collect::<Result<_, _>>()?;
        shell.write_file(folder.join(number.to_string()), bytes)?;
    }
    Ok(folder)
}
