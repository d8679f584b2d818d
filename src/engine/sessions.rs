//! The table of sessions.

use super::conn::Conn;
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The live sessions by id.
#[derive(Debug, Default)]
pub(super) struct Sessions(Mutex<HashMap<String, Arc<Conn>>>);

impl Sessions {
    pub(super) fn lock(&self) -> MutexGuard<'_, HashMap<String, Arc<Conn>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn remove(&self, sid: &str) {
        // Dropped after the lock is free: what a session holds may lead anywhere.
        let conn = self.lock().remove(sid);
        drop(conn);
    }
}

/// Twenty characters that nobody can guess.
pub(crate) fn random_id() -> String {
    let mut bytes = [0; 15];
    getrandom::fill(&mut bytes).expect("the system gives random numbers");
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}
