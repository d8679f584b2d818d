//! What a process uses, as the system counts it.

use std::fs;

/// Memory in bytes, as `/proc` has it: these tests need Linux.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usage {
    /// Resident memory now.
    pub memory: u64,
    /// The most resident memory since the start, or since [`forget_peak`](Self::forget_peak).
    pub peak: u64,
    /// Open descriptors.
    pub descriptors: usize,
    /// How often its threads have gone to sleep: nothing wakes a process with no timers and no clients.
    pub naps: u64,
}

impl Usage {
    pub fn of(process: u32) -> Self {
        let status = fs::read_to_string(format!("/proc/{process}/status")).expect("a status");
        let count = |path: &str| fs::read_dir(format!("/proc/{process}/{path}")).expect("a folder");
        let naps = count("task").flatten().map(|thread| {
            let status = fs::read_to_string(thread.path().join("status")).unwrap_or_default();
            number(&status, "voluntary_ctxt_switches:")
        });
        Self {
            memory: number(&status, "VmRSS:") * 1024,
            peak: number(&status, "VmHWM:") * 1024,
            descriptors: count("fd").count(),
            naps: naps.sum(),
        }
    }

    /// The peak is what there is now.
    pub fn forget_peak(process: u32) {
        fs::write(format!("/proc/{process}/clear_refs"), "5").expect("the peak can be forgotten");
    }
}

/// The number in the line of `status` that begins so.
fn number(status: &str, name: &str) -> u64 {
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
    line.split_whitespace().next().and_then(|number| number.parse().ok()).unwrap_or_default()
}
