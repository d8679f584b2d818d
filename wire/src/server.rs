//! A server as a process of its own, and what it writes to its console.

use std::io::{self, BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

/// How long a server may take to start.
const PATIENCE: Duration = Duration::from_secs(10);

/// A running server; it is killed when this is dropped.
#[derive(Debug)]
pub struct Server {
    child: Child,
    console: Receiver<String>,
    /// Lines that were read before anybody asked for them.
    early: Vec<String>,
    /// The port it listens on.
    pub port: u16,
}

impl Server {
    /// Starts a server on a free port: it gets `PORT=0`, and says `listening on port N` on its console.
    ///
    /// # Errors
    /// When it cannot be started, or ends or is silent before it listens.
    pub fn start(command: &mut Command) -> io::Result<Self> {
        let piped = command.env("PORT", "0").stdin(Stdio::null());
        let mut child = piped.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        let (sender, console) = channel();
        if let (Some(out), Some(err)) = (child.stdout.take(), child.stderr.take()) {
            forward(out, sender.clone());
            forward(err, sender);
        }
        // From here on an error drops the server, which ends the process.
        let mut server = Self { child, console, early: Vec::new(), port: 0 };
        server.port = server.wait_for_port()?;
        Ok(server)
    }

    fn wait_for_port(&mut self) -> io::Result<u16> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let line = self.console.recv_timeout(left).map_err(|error| {
                let what = match error {
                    RecvTimeoutError::Timeout => "does not say that it listens",
                    RecvTimeoutError::Disconnected => "has ended before it listened",
                };
                io::Error::other(format!("the server {what}: {}", self.early.join("\n")))
            })?;
            let port = line.split_once("listening on port ").map(|(_, port)| port.parse());
            self.early.push(line);
            if let Some(Ok(port)) = port {
                // They are taken from the end.
                self.early.reverse();
                return Ok(port);
            }
        }
    }

    /// The next line on the console, if one comes in time.
    pub fn console(&mut self, wait: Duration) -> Option<String> {
        self.early.pop().or_else(|| self.console.recv_timeout(wait).ok())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself, and then there is nothing to do.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn forward(from: impl Read + Send + 'static, to: Sender<String>) {
    thread::spawn(move || {
        for line in BufReader::new(from).lines().map_while(Result::ok) {
            let message = message(&line);
            // tide announces every listener in its own words.
            if message.starts_with("Server listening on http://") {
                continue;
            }
            if message.split('\n').any(|line| to.send(line.to_owned()).is_err()) {
                return;
            }
        }
    });
}

/// What is logged, without what femme puts around it: in a debug build the module before it, in colour, and in
/// a release build JSON.
fn message(line: &str) -> String {
    match line.split_once("\x1b[0m ") {
        Some((module, message)) if module.starts_with('\x1b') => return message.to_owned(),
        _ => {}
    }
    #[derive(serde::Deserialize)]
    struct Record {
        msg: String,
    }
    serde_json::from_str::<Record>(line).map_or_else(|_| line.to_owned(), |record| record.msg)
}

#[cfg(test)]
mod tests;
