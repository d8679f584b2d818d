//! What a process has used so far.

use anyhow::{Context, Result};
use nix::sys::prctl;
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use nix::sys::signal::Signal;
use nix::time::ClockId;
use nix::unistd::{Pid, setsid};
use std::fs;
use std::time::Duration;

/// CPU time of all its threads, user and system, exact to the nanosecond: `/proc/PID/stat` has the same sum
/// in hundredths of a second, too coarse for a server that idles most of the time.
pub fn cpu(pid: u32) -> Result<Duration> {
    let clock = ClockId::pid_cpu_clock_id(Pid::from_raw(pid.cast_signed()))?;
    Ok(clock.now().context("the server has ended")?.into())
}

/// Resident memory in KiB.
pub fn memory(pid: u32) -> Result<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib =
        line.and_then(|line| line.trim().strip_suffix(" kB")).context("the server has ended")?;
    Ok(kib.trim().parse()?)
}

/// Lets this process, and those it starts, go before others on a machine that has more to do. `false` when the
/// system does not allow it.
///
/// Linux shares the CPUs out among sessions first (sched(7), autogroups), and niceness counts only within
/// one. So this takes a session of its own, and since that hears no Ctrl-C, ends with the program that
/// started it.
pub fn go_first() -> bool {
    prctl::set_pdeathsig(Signal::SIGKILL).is_ok()
        && setsid().is_ok()
        && fs::write("/proc/self/autogroup", "-10").is_ok()
}

/// Lets this process, and those it starts, have as many descriptors as the system grants.
pub fn raise_descriptors() -> Result<()> {
    let (_, hard) = getrlimit(Resource::RLIMIT_NOFILE)?;
    Ok(setrlimit(Resource::RLIMIT_NOFILE, hard, hard)?)
}
