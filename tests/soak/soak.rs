//! A server under a load that never stops: clients that come and go, say something, are cut off and come back,
//! go over to a WebSocket; and among them such as send what nobody should.
//!
//! `cargo xtask soak --minutes 20` runs it and says what is measured.

#[allow(dead_code, reason = "the rows are played here, not judged")]
#[path = "../bad_input/client.rs"]
mod client;
#[allow(dead_code, reason = "the clients here never wait with `Until`, but at the end")]
#[path = "../faults/delivery.rs"]
mod delivery;
#[path = "../faults/dice.rs"]
mod dice;
#[allow(dead_code, reason = "the rows are played here, not judged")]
#[path = "../bad_input/frame_rows.rs"]
mod frame_rows;
mod hostile;
mod ledger;
mod member;
#[allow(dead_code, reason = "the rows are played here, not judged")]
#[path = "../bad_input/outcome.rs"]
mod outcome;
#[allow(dead_code, reason = "the rows are played here, not judged")]
#[path = "../bad_input/packet_rows.rs"]
mod packet_rows;
#[allow(dead_code, reason = "the rows are played here, not judged")]
#[path = "../bad_input/post_rows.rs"]
mod post_rows;
#[allow(dead_code, reason = "the rows are played here, not judged")]
#[path = "../bad_input/request_rows.rs"]
mod request_rows;
mod server;
mod session;
#[allow(dead_code, reason = "it counts more than is asked here")]
#[path = "../faults/usage.rs"]
mod usage;
mod verdict;
#[allow(dead_code, reason = "the rows are played here, not judged")]
#[path = "../bad_input/ws.rs"]
mod ws;

use ledger::Ledger;
use member::{World, sit};
use server::{Counts, Process};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use usage::Usage;
use verdict::{Sample, Verdict};

/// From one line to the next.
const INTERVAL: Duration = Duration::from_secs(10);
/// How long everything may take to be given back: a poll, a heartbeat and a connection with nothing to say have
/// run out of time by then.
const AFTERMATH: Duration = Duration::from_secs(90);
/// How many play the rows of bad input: five rows a second, more than one in twenty of all that anybody sends.
const HOSTILE: u64 = 4;

fn main() -> std::io::Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [server::ROLE] => async_std::task::block_on(server::serve()),
        [minutes, clients] => {
            let (minutes, clients) = (minutes.parse(), clients.parse());
            let minutes: f64 = minutes.map_err(std::io::Error::other)?;
            soak(Duration::from_secs_f64(minutes * 60.0), clients.map_err(std::io::Error::other)?)
        }
        _ => Err(std::io::Error::other("use: soak MINUTES CLIENTS")),
    }
}

fn soak(duration: Duration, clients: u64) -> std::io::Result<()> {
    let mut server = Process::start()?;
    warm_up(&mut server);
    let base = Usage::of(server.id());
    println!("server process {}: {base:?}", server.id());
    let world = Arc::new(World {
        address: server.address,
        quiet: false.into(),
        end: false.into(),
        logs: Vec::new().into(),
        tally: Default::default(),
    });
    let (played, unanswered) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    let hostile: Vec<_> = (1..=HOSTILE)
        .map(|seed| {
            let (world, played, unanswered) = (world.clone(), played.clone(), unanswered.clone());
            std::thread::spawn(move || hostile::bother(seed << 32, &world, &played, &unanswered))
        })
        .collect();
    let seats: Vec<_> =
        (0..clients).map(|seat| async_std::task::spawn(sit(seat, world.clone()))).collect();

    let (begun, mut ledger, mut samples) = (Instant::now(), Ledger::default(), Vec::new());
    while begun.elapsed() < duration {
        std::thread::sleep(INTERVAL.min(duration.saturating_sub(begun.elapsed())));
        ledger.settle(&world, &server, false);
        let usage = Usage::of(server.id());
        let counts = server.counts();
        samples.push(Sample {
            at: begun.elapsed(),
            memory: usage.memory,
            heap: counts.heap as u64,
        });
        report(begun.elapsed(), usage, counts, &ledger, &world, &played);
    }

    // Everybody falls silent, and then has to have everything.
    world.quiet.store(true, Ordering::SeqCst);
    for thread in hostile {
        thread.join().expect("a row never panics");
    }
    std::thread::sleep(INTERVAL);
    ledger.settle(&world, &server, false);
    ledger.settle(&world, &server, true);
    world.end.store(true, Ordering::SeqCst);
    async_std::task::block_on(async {
        for seat in seats {
            seat.await;
        }
    });
    let (counts, after) = aftermath(&mut server, base);
    report(begun.elapsed(), after, counts, &ledger, &world, &played);
    let tally = &world.tally;
    Verdict {
        samples,
        base,
        after,
        counts,
        totals: ledger.totals,
        unanswered: unanswered.load(Ordering::SeqCst),
        broken: tally.broken.load(Ordering::SeqCst),
        recovered: tally.recovered.load(Ordering::SeqCst),
        not_recovered: tally.not_recovered.load(Ordering::SeqCst),
    }
    .speak()
}

/// What is made once and kept, is made before anything is counted.
fn warm_up(server: &mut Process) {
    let (ws, _) = ws::Ws::connect(server.address).expect("let in");
    let (polling, _) = client::Polling::connect(server.address).expect("let in");
    polling.post(b"1").expect("answered");
    drop(ws);
    aftermath(server, Usage { descriptors: 0, ..Usage::of(server.id()) });
    // A connection that its client has left may be there a moment longer.
    std::thread::sleep(Duration::from_secs(1));
}

/// Waits until nobody is left and the descriptors are given back, or for long enough.
fn aftermath(server: &mut Process, base: Usage) -> (Counts, Usage) {
    let begun = Instant::now();
    loop {
        let (counts, usage) = (server.counts(), Usage::of(server.id()));
        let is_back = usage.descriptors <= base.descriptors || base.descriptors == 0;
        if (counts.is_nobody() && is_back) || begun.elapsed() > AFTERMATH {
            return (counts, usage);
        }
        std::thread::sleep(Duration::from_millis(200));
    }
}

fn report(
    at: Duration,
    usage: Usage,
    counts: Counts,
    ledger: &Ledger,
    world: &World,
    played: &AtomicU64,
) {
    let (totals, tally) = (ledger.totals, &world.tally);
    let read = |counter: &AtomicU64| counter.load(Ordering::SeqCst);
    println!(
        "{:5.0} s: RSS {:6.2} MiB, heap {:6.2} MiB, {} fds, {} sessions, {} sockets, {} rooms | sent {}, received {}, lost {}, \
         duplicated {}, reordered {}, wrong {} | came {}, upgraded {}, recovered {} of {}, bad rows {}, broken {}",
        at.as_secs_f64(),
        verdict::mib(usage.memory),
        verdict::mib(counts.heap as u64),
        usage.descriptors,
        counts.sessions,
        counts.sockets,
        counts.rooms,
        totals.sent,
        totals.received,
        totals.lost,
        totals.twice,
        totals.reordered,
        totals.wrong,
        read(&tally.came),
        read(&tally.upgraded),
        read(&tally.recovered),
        read(&tally.recovered) + read(&tally.not_recovered),
        read(played),
        read(&tally.broken),
    );
}
