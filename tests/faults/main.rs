//! What breaks between client and server, and what must still hold: a proxy cuts connections, and the
//! delivery checker looks at every message.
//!
//! A test whose name begins with a letter and a number is the row of that id in the list of faults that this
//! server is held to. Those that need a server in a process of its own read its memory in `/proc`, and are for
//! Linux. `cargo xtask check faults` plays them with thousands of clients.

#[cfg(target_os = "linux")]
mod attempts;
#[allow(dead_code, reason = "these tests use a part of it")]
#[path = "../bad_input/client.rs"]
mod client;
mod clock;
#[cfg(target_os = "linux")]
mod crowd;
mod delivery;
mod dice;
mod handlers;
mod heartbeats;
mod interleavings;
mod meddling;
#[allow(dead_code, reason = "these tests use a part of it")]
#[path = "../bad_input/outcome.rs"]
mod outcome;
#[cfg(target_os = "linux")]
mod pending;
mod polls;
#[cfg(target_os = "linux")]
mod process;
mod proxy;
mod recovery;
#[cfg(target_os = "linux")]
mod restart;
mod scale;
#[cfg(target_os = "linux")]
mod slow;
mod stage;
#[cfg(target_os = "linux")]
mod store;
mod upgrade;
#[cfg(target_os = "linux")]
mod usage;
#[cfg(target_os = "linux")]
mod vanish;
#[allow(dead_code, reason = "these tests use a part of it")]
#[path = "../bad_input/ws.rs"]
mod ws;

/// Times and amounts are measured: one test at a time.
fn alone() -> std::sync::MutexGuard<'static, ()> {
    static ONE: std::sync::Mutex<()> = std::sync::Mutex::new(());
    ONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
