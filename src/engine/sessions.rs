//! The table of sessions.

use super::conn::Conn;
use super::handshake::{ClientRequest, Refusal, RefusalCode};
use crate::edge::PerIp;
use crate::notice::Notice;
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

#[derive(Debug, Default)]
struct State {
    by_sid: HashMap<Arc<str>, Arc<Conn>>,
    per_ip: PerIp,
}

/// The live sessions by id.
#[derive(Debug, Default)]
pub(super) struct Sessions(Mutex<State>);

impl Sessions {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn len(&self) -> usize {
        self.lock().by_sid.len()
    }

    pub fn all(&self) -> Vec<Arc<Conn>> {
        self.lock().by_sid.values().cloned().collect()
    }

    pub fn get(&self, sid: &str) -> Option<Arc<Conn>> {
        self.lock().by_sid.get(sid).cloned()
    }

    pub fn insert(&self, sid: Arc<str>, conn: Arc<Conn>) {
        let mut state = self.lock();
        if let Some(address) = conn.request().address {
            state.per_ip.add(address.ip());
        }
        state.by_sid.insert(sid, conn);
    }

    pub fn remove(&self, sid: &str) {
        let mut state = self.lock();
        let conn = state.by_sid.remove(sid);
        if let Some(address) = conn.as_ref().and_then(|conn| conn.request().address) {
            state.per_ip.remove(address.ip());
        }
        // Dropped after the lock is free: what a session holds may lead anywhere.
        drop(state);
        drop(conn);
    }

    /// Refuses a session that would be one too many: on long-polling they hold no connection that would count.
    pub fn check_room(&self, about: &ClientRequest, limit: usize) -> Result<(), Refusal> {
        static TOO_MANY: Notice = Notice::new();
        let Some(ip) = about.address.map(|address| address.ip()) else { return Ok(()) };
        if self.lock().per_ip.count(ip) < limit {
            return Ok(());
        }
        TOO_MANY.warn(format_args!("{ip}: max_sessions_per_ip ({limit}) are there already"));
        let message = "too many sessions from this address".to_owned();
        Err(Refusal { code: RefusalCode::Forbidden, message })
    }
}

/// Twenty characters that nobody can guess.
pub(crate) fn random_id() -> String {
    let mut bytes = [0; 15];
    getrandom::fill(&mut bytes).expect("the system gives random numbers");
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}
