//! The benchmark, which is a program of its own: it is measured, so it is built for release.

use anyhow::{Context, Result};
use xshell::{Shell, cmd};

/// Runs it with these arguments.
pub fn run(args: &[&str]) -> Result<()> {
    let shell = Shell::new()?;
    if args == ["--instructions"] {
        return instructions(&shell);
    }
    // `cargo run` builds the one program only, and that one starts the others.
    cmd!(shell, "cargo build --release --quiet --package benches --bins").quiet().run()?;
    cmd!(shell, "cargo run --release --quiet --package benches -- {args...}").quiet().run()?;
    Ok(())
}

/// Counts the instructions of what computes and waits for nothing.
fn instructions(shell: &Shell) -> Result<()> {
    cmd!(shell, "valgrind --version").quiet().ignore_stdout().run().context(
        "valgrind counts the instructions: install it, for example with `apt install valgrind`",
    )?;
    let tools = crate::root().join("target/tools");
    // The library and the program that runs valgrind for it must be of one version.
    cmd!(shell, "cargo install --quiet gungraun-runner --version =0.20.0 --locked --root {tools}")
        .quiet()
        .run()?;
    let _runner = shell.push_env("GUNGRAUN_RUNNER", tools.join("bin/gungraun-runner"));
    cmd!(shell, "cargo bench --quiet --package benches --bench instructions").quiet().run()?;
    Ok(())
}
