//! One client as the official one is: it comes, joins a room, hears, says something now and then, leaves or is
//! cut off, and comes back.

use crate::delivery::{Line, Post};
use crate::dice::Dice;
use crate::session::{Session, Way};
use async_std::future::timeout;
use async_std::task;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

pub const ROOMS: u64 = 10;
/// How long a client stays, and how long between its posts, on the average.
const STAY: Duration = Duration::from_secs(100);
const SILENCE: Duration = Duration::from_secs(20);
/// How often a client looks whether all is to end.
const GLANCE: Duration = Duration::from_millis(500);

pub type Log = Arc<Mutex<Vec<Line>>>;

/// What all clients share.
pub struct World {
    pub address: SocketAddr,
    /// Nobody speaks, comes or goes any more.
    pub quiet: AtomicBool,
    pub end: AtomicBool,
    /// The log of everybody who is there or may come back, and what to call them.
    pub logs: Mutex<Vec<(String, Log)>>,
    pub tally: Tally,
}

/// What happened, counted.
#[derive(Debug, Default)]
pub struct Tally {
    pub came: AtomicU64,
    pub recovered: AtomicU64,
    /// Came back over a WebSocket, and were not recovered.
    pub not_recovered: AtomicU64,
    pub upgraded: AtomicU64,
    /// Posts whose sender was told that they were taken.
    pub taken: AtomicU64,
    /// Connections that ended or failed with nobody having wanted it.
    pub broken: AtomicU64,
}

fn count(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}

/// How a connection ended.
enum End {
    Left,
    CutOff,
    Broken,
}

pub struct Member {
    name: String,
    room: String,
    log: Log,
    pid: Option<String>,
    offset: Option<String>,
    /// What came before it was in its room.
    early: Option<Vec<String>>,
    posted: u64,
}

impl Member {
    fn new(name: String, room: String, world: &World) -> Self {
        let log = Log::default();
        world.logs.lock().unwrap().push((name.clone(), log.clone()));
        Self { name, room, log, pid: None, offset: None, early: Some(Vec::new()), posted: 0 }
    }

    fn write(&self, line: Line) {
        self.log.lock().unwrap().push(line);
    }

    fn connected(&mut self, recovered: bool, since: Option<u64>) {
        self.write(Line::Connected { rooms: vec![self.room.clone()], recovered, since });
        for packet in self.early.take().unwrap_or_default() {
            self.hear(&packet);
        }
    }

    /// Enters the main namespace and its room.
    async fn enter(&mut self, session: &mut Session, tally: &Tally) -> io::Result<bool> {
        let auth = match (&self.pid, &self.offset) {
            (Some(pid), Some(offset)) => format!(r#"{{"pid":"{pid}","offset":"{offset}"}}"#),
            _ => String::new(),
        };
        session.send(&format!("40{auth}")).await?;
        let mut recovered = false;
        while self.early.is_some() {
            for packet in session.next().await? {
                if let Some(answer) = packet.strip_prefix("40") {
                    let answer: serde_json::Value = serde_json::from_str(answer)?;
                    let pid = answer["pid"].as_str().map(str::to_owned);
                    recovered = self.pid.is_some() && self.pid == pid;
                    self.pid = pid;
                    match recovered {
                        true => self.connected(true, None),
                        false => session.send(&format!(r#"420["join","{}"]"#, self.room)).await?,
                    }
                } else if let Some(answer) = packet.strip_prefix("430") {
                    let (since,) = serde_json::from_str(answer)?;
                    self.connected(false, Some(since));
                } else {
                    self.take(packet, session, tally).await?;
                }
            }
        }
        Ok(recovered)
    }

    async fn take(
        &mut self,
        packet: String,
        session: &mut Session,
        tally: &Tally,
    ) -> io::Result<()> {
        match &mut self.early {
            _ if packet == "2" => session.send("3").await?,
            _ if packet == "6" => {}
            _ if packet.starts_with("43") => count(&tally.taken),
            Some(early) => early.push(packet),
            None => self.hear(&packet),
        }
        Ok(())
    }

    fn hear(&mut self, packet: &str) {
        type Event = (String, u64, String, String, u64, String);
        let event = packet.strip_prefix("42").and_then(|event| serde_json::from_str(event).ok());
        let Some((_, id, room, sender, number, offset)): Option<Event> = event else {
            panic!("{packet:?} is not what the server has to say");
        };
        self.offset = Some(offset);
        self.write(Line::Received(Post { id, room, sender, number }));
    }

    /// One connection, from its beginning to its end.
    async fn connect(&mut self, world: &World, dice: &mut Dice) -> io::Result<End> {
        let way = [Way::WebSocket, Way::WebSocket, Way::Upgrade, Way::Upgrade, Way::Polling]
            [dice.roll(5) as usize];
        let mut session = Session::open(world.address, way).await?;
        // A client that has heard nothing has no offset to ask from.
        let returns = self.pid.is_some() && self.offset.is_some();
        let recovered = timeout(Duration::from_secs(20), self.enter(&mut session, &world.tally));
        let recovered = recovered.await.map_err(io::Error::other)??;
        count(&world.tally.came);
        match (returns, recovered) {
            (false, _) => {}
            (true, true) => count(&world.tally.recovered),
            (true, false) => count(&world.tally.not_recovered),
        }
        let (mut leave, mut speak) = (soon(dice, STAY), soon(dice, SILENCE));
        let mut upgrade = (way == Way::Upgrade).then(|| soon(dice, Duration::from_secs(2)));
        loop {
            let wait = leave.min(speak).min(upgrade.unwrap_or(leave)).min(Instant::now() + GLANCE);
            let wait = wait.saturating_duration_since(Instant::now());
            if let Ok(packets) = timeout(wait, session.next()).await {
                for packet in packets? {
                    self.take(packet, &mut session, &world.tally).await?;
                }
            }
            let (now, quiet) = (Instant::now(), world.quiet.load(Ordering::SeqCst));
            if world.end.load(Ordering::SeqCst) {
                session.send("1").await?;
                return Ok(End::Left);
            }
            if upgrade.is_some_and(|at| now >= at) {
                for packet in session.upgrade().await? {
                    self.take(packet, &mut session, &world.tally).await?;
                }
                count(&world.tally.upgraded);
                upgrade = None;
            }
            if quiet {
                (leave, speak) = (now + STAY, now + SILENCE);
            }
            if now >= speak {
                speak = soon(dice, SILENCE);
                self.posted += 1;
                let (name, room, number) = (&self.name, &self.room, self.posted);
                let post = format!(r#"42{number}["post","{room}","{name}",{number}]"#);
                session.send(&post).await?;
            }
            if now >= leave {
                // A polling client that falls silent is missed by nobody for a while: it says goodbye.
                if matches!(session, Session::Polling(_)) || dice.roll(2) == 0 {
                    session.send("41").await?;
                    session.send("1").await?;
                    return Ok(End::Left);
                }
                return Ok(End::CutOff);
            }
        }
    }
}

/// A moment of which nobody knows when it comes, but how soon on the average.
fn soon(dice: &mut Dice, average: Duration) -> Instant {
    Instant::now() + average * dice.roll(2000) as u32 / 1000
}

/// One client after the other, in the same seat.
pub async fn sit(seat: u64, world: Arc<World>) {
    let mut dice = Dice((seat + 1) * 0x9e37_79b9_7f4a_7c15);
    // Not everybody at once.
    task::sleep(Duration::from_millis(dice.roll(10_000))).await;
    for life in 0.. {
        let room = format!("room{}", seat % ROOMS);
        let mut member = Member::new(format!("{seat}.{life}"), room, &world);
        loop {
            let end = member.connect(&world, &mut dice).await.unwrap_or_else(|error| {
                eprintln!("client {}: {error}", member.name);
                count(&world.tally.broken);
                End::Broken
            });
            member.write(Line::Cut);
            if world.end.load(Ordering::SeqCst) {
                return;
            }
            let was_in = member.early.replace(Vec::new()).is_none();
            if !was_in || !matches!(end, End::CutOff) {
                break;
            }
            task::sleep(Duration::from_millis(100 + dice.roll(3000))).await;
        }
        // Nobody hears of it any more.
        drop(member);
        task::sleep(Duration::from_millis(dice.roll(1000))).await;
    }
}
