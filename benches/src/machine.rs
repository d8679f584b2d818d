//! What the figures were measured on, and with.

use crate::peers::{self, Place};
use anyhow::Result;
use std::fs;
use xshell::{Shell, cmd};

/// A list in Markdown.
pub fn describe(shell: &Shell, place: &Place) -> Result<String> {
    let info = fs::read_to_string("/proc/cpuinfo")?;
    let model = info.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or("unknown");
    let model = model.trim_start_matches([' ', '\t', ':']);
    let cores = std::thread::available_parallelism()?;
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease")?;
    let averages = fs::read_to_string("/proc/loadavg")?;
    let busy = averages.split(' ').next().unwrap_or_default();
    let rustc = cmd!(shell, "rustc --version").quiet().read()?;
    let programs = ["node", "python3"].map(|program| {
        let version = cmd!(shell, "{program} --version").quiet().read().unwrap_or_default();
        version.replace('v', &format!("{program} "))
    });
    Ok(format!(
        "- {cores} CPUs, {model}; Linux {}; load average {busy} at the start\n- {rustc}; {}; {}\n- {}\n",
        kernel.trim(),
        programs[0],
        programs[1],
        peers::versions(shell, place)?.join(", "),
    ))
}
