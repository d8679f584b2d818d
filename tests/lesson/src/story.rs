//! What has happened so far, for whoever has to understand why a check has failed.

use crate::{accidents, exercise};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// One story for all clients of a server, in the order of what they did.
#[derive(Debug, Clone)]
pub struct Story(Arc<Mutex<Told>>);

#[derive(Debug)]
struct Told {
    /// How many panics there were before it began.
    accidents: usize,
    lines: Vec<String>,
    /// The id of each socket, and whose it is.
    ids: Vec<(String, String)>,
}

impl Story {
    pub fn begin() -> Self {
        let told = Told { accidents: accidents::watch(), lines: Vec::new(), ids: Vec::new() };
        Self(Arc::new(Mutex::new(told)))
    }

    fn lock(&self) -> MutexGuard<'_, Told> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn tell(&self, line: String) {
        self.lock().lines.push(line);
    }

    pub fn forget_last(&self) {
        self.lock().lines.pop();
    }

    pub fn len(&self) -> usize {
        self.lock().lines.len()
    }

    /// Says in one line what has been told since.
    pub fn sum_up(&self, since: usize, line: String) {
        self.lock().lines.truncate(since);
        self.tell(line);
    }

    /// From now on the id of this client's socket is shown as its name: twenty random letters say nothing.
    pub fn meet(&self, name: &str, id: &str) {
        self.lock().ids.push((id.to_owned(), format!("«{}»", name.to_lowercase())));
    }

    /// A text in which each id is a name.
    pub fn shown(&self, text: &str) -> String {
        let told = self.lock();
        told.ids.iter().fold(text.to_owned(), |text, (id, name)| text.replace(id, name))
    }

    /// Where to look, as the end of a message.
    #[track_caller]
    pub fn end(&self) -> String {
        let exercise = exercise();
        match accidents::first_in(&exercise, self.lock().accidents) {
            Some(panic) => format!("Your code panicked on the way, at {panic}\n"),
            None => format!("Look into {exercise}\n"),
        }
    }

    /// The whole of it, as the beginning of a message.
    pub fn so_far(&self) -> String {
        let lines = self.lock().lines.join("\n  ");
        match lines.is_empty() {
            true => String::new(),
            false => self.shown(&format!("What happened:\n  {lines}\n")),
        }
    }
}
