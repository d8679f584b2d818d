//! Notices that something was saved.

use std::fs;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, SystemTime};

/// How often to look whether something was saved.
const EVERY: Duration = Duration::from_millis(400);

/// Files, and folders with all that is in them.
pub struct Saves {
    paths: Vec<PathBuf>,
    seen: (usize, Option<SystemTime>),
}

impl Saves {
    /// What is saved from now on counts.
    pub fn of(paths: Vec<PathBuf>) -> Self {
        let seen = latest(&paths);
        Self { paths, seen }
    }

    /// Returns after the next save.
    pub fn wait(&mut self) {
        while !self.came() {
            thread::sleep(EVERY);
        }
    }

    /// Whether something was saved since it was asked last.
    fn came(&mut self) -> bool {
        let now = latest(&self.paths);
        now != std::mem::replace(&mut self.seen, now)
    }
}

/// How many files there are, and when the last of them was saved: a file that was removed counts too.
fn latest(paths: &[PathBuf]) -> (usize, Option<SystemTime>) {
    let mut left = paths.to_vec();
    let (mut count, mut latest) = (0, None);
    while let Some(path) = left.pop() {
        if path.ends_with("node_modules") {
            continue;
        }
        if let Ok(entries) = fs::read_dir(&path) {
            left.extend(entries.flatten().map(|entry| entry.path()));
        } else {
            count += 1;
            latest = latest.max(fs::metadata(&path).and_then(|file| file.modified()).ok());
        }
    }
    (count, latest)
}

#[cfg(test)]
mod tests;
