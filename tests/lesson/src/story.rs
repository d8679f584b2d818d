//! What has happened so far, for whoever has to understand why a check has failed.

use std::sync::{Arc, Mutex, PoisonError};

/// One story for all clients of a server, in the order of what they did.
#[derive(Debug, Clone, Default)]
pub struct Story(Arc<Mutex<Vec<String>>>);

impl Story {
    pub fn tell(&self, line: String) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(line);
    }

    pub fn forget_last(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop();
    }

    pub fn len(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Says in one line what has been told since.
    pub fn sum_up(&self, since: usize, line: String) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).truncate(since);
        self.tell(line);
    }

    /// The whole of it, as the beginning of a message.
    pub fn so_far(&self) -> String {
        let lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match lines.is_empty() {
            true => String::new(),
            false => format!("What happened:\n  {}\n", lines.join("\n  ")),
        }
    }
}
