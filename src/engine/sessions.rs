//! The table of sessions.

use super::conn::Conn;
use super::handshake::{ClientRequest, Refusal, RefusalCode};
use crate::notice::Notice;
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

#[derive(Debug, Default)]
struct State {
    by_sid: HashMap<Arc<str>, Arc<Conn>>,
    /// How many sessions of an address are in no namespace yet.
    pending: HashMap<IpAddr, usize>,
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
        self.lock().by_sid.insert(sid, conn);
    }

    pub fn remove(&self, sid: &str) {
        // Dropped after the lock is free: what a session holds may lead anywhere.
        let conn = self.lock().by_sid.remove(sid);
        drop(conn);
    }

    /// Refuses a session that would be one too many: those that never enter a namespace cost memory until
    /// their time is up.
    pub fn check_pending(&self, about: &ClientRequest, limit: usize) -> Result<(), Refusal> {
        static TOO_MANY: Notice = Notice::new();
        let Some(ip) = about.address.map(|address| address.ip()) else { return Ok(()) };
        if self.lock().pending.get(&ip).is_none_or(|count| *count < limit) {
            return Ok(());
        }
        TOO_MANY.warn(format_args!("{ip}: more than max_pending_per_ip ({limit}) sessions"));
        let message = "too many sessions from this address are in no namespace yet".to_owned();
        Err(Refusal { code: RefusalCode::Forbidden, message })
    }

    pub fn begin_pending(&self, ip: IpAddr) {
        *self.lock().pending.entry(ip).or_default() += 1;
    }

    pub fn end_pending(&self, ip: IpAddr) {
        let mut state = self.lock();
        if let Some(count) = state.pending.get_mut(&ip) {
            *count -= 1;
            if *count == 0 {
                state.pending.remove(&ip);
            }
        }
    }
}

/// Twenty characters that nobody can guess.
pub(crate) fn random_id() -> String {
    let mut bytes = [0; 15];
    getrandom::fill(&mut bytes).expect("the system gives random numbers");
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}
