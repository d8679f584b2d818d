//! Tests built by cargo: their programs, and what does not compile.

use super::run::{End, run};
use anyhow::{Context, Result, bail};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// What came of a build.
#[derive(Debug)]
pub enum Built {
    /// The program of each target.
    Programs(BTreeMap<String, PathBuf>),
    /// The errors, as the compiler writes them.
    Errors(Vec<String>),
    TooSlow,
}

/// A line of what cargo says to programs.
#[derive(Deserialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
enum Said {
    CompilerMessage {
        message: Message,
    },
    CompilerArtifact {
        target: Target,
        executable: Option<PathBuf>,
    },
    #[serde(other)]
    Else,
}

#[derive(Deserialize)]
struct Message {
    level: String,
    rendered: Option<String>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
}

/// A cargo command, at work in a folder.
pub fn cargo(folder: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()));
    command.current_dir(folder);
    command
}

/// Where cargo builds what belongs to a folder.
pub fn target_dir(folder: &Path) -> Result<PathBuf> {
    let mut command = cargo(folder);
    command.args(["metadata", "--no-deps", "--offline", "--format-version", "1"]);
    let output = command.output().context("cargo does not run")?;
    let said: Metadata = serde_json::from_slice(&output.stdout).with_context(|| {
        format!("cargo metadata failed:\n{}", String::from_utf8_lossy(&output.stderr))
    })?;
    Ok(said.target_directory)
}

#[derive(Deserialize)]
struct Metadata {
    target_directory: PathBuf,
}

/// Runs a command that builds tests and says so in JSON.
pub fn build(command: &mut Command, limit: Duration) -> Result<Built> {
    let End::Exit { status, stdout, stderr } = run(command, limit)? else {
        return Ok(Built::TooSlow);
    };
    let (mut programs, mut errors) = (BTreeMap::new(), Vec::new());
    for line in stdout.lines().filter(|line| line.starts_with('{')) {
        match serde_json::from_str(line).context("cargo says something unknown")? {
            Said::CompilerMessage { message } if message.level.starts_with("error") => {
                errors.extend(message.rendered);
            }
            Said::CompilerArtifact { target, executable: Some(program) } => {
                programs.insert(target.name, program);
            }
            _ => {}
        }
    }
    if status.success() {
        return Ok(Built::Programs(programs));
    }
    if errors.is_empty() {
        bail!("cargo could not begin:\n{stderr}");
    }
    Ok(Built::Errors(errors))
}
