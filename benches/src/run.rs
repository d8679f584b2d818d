//! One server, one load, one outcome: bounded in time.

use crate::peers::{PORT, Peer, Place};
use anyhow::{Context, Result, bail};
use benches::outcome::Outcome;
use benches::scenario::Scenario;
use std::ffi::OsStr;
use std::io::Read;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How long a server may take to listen.
const START: Duration = Duration::from_secs(10);
/// How long a run may take. Then it is ended, and has failed.
const LIMIT: Duration = Duration::from_secs(60);
/// Between two looks at a process.
const LOOK: Duration = Duration::from_millis(20);

/// A process that ends with its owner.
struct Owned(Child);

impl Drop for Owned {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Puts a fresh server through a scenario.
pub fn run(peer: &Peer, scenario: &Scenario, measured: Duration, place: &Place) -> Result<Outcome> {
    let port = free_port()?.to_string();
    let words = peer.command.iter().map(|word| if word == PORT { &port } else { word });
    let mut server = command(words, scenario.pinned.then_some("0"));
    // A warning from a server under load is no news; a panic is.
    let mut server = Owned(server.stdout(Stdio::null()).spawn().context(peer.name)?);
    wait_for(&mut server, &port)?;

    let pid = server.0.id().to_string();
    let seconds = measured.as_secs_f64().to_string();
    let load = place.programs.join("load").display().to_string();
    let words = [&load, &port, &pid, scenario.name, &seconds];
    let mut load = command(words, scenario.pinned.then_some("1"));
    load.stdout(Stdio::piped()).stderr(Stdio::piped()).env("RUST_BACKTRACE", "0");
    outcome(Owned(load.spawn()?))
}

/// Gone when this program is gone; and on the one CPU, if one is named. Each of these programs becomes the
/// next, so the process id is the last one's.
fn command(words: impl IntoIterator<Item = impl AsRef<OsStr>>, cpu: Option<&str>) -> Command {
    let mut command = Command::new("setpriv");
    command.arg("--pdeathsig=KILL");
    if let Some(cpu) = cpu {
        command.args(["taskset", "--cpu-list", cpu]);
    }
    command.args(words).stdin(Stdio::null());
    command
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

fn wait_for(server: &mut Owned, port: &str) -> Result<()> {
    let start = Instant::now();
    while TcpStream::connect((Ipv4Addr::LOCALHOST, port.parse()?)).is_err() {
        if let Some(status) = server.0.try_wait()? {
            bail!("the server has ended: {status}");
        }
        if start.elapsed() > START {
            bail!("the server did not listen within {START:?}");
        }
        sleep(LOOK);
    }
    Ok(())
}

fn outcome(mut load: Owned) -> Result<Outcome> {
    let start = Instant::now();
    let status = loop {
        if let Some(status) = load.0.try_wait()? {
            break status;
        }
        if start.elapsed() > LIMIT {
            bail!("not done after {LIMIT:?}");
        }
        sleep(LOOK);
    };
    let (mut said, mut complaint) = (String::new(), String::new());
    load.0.stdout.take().context("a pipe")?.read_to_string(&mut said)?;
    load.0.stderr.take().context("a pipe")?.read_to_string(&mut complaint)?;
    if !status.success() {
        bail!("{}", complaint.trim().trim_start_matches("Error: "));
    }
    Ok(serde_json::from_str(&said)?)
}
