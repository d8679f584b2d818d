//! The server under load for as long as is wanted.

use anyhow::{Context, Result, bail};
use xshell::{Shell, cmd};

/// Runs the soak with `--minutes` and `--clients`.
pub fn run(args: &[&str]) -> Result<()> {
    let (mut minutes, mut clients) = (10.0_f64, 1000_u32);
    for pair in args.chunks(2) {
        match pair {
            ["--minutes", value] => minutes = value.parse().context("minutes are a number")?,
            ["--clients", value] => clients = value.parse().context("clients are a number")?,
            _ => bail!("use: cargo xtask soak [--minutes N] [--clients N]"),
        }
    }
    let shell = Shell::new()?;
    shell.change_dir(crate::root());
    let (minutes, clients) = (minutes.to_string(), clients.to_string());
    cmd!(shell, "cargo run --release --example soak -- {minutes} {clients}").run()?;
    Ok(())
}
