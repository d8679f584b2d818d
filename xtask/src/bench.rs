//! The benchmark, which is a program of its own: it is measured, so it is built for release.

use anyhow::Result;
use xshell::{Shell, cmd};

/// Runs it with these arguments.
pub fn run(args: &[&str]) -> Result<()> {
    let shell = Shell::new()?;
    // `cargo run` builds the one program only, and that one starts the others.
    cmd!(shell, "cargo build --release --quiet --package benches --bins").quiet().run()?;
    cmd!(shell, "cargo run --release --quiet --package benches -- {args...}").quiet().run()?;
    Ok(())
}
