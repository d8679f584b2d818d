//! What must hold whatever is sent: no panic, a healthy client is answered at once, memory and descriptors are
//! given back.

use crate::client::PATIENCE;
use crate::outcome::{Failure, Outcome, Seen};
use crate::server::{ON_PURPOSE, wait_until};
use crate::ws::{Got, Ws};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, Once, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How long the healthy client may wait for an answer.
const AT_ONCE: Duration = Duration::from_millis(100);
/// How much memory may be left in use.
const MEMORY: u64 = 2 * 1024 * 1024;

/// What every Socket.IO server knows an answer to.
const QUESTION: &str = "40/nowhere,";
const ANSWER: &str = r#"44/nowhere,{"message":"Invalid namespace"}"#;

static PANICS: AtomicUsize = AtomicUsize::new(0);

/// Memory and descriptors are the process's: only one section may run at a time.
pub fn alone() -> MutexGuard<'static, ()> {
    static ONE: Mutex<()> = Mutex::new(());
    ONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Counts panics, all but the one that is meant to be.
fn count_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let print = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            let payload = panic.payload();
            let text = payload.downcast_ref::<&str>().copied();
            let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
            if text != Some(ON_PURPOSE) {
                PANICS.fetch_add(1, Ordering::SeqCst);
                print(panic);
            }
        }));
    });
}

/// A healthy client that asks again and again, and notes how long it waited at most.
struct Witness {
    worst: Arc<AtomicU64>,
    answered: Arc<AtomicU64>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Witness {
    fn start(address: SocketAddr) -> Self {
        let worst = Arc::new(AtomicU64::new(0));
        let answered = Arc::new(AtomicU64::new(0));
        let stop = Arc::new(AtomicBool::new(false));
        let (mut ws, _) = Ws::connect(address).expect("a healthy client is let in");
        let thread = std::thread::spawn({
            let (worst, answered, stop) = (worst.clone(), answered.clone(), stop.clone());
            move || {
                while !stop.load(Ordering::SeqCst) {
                    let asked = Instant::now();
                    ws.text(QUESTION);
                    loop {
                        match ws.next() {
                            Ok(Got::Text(text)) if text == "2" => ws.text("3"),
                            Ok(Got::Text(text)) if text == ANSWER => break,
                            Ok(Got::Text(_)) => {}
                            // Never answered again: whoever waits for that says so.
                            _ => return worst.store(u64::MAX, Ordering::SeqCst),
                        }
                    }
                    worst.fetch_max(asked.elapsed().as_micros() as u64, Ordering::SeqCst);
                    answered.fetch_add(1, Ordering::SeqCst);
                    std::thread::sleep(Duration::from_millis(2));
                }
            }
        });
        Self { worst, answered, stop, thread: Some(thread) }
    }

    /// The longest it waited since it was last asked, with a question of after that.
    fn worst(&self) -> Result<Duration, Failure> {
        let before = self.answered.load(Ordering::SeqCst);
        wait_until(PATIENCE, "the healthy client is not answered", || {
            self.answered.load(Ordering::SeqCst) >= before + 2
        })?;
        Ok(Duration::from_micros(self.worst.swap(0, Ordering::SeqCst)))
    }
}

impl Drop for Witness {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

pub struct Vitals {
    witness: Witness,
    /// The process that is looked at, as `/proc` names it.
    process: String,
    /// How long memory and descriptors may take to be given back.
    patience: Duration,
}

impl Vitals {
    /// Of the server at `address`, which gets a healthy client.
    pub fn of(address: SocketAddr) -> Self {
        count_panics();
        Self { witness: Witness::start(address), process: "self".to_owned(), patience: PATIENCE }
    }

    /// Of a server in a process of its own.
    pub fn of_process(address: SocketAddr, process: u32) -> Self {
        Self { process: process.to_string(), ..Self::of(address) }
    }

    fn usage(&self) -> Option<Usage> {
        Usage::of(&self.process)
    }

    /// Runs one row under watch.
    pub fn watch(
        &self,
        id: &'static str,
        required: &'static str,
        mut row: impl FnMut() -> Seen,
    ) -> Outcome {
        let seen = match self.once(&mut row) {
            Err(Failure::Measured(_)) => self.once(&mut row),
            seen => seen,
        };
        let seen = seen.map_err(|(Failure::Wrong(what) | Failure::Measured(what))| what);
        Outcome { id, required, seen, absent: None }
    }

    fn once(&self, row: &mut impl FnMut() -> Seen) -> Seen {
        self.witness.worst()?;
        let (panics, before) = (PANICS.load(Ordering::SeqCst), self.usage());
        let seen = row()?;
        let worst = self.witness.worst()?;
        if PANICS.load(Ordering::SeqCst) > panics {
            return Err("something panicked".into());
        }
        if worst > AT_ONCE {
            return Err(Failure::Measured(format!("the healthy client waited {worst:?}")));
        }
        if let (Some(before), Some(_)) = (before, self.usage()) {
            let given_back = wait_until(self.patience, "", || {
                self.usage().is_some_and(|now| {
                    now.memory <= before.memory + MEMORY && now.descriptors <= before.descriptors
                })
            });
            if given_back.is_err() {
                let now = self.usage();
                return Err(Failure::Measured(format!("{before:?} before and {now:?} after")));
            }
        }
        Ok(seen)
    }
}

/// What the process uses.
#[derive(Debug, Clone, Copy)]
struct Usage {
    /// Bytes of resident memory.
    memory: u64,
    /// Open descriptors.
    descriptors: usize,
}

impl Usage {
    #[cfg(target_os = "linux")]
    fn of(process: &str) -> Option<Self> {
        let statm = std::fs::read_to_string(format!("/proc/{process}/statm")).ok()?;
        let pages: u64 = statm.split(' ').nth(1)?.parse().ok()?;
        let descriptors = std::fs::read_dir(format!("/proc/{process}/fd")).ok()?.count();
        Some(Self { memory: pages * 4096, descriptors })
    }

    /// Other systems do not tell it so simply; there these two are not checked.
    #[cfg(not(target_os = "linux"))]
    fn of(_: &str) -> Option<Self> {
        None
    }
}

/// The watch itself, with rows that do what no row may.
#[cfg(test)]
mod tests;
