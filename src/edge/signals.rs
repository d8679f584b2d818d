//! SIGTERM and SIGINT: the first stops the edges, the second the process.

use super::table::Table;
use async_signal::{Signal, Signals};
use futures_lite::StreamExt;
use std::io;
use std::sync::{Arc, Mutex, PoisonError, Weak};

#[cfg(unix)]
const STOPPING: &[Signal] = &[Signal::Term, Signal::Int];
// Other systems have Ctrl-C only.
#[cfg(not(unix))]
const STOPPING: &[Signal] = &[Signal::Int];

/// The edges that a signal stops. `None` until the first one listens: signals concern the whole process,
/// and are caught only when there is something to stop.
static EDGES: Mutex<Option<Vec<Weak<Table>>>> = Mutex::new(None);

/// Has the edge stop at the first signal.
pub fn watch(table: &Arc<Table>) -> io::Result<()> {
    let mut edges = EDGES.lock().unwrap_or_else(PoisonError::into_inner);
    if edges.is_none() {
        async_std::task::spawn(listen(Signals::new(STOPPING)?));
    }
    let edges = edges.get_or_insert_default();
    edges.retain(|edge| edge.strong_count() > 0);
    edges.push(Arc::downgrade(table));
    Ok(())
}

async fn listen(mut signals: Signals) {
    while let Some(Ok(signal)) = signals.next().await {
        let edges = EDGES.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let edges = edges.into_iter().flatten().filter_map(|edge| edge.upgrade());
        let running: Vec<_> = edges.filter(|edge| !edge.is_stopping()).collect();
        if running.is_empty() {
            // As a shell reports it: 128 and the number of the signal.
            std::process::exit(128 + signal as i32);
        }
        // First: a logger may panic, when nobody reads what it prints.
        running.iter().for_each(|edge| edge.stop());
        tide::log::info!("stopping; a second signal ends the process at once");
    }
}
