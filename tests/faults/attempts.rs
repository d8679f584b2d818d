//! A crowd that wants in, half of it with garbage, while others are being served.

use crate::alone;
use crate::client::Client;
use crate::dice::Dice;
use crate::outcome::{Failure, same};
use crate::pending::connect_from;
use crate::process::{Process, Setup};
use crate::scale::{is_full, measured, scaled};
use crate::ws::{Got, KEY, OPEN, VERSION, Ws, handshake};
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

const HEALTHY: usize = 10;
const ATTACKERS: u64 = 4;
/// What a connection may cost.
const EACH: u64 = 64 * 1024;

/// What a client that means no harm says first.
fn sense(dice: &mut Dice) -> Vec<u8> {
    let polling = "/socket.io/?EIO=4&transport=polling";
    match dice.roll(4) {
        0 => format!("GET {polling} HTTP/1.1\r\nHost: a\r\n\r\n").into(),
        1 => handshake(OPEN, &format!("{VERSION}{KEY}")).into(),
        2 => b"GET / HTTP/1.1\r\nHost: a\r\n\r\n".into(),
        // It has connected ahead of need, as browsers do.
        _ => Vec::new(),
    }
}

fn garbage(dice: &mut Dice) -> Vec<u8> {
    match dice.roll(5) {
        0 => (0..dice.roll(2000)).map(|_| dice.roll(256) as u8).collect(),
        1 => b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".into(),
        2 => b"GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHos".into(),
        3 => [b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n", &[b'x'; 500][..]]
            .concat(),
        _ => [handshake(OPEN, &format!("{VERSION}{KEY}")).as_bytes(), &[0xff; 100]].concat(),
    }
}

/// Opens so many connections one after the other, and keeps the last of them open until the end.
fn attack(
    address: SocketAddr,
    seed: u64,
    attempts: usize,
    alive: usize,
) -> Result<VecDeque<Client>, Failure> {
    let mut dice = Dice(seed * 0x9e37_79b9);
    let mut open = VecDeque::new();
    for number in 0..attempts {
        // Each attacker has addresses of its own.
        let from = seed as usize * 12_000 + number % (alive + 1);
        let mut client = connect_from(from, address)?;
        let words = if dice.roll(2) == 0 { sense(&mut dice) } else { garbage(&mut dice) };
        client.send(words);
        open.push_back(client);
        if open.len() > alive {
            open.pop_front();
        }
    }
    Ok(open)
}

/// Asks again and again, and says how long each answer took.
fn be_healthy(mut ws: Ws, stop: &AtomicBool) -> Result<Vec<Duration>, Failure> {
    let mut waits = Vec::new();
    while !stop.load(Ordering::SeqCst) {
        let asked = Instant::now();
        ws.text("421[\"echo\",7]");
        loop {
            match ws.next()? {
                Got::Text(text) if text == "2" => ws.text("3"),
                answer => break same("an answer", answer, Got::Text("431[7]".to_owned()))?,
            }
        }
        waits.push(asked.elapsed());
        std::thread::sleep(Duration::from_millis(10));
    }
    Ok(waits)
}

#[test]
fn f13_a_hundred_thousand_attempts_half_of_them_garbage() -> Result<(), Failure> {
    let _alone = alone();
    measured(play)
}

fn play() -> Result<(), Failure> {
    let (attempts, alive) = scaled((2_000, 200), (100_000, 9_000));
    let mut setup = Setup { max_connections: 20_000, ..Setup::default() };
    if !is_full() {
        setup = Setup { keep_alive: 600, head_timeout: 500, connect_timeout: 500, ..setup };
    }
    let given_back = Duration::from_millis(setup.keep_alive + 5_000);
    let process = Process::start(&setup);
    let address = process.address;
    let stop = AtomicBool::new(false);
    let healthy = [(); HEALTHY].map(|()| Ws::connect(address).map(|(ws, _)| ws));
    let healthy = healthy.into_iter().collect::<Result<Vec<_>, _>>()?;
    let base = process.settled();
    let (waits, attackers, grown) = std::thread::scope(|scope| {
        let healthy = healthy.into_iter().map(|ws| scope.spawn(|| be_healthy(ws, &stop)));
        let healthy: Vec<_> = healthy.collect();
        let attackers = [1, 2, 3, 4].map(|seed| {
            let share = (attempts / ATTACKERS as usize, alive / ATTACKERS as usize);
            scope.spawn(move || attack(address, seed, share.0, share.1))
        });
        let attackers = attackers.map(|attacker| attacker.join().expect("no panic"));
        let grown = process.usage();
        stop.store(true, Ordering::SeqCst);
        let waits = healthy.into_iter().map(|one| one.join().expect("no panic"));
        (waits.collect::<Result<Vec<_>, _>>(), attackers, grown)
    });
    let attackers = attackers.into_iter().collect::<Result<Vec<_>, _>>()?;
    // Whoever was disconnected has failed here.
    let mut waits = waits?.concat();
    waits.sort();
    let p99 = waits[waits.len() * 99 / 100];
    let memory = grown.peak.saturating_sub(base.memory);
    let (open, each) = (grown.descriptors - base.descriptors, memory / alive as u64);
    println!(
        "{attempts} attempts, {open} open at the end, {each} bytes each of {alive}, p99 {p99:?}"
    );
    same(&format!("{each} bytes for a connection"), each <= EACH, true)?;
    // The attackers stay; that is not the server's affair.
    let begun = Instant::now();
    // The healthy ones have gone too.
    while process.usage().descriptors > base.descriptors - HEALTHY {
        if begun.elapsed() > given_back {
            let left = process.usage().descriptors + HEALTHY - base.descriptors;
            return Err(Failure::Wrong(format!("{left} descriptors left after {given_back:?}")));
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    println!("descriptors given back after {:?}", begun.elapsed());
    drop(attackers);
    // In short, the attackers and a server built for debugging share the machine with other tests.
    match p99 {
        long if long > Duration::from_millis(scaled(500, 200)) => {
            Err(Failure::Measured(format!("p99 {p99:?}")))
        }
        _ => Ok(()),
    }
}
