//! The Autobahn test suite against the WebSocket of a session.

use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use xshell::{Shell, cmd};

/// Ended when it is let go of, whatever came of the cases.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Runs every case that `tests/autobahn/run.py` names.
pub fn run(shell: &Shell) -> Result<()> {
    cmd!(shell, "cargo build --example frames").run()?;
    let python = python(shell)?;
    let (_server, address) = start()?;
    cmd!(shell, "{python} tests/autobahn/run.py {address}").run()?;
    Ok(())
}

/// A Python that has the suite.
fn python(shell: &Shell) -> Result<std::path::PathBuf> {
    let venv = shell.current_dir().join("target/autobahn");
    let pip = venv.join("bin/pip");
    if !shell.path_exists(&pip) {
        cmd!(shell, "python3 -m venv {venv}").run()?;
    }
    cmd!(
        shell,
        "{pip} install --quiet --disable-pip-version-check -r tests/autobahn/requirements.txt"
    )
    .run()?;
    Ok(venv.join("bin/python"))
}

/// The server, and the address it says that it listens on.
fn start() -> Result<(Server, String)> {
    let program = std::env::current_exe()?.with_file_name("examples").join("frames");
    let mut child = Command::new(program).stdout(Stdio::piped()).spawn()?;
    let output = child.stdout.take().context("its output is piped")?;
    let server = Server(child);
    let mut line = String::new();
    BufReader::new(output).read_line(&mut line)?;
    match line.trim().strip_prefix("listening on ") {
        Some(address) => Ok((server, address.to_owned())),
        None => bail!("the server said {line:?} instead of where it listens"),
    }
}
