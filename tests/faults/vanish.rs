//! Clients that are gone without a word: no FIN, no reset, their system still takes what is sent.

use crate::alone;
use crate::crowd::Client;
use crate::outcome::{Failure, same};
use crate::process::{Counts, Process, Setup};
use crate::scale::{measured, scaled};
use async_std::task;
use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

const CLIENTS: &str = "FAULTS_CLIENTS";
/// How far from its time a disconnect may be.
const TOLERANCE: Duration = Duration::from_millis(500);

/// Clients in a process of their own, which can be stopped as a computer that falls asleep is.
struct Clients {
    child: Child,
    /// Which of them has sent a pong, and when it was heard of.
    pongs: Receiver<(Instant, usize)>,
}

impl Drop for Clients {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Clients {
    fn start(address: SocketAddr, count: usize) -> Self {
        let mut child = Command::new(std::env::current_exe().expect("this program"))
            .args(["vanish::answer_pings_until_stopped", "--exact", "--ignored", "--nocapture"])
            .env(CLIENTS, format!("{address} {count}"))
            .stdout(Stdio::piped())
            .spawn()
            .expect("the clients start");
        let lines = BufReader::new(child.stdout.take().expect("its output is piped")).lines();
        let (tell, pongs) = mpsc::channel();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                if let Some(client) = line.strip_prefix("pong ").and_then(|n| n.parse().ok()) {
                    let _ = tell.send((Instant::now(), client));
                }
            }
        });
        Self { child, pongs }
    }

    fn stop(&self) {
        let pid = self.child.id().to_string();
        let status = Command::new("kill").args(["-STOP", &pid]).status().expect("kill");
        assert!(status.success());
    }
}

#[test]
#[ignore = "run by others, in a process of its own"]
fn answer_pings_until_stopped() {
    let told = std::env::var(CLIENTS).expect("an address and a number");
    let (address, count) = told.split_once(' ').expect("an address and a number");
    let address: SocketAddr = address.parse().expect("an address");
    println!();
    let answer = |number: usize| async move {
        let mut client = Client::connect(address).await.expect("let in");
        client.send(&format!("42[\"join\",\"room {number}\"]")).await.expect("a room");
        while let Ok(pinged) = client.next(|_, _| ()).await {
            if pinged {
                println!("pong {number}");
            }
        }
    };
    let clients = (0..count.parse().expect("a number")).map(|number| task::spawn(answer(number)));
    let clients: Vec<_> = clients.collect();
    task::block_on(async {
        for client in clients {
            client.await;
        }
    });
}

#[test]
fn f3_clients_vanish_without_a_word() -> Result<(), Failure> {
    let _alone = alone();
    measured(play)
}

fn play() -> Result<(), Failure> {
    let count = scaled(50, 1_000);
    let ping = scaled((300, 400), (25_000, 20_000));
    let mut process = Process::start(&Setup { ping, ..Setup::default() });
    // The first time, the server gets its memory from the system; the second, it has to make do with it.
    vanish(&mut process, count, ping)?;
    let before = process.settled();
    vanish(&mut process, count, ping)?;
    let after = process.settled();
    println!("{before:?} before, {after:?} after");
    same("descriptors", after.descriptors, before.descriptors)?;
    if after.memory > before.memory + before.memory / 100 {
        return Err(Failure::Measured(format!("memory is not given back: {before:?}, {after:?}")));
    }
    // With nobody there, no timer wakes the server. It is looked at from outside.
    let idle = process.usage().naps;
    std::thread::sleep(Duration::from_millis(ping.0 + ping.1));
    let naps = process.usage().naps - idle;
    same(&format!("woken up, {naps} times"), naps > 2, false)
}

/// So many clients come, are in a room each, answer a ping or two, and are no more.
fn vanish(process: &mut Process, count: usize, ping: (u64, u64)) -> Result<(), Failure> {
    let clients = Clients::start(process.address, count);
    let mut pongs = HashMap::new();
    let due = Duration::from_millis(ping.0 + ping.1);
    while pongs.len() < count {
        let (at, client) = clients.pongs.recv_timeout(2 * due).map_err(|_| "pongs are missing")?;
        pongs.insert(client, at);
    }
    same("before", process.counts(), Counts { sessions: count, sockets: count, rooms: count })?;
    clients.stop();
    pongs.extend(clients.pongs.try_iter().map(|(at, client)| (client, at)));
    let mut last: Vec<_> = pongs.into_values().collect();
    // Whose last pong was first goes first.
    last.sort();
    let mut worst = Duration::ZERO;
    for last in last {
        let gone = process.gone.recv_timeout(due + Duration::from_secs(10));
        let (at, gone) = gone.map_err(|_| "a client that vanished is still there")?;
        same("the reason", gone.reason, "ping timeout".to_owned())?;
        worst = worst.max((at - last).abs_diff(due));
    }
    println!("{count} clients vanished; at most {worst:?} from {due:?} after their last pong");
    if worst > TOLERANCE {
        return Err(Failure::Measured(format!("{worst:?} too early or too late")));
    }
    process.has(Counts::NONE, Duration::from_secs(1))
}
