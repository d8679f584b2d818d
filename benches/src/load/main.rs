//! The clients of one scenario against one server: `load PORT PID SCENARIO SECONDS`.
//!
//! One thread and raw sockets, so that a client costs less than what it measures. The outcome is printed as
//! JSON.

mod meter;
mod polling;
mod prepared;
mod socket;
mod websocket;

use anyhow::{Context, Result, bail};
use benches::process;
use benches::scenario::{self, Kind};
use std::time::Duration;

/// The server under load.
#[derive(Debug, Clone, Copy)]
struct Target {
    port: u16,
    pid: u32,
}

/// How long to wait for a sign of life. A server that stands still has failed.
const PATIENCE: Duration = Duration::from_secs(10);

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [port, pid, name, seconds] = args.as_slice() else {
        bail!("usage: load PORT PID SCENARIO SECONDS")
    };
    let target = Target { port: port.parse()?, pid: pid.parse()? };
    let scenario = scenario::find(name).with_context(|| format!("no scenario {name:?}"))?;
    let measured = Duration::try_from_secs_f64(seconds.parse()?)?;
    process::raise_descriptors()?;
    let outcome = match scenario.kind {
        Kind::Polling => polling::run(scenario, target, measured)?,
        _ => websocket::run(scenario, target, measured)?,
    };
    println!("{}", serde_json::to_string(&outcome)?);
    Ok(())
}
