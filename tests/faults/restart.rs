//! A server that is gone and comes again, and all its clients at once.

use crate::alone;
use crate::crowd::{Client, Refused};
use crate::dice::Dice;
use crate::outcome::{Failure, same};
use crate::process::{Counts, Process, Setup};
use crate::scale::scaled;
use async_std::task;
use std::fs;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// The first delay of a client that comes back, as the official one has it; each is twice the one before.
const DELAY: Duration = Duration::from_secs(1);

/// What the clients came to.
#[derive(Debug, Default)]
struct Tally {
    /// Let in, since the start or the restart.
    entered: AtomicUsize,
    /// Told to come again later.
    later: AtomicUsize,
    /// Everything that should not be.
    wrong: Mutex<Vec<Refused>>,
}

/// A client that comes back as often as it is cut off, waiting as the official one does.
async fn live(address: SocketAddr, mut dice: Dice, first: Duration, tally: Arc<Tally>) {
    let mut attempt = 0;
    loop {
        match Client::connect(address).await {
            Ok(mut client) => {
                tally.entered.fetch_add(1, Ordering::SeqCst);
                attempt = 0;
                while client.next(|_, _| ()).await.is_ok() {}
            }
            Err(Refused::Cut) => {}
            Err(Refused::Status(503, true)) => drop(tally.later.fetch_add(1, Ordering::SeqCst)),
            Err(other) => tally.wrong.lock().expect("a lock").push(other),
        }
        // By up to a half more or less, so that they do not come all at once.
        let delay = (first * 2_u32.pow(attempt)).min(5 * first);
        attempt = (attempt + 1).min(8);
        task::sleep(delay.mul_f64(0.5 + dice.roll(1000) as f64 / 1000.0)).await;
    }
}

/// How often a connection found no place in the queue of a listener, on this whole machine.
fn overflows() -> u64 {
    let table = fs::read_to_string("/proc/net/netstat").unwrap_or_default();
    let mut lines = table.lines().filter(|line| line.starts_with("TcpExt:"));
    let (names, values) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
    let place = names.split(' ').position(|name| name == "ListenOverflows");
    place.and_then(|place| values.split(' ').nth(place)?.parse().ok()).unwrap_or_default()
}

#[test]
fn f5_all_come_back_after_a_restart() -> Result<(), Failure> {
    let _alone = alone();
    let count = scaled(300, 10_000);
    let first = scaled(DELAY / 10, DELAY);
    let limit = scaled(Duration::from_secs(3), Duration::from_secs(30));
    let setup =
        Setup { max_connections: 20_000, max_connections_per_ip: 20_000, ..Setup::default() };
    let setup = Setup { max_sessions_per_ip: 20_000, ..setup };
    let mut process = Process::start(&setup);
    let tally = Arc::new(Tally::default());
    let everyone = Counts { sessions: count, sockets: count, rooms: 0 };
    let clients = (1..=count as u64).map(|seed| {
        task::spawn(live(process.address, Dice(seed * 0x9e37_79b9), first, tally.clone()))
    });
    let clients: Vec<_> = clients.collect();
    process.has(everyone, limit)?;
    let entered = || tally.entered.load(Ordering::SeqCst);
    let know_it = |begun: Instant| {
        while entered() < count && begun.elapsed() < limit {
            std::thread::sleep(Duration::from_millis(5));
        }
        same("entries", entered(), count)
    };
    know_it(Instant::now())?;
    let steady = process.usage().memory;

    tally.entered.store(0, Ordering::SeqCst);
    let full = overflows();
    let setup = Setup { port: process.address.port(), ..setup };
    process.kill();
    let mut process = Process::start(&setup);
    let begun = Instant::now();
    process.has(everyone, limit)?;
    let back = begun.elapsed();
    let peak = process.usage().peak;
    println!(
        "{count} back after {back:?}, {} told to come later, {} found the queue full; \
         memory {steady}, {peak} at most after the restart",
        tally.later.load(Ordering::SeqCst),
        overflows() - full,
    );
    assert_eq!(*tally.wrong.lock().expect("a lock"), []);
    assert!(peak <= 2 * steady, "{peak} bytes, {steady} before");
    // Nobody was let in and lost again.
    know_it(begun)?;
    task::block_on(async {
        for client in clients {
            client.cancel().await;
        }
    });
    process.has(Counts::NONE, Duration::from_secs(5))
}
