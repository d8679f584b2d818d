//! A program that is ended when it takes too long, with everything it has started.

use anyhow::{Context, Result};
use std::io::Read;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

/// So much of what a program prints is kept. The rest is read, and dropped.
const KEPT: u64 = 4 << 20;
/// How often to look whether it has ended.
const EVERY: Duration = Duration::from_millis(10);

/// What became of a program.
pub enum End {
    Exit { status: ExitStatus, stdout: String, stderr: String },
    TooSlow,
}

/// Runs a program to its end, or until its time is over.
pub fn run(command: &mut Command, limit: Duration) -> Result<End> {
    let start = Instant::now();
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    let mut child = command.spawn().with_context(|| format!("{:?}", command.get_program()))?;
    let stdout = collect(child.stdout.take().context("its output is piped")?);
    let stderr = collect(child.stderr.take().context("its errors are piped")?);
    let status = loop {
        match child.try_wait()? {
            Some(status) => break Some(status),
            None if start.elapsed() > limit => break None,
            None => thread::sleep(EVERY),
        }
    };
    // Also after its end: what it leaves behind would hold the pipes.
    kill(&mut child);
    let Some(status) = status else { return Ok(End::TooSlow) };
    let text = |output: Receiver<Vec<u8>>| {
        let bytes = output.recv_timeout(Duration::from_secs(1)).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    };
    Ok(End::Exit { status, stdout: text(stdout), stderr: text(stderr) })
}

/// Reads to the end on a thread of its own.
fn collect(mut pipe: impl Read + Send + 'static) -> Receiver<Vec<u8>> {
    let (done, output) = channel();
    thread::spawn(move || {
        let mut kept = Vec::new();
        // What breaks off in the middle is judged by what came until then.
        let _ = pipe.by_ref().take(KEPT).read_to_end(&mut kept);
        let _ = std::io::copy(&mut pipe, &mut std::io::sink());
        let _ = done.send(kept);
    });
    output
}

/// Ends a program and all that it has started.
#[cfg(unix)]
fn kill(child: &mut Child) {
    use rustix::process::{Pid, Signal, kill_process_group};
    // Fails when nobody is left.
    let _ = kill_process_group(Pid::from_child(child), Signal::KILL);
    let _ = child.wait();
}

/// Ends a program; what it has started lives on where there are no process groups.
#[cfg(not(unix))]
fn kill(child: &mut Child) {
    let _ = child.kill();
    let _ = child.wait();
}

#[cfg(test)]
mod tests;
