//! The faults in full: thousands of clients, and the times that a server really has.

use anyhow::{Context, Result};
use xshell::{Shell, cmd};

/// Plays what `cargo test --test faults` plays in short. It takes a quarter of an hour, and both sides of ten
/// thousand connections.
pub fn run(shell: &Shell) -> Result<()> {
    cmd!(shell, "cargo test --release --test faults --no-run").run()?;
    let _full = shell.push_env("FAULTS_FULL", "1");
    let more = "ulimit -n $(ulimit -Hn); exec \"$@\"";
    // The two that are left out are run by others, in processes of their own.
    let skip = ["--skip", "until_the_input_ends", "--skip", "until_stopped"];
    let options = ["--include-ignored", "--test-threads", "1", "--nocapture"];
    cmd!(shell, "sh -c {more} sh cargo test --release --test faults -- {options...} {skip...}")
        .run()
        .context("a fault is not borne; one that says Measured may be another load on this machine")
}
