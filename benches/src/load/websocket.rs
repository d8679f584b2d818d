//! Clients over WebSocket.

use crate::Target;
use crate::meter::Meter;
use crate::prepared::{self, Prepared};
use crate::socket::{SCRATCH, Socket};
use anyhow::{Context, Result, bail};
use benches::frame;
use benches::outcome::Outcome;
use benches::process;
use benches::scenario::{Kind, Scenario};
use mio::event::Event;
use mio::{Events, Poll};
use std::time::{Duration, Instant};

/// How many handshakes are under way at once.
const HANDSHAKES: usize = 200;
/// How many messages are on their way to each receiver when a scenario saturates the server.
const WINDOW: usize = 32;
/// Between two messages of a paced scenario.
const PACE: Duration = Duration::from_millis(50);
/// How long a server may tidy up before its memory is looked at.
const SETTLE: Duration = Duration::from_secs(1);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Upgrading,
    Opening,
    Entering,
    Joining,
    Ready,
}

struct Client {
    socket: Socket,
    stage: Stage,
}

/// What all clients share.
struct Play {
    kind: Kind,
    clients: usize,
    ready: usize,
    meter: Meter,
    /// What is sent: one message, or one for each room.
    messages: Vec<Prepared>,
    /// What a delivery begins with.
    delivery: &'static [u8],
    /// Deliveries that are still to come.
    on_the_way: usize,
}

/// Plays a scenario.
pub fn run(scenario: &Scenario, target: Target, measured: Duration) -> Result<Outcome> {
    let before = process::memory(target.pid)?;
    let mut load = Load::new(scenario, target)?;
    load.connect(scenario.clients, target.port)?;
    if scenario.kind == Kind::Idle {
        let mut outcome = load.play.meter.finish()?;
        load.drive(SETTLE)?;
        let after = process::memory(target.pid)?;
        outcome.memory = Some(after.saturating_sub(before) as f64 / scenario.clients as f64);
        return Ok(outcome);
    }
    if let Kind::Rooms { rooms } = scenario.kind {
        load.join(rooms)?;
    }
    // What is slow only at first (buffers that grow, code not yet compiled) is not measured.
    load.drive(measured / 4)?;
    load.play.meter = Meter::start(target.pid)?;
    load.drive(measured)?;
    let outcome = load.play.meter.finish()?;
    if matches!(scenario.kind, Kind::Fan { .. } | Kind::Rooms { .. }) {
        load.drain()?;
    }
    Ok(outcome)
}

struct Load {
    poll: Poll,
    events: Events,
    scratch: Vec<u8>,
    clients: Vec<Client>,
    play: Play,
    /// Who is the next to send.
    turn: usize,
    next_paced: Instant,
}

impl Load {
    fn new(scenario: &Scenario, target: Target) -> Result<Self> {
        let kind = scenario.kind;
        let (emits, delivery): (Vec<String>, &[u8]) = match kind {
            Kind::Rooms { rooms } => (
                (0..rooms).map(|room| format!("42[\"room\",\"{room}\",")).collect(),
                b"42[\"room\",",
            ),
            Kind::Paced => (vec!["42[\"all\",".to_owned()], b"42[\"all\","),
            Kind::Echo => (vec!["421[\"echo\",".to_owned()], b"431["),
            _ => (vec!["42[\"chat\",".to_owned()], b"42[\"chat\","),
        };
        let messages = emits.iter().map(|emit| Prepared::new(emit, frame::push_client)).collect();
        Ok(Self {
            poll: Poll::new()?,
            events: Events::with_capacity(4096),
            scratch: vec![0; SCRATCH],
            clients: Vec::with_capacity(scenario.clients),
            play: Play {
                kind,
                clients: scenario.clients,
                ready: 0,
                meter: Meter::start(target.pid)?,
                messages,
                delivery,
                on_the_way: 0,
            },
            turn: 0,
            next_paced: Instant::now(),
        })
    }

    /// Opens all clients, and waits until they are in the namespace.
    fn connect(&mut self, count: usize, port: u16) -> Result<()> {
        let upgrade = format!(
            "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost:{port}\r\n\
             Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
             Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        );
        while self.play.ready < count {
            while self.clients.len() < count.min(self.play.ready + HANDSHAKES) {
                let mut socket = Socket::connect(port, self.clients.len(), self.poll.registry())?;
                socket.out.extend(upgrade.as_bytes());
                self.clients.push(Client { socket, stage: Stage::Upgrading });
            }
            self.turn(Duration::from_millis(10))?;
            self.play.meter.watch()?;
        }
        Ok(())
    }

    /// Puts each client into its room. Only now: socketioxide says that a client is in before it listens, and
    /// an event that comes at once is lost.
    fn join(&mut self, rooms: usize) -> Result<()> {
        self.play.ready = 0;
        for (index, client) in self.clients.iter_mut().enumerate() {
            let join = format!("420[\"join\",\"{}\"]", index % rooms);
            frame::push_client(join.as_bytes(), &mut client.socket.out);
            client.socket.flush()?;
            client.stage = Stage::Joining;
        }
        while self.play.ready < self.clients.len() {
            self.turn(Duration::from_millis(10))?;
            self.play.meter.watch()?;
        }
        Ok(())
    }

    /// Lets the clients do what the scenario says, for a while.
    fn drive(&mut self, length: Duration) -> Result<()> {
        let start = Instant::now();
        self.next_paced = self.next_paced.max(start);
        while start.elapsed() < length {
            match self.play.kind {
                Kind::Fan { senders } => self.saturate(senders, self.play.clients - 1)?,
                Kind::Rooms { rooms } => self.saturate(rooms, self.play.clients / rooms - 1)?,
                Kind::Paced => self.pace()?,
                // Each answer asks for the next.
                Kind::Echo if self.play.on_the_way == 0 => {
                    (0..self.clients.len()).try_for_each(|index| self.send(index, 1))?;
                }
                Kind::Echo | Kind::Polling | Kind::Idle => {}
            }
            self.turn(Duration::from_millis(10))?;
            if self.play.kind != Kind::Idle {
                self.play.meter.watch()?;
            }
        }
        Ok(())
    }

    /// Fills the window: each of the senders in turn.
    fn saturate(&mut self, senders: usize, receivers: usize) -> Result<()> {
        while self.play.on_the_way < WINDOW * self.play.clients {
            self.send(self.turn % senders, receivers)?;
            self.turn += 1;
        }
        Ok(())
    }

    /// Waits for what is still on its way: a server that is fast because it drops messages fails here.
    fn drain(&mut self) -> Result<()> {
        while self.play.on_the_way > 0 {
            self.turn(Duration::from_millis(10))?;
            let missing = self.play.on_the_way;
            self.play.meter.watch().with_context(|| format!("{missing} deliveries are missing"))?;
        }
        Ok(())
    }

    fn pace(&mut self) -> Result<()> {
        if Instant::now() >= self.next_paced {
            // A server that has fallen behind is not waited for.
            self.next_paced += PACE;
            self.send(0, self.play.clients)?;
        }
        Ok(())
    }

    fn send(&mut self, sender: usize, receivers: usize) -> Result<()> {
        let play = &mut self.play;
        let socket = &mut self.clients[sender].socket;
        play.messages[sender % play.messages.len()].push(prepared::now(), &mut socket.out);
        play.on_the_way += receivers;
        socket.flush()
    }

    /// Waits for the sockets, and reads and writes what can be.
    fn turn(&mut self, limit: Duration) -> Result<()> {
        self.poll.poll(&mut self.events, Some(limit))?;
        for event in &self.events {
            let index = event.token().0;
            self.clients[index].serve(event, &mut self.scratch, &mut self.play)?;
        }
        Ok(())
    }
}

impl Client {
    fn serve(&mut self, event: &Event, scratch: &mut [u8], play: &mut Play) -> Result<()> {
        let Self { socket, stage } = self;
        if event.is_readable() {
            socket.read(event, scratch, |bytes, out| {
                let now = prepared::now();
                let mut used = 0;
                if *stage == Stage::Upgrading {
                    let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n")
                    else {
                        return Ok(0);
                    };
                    if !bytes.starts_with(b"HTTP/1.1 101") {
                        bail!("no upgrade: {}", String::from_utf8_lossy(bytes));
                    }
                    used = end + 4;
                    *stage = Stage::Opening;
                }
                while let Some(frame) = frame::read(&bytes[used..]) {
                    let text = &bytes[used + frame.start..used + frame.end];
                    if frame.opcode != 1 {
                        bail!("a frame {}: {}", frame.opcode, String::from_utf8_lossy(text));
                    }
                    play.text(stage, text, now, out)?;
                    used += frame.end;
                }
                Ok(used)
            })?;
        }
        socket.flush()
    }
}

impl Play {
    fn text(&mut self, stage: &mut Stage, text: &[u8], now: u64, out: &mut Vec<u8>) -> Result<()> {
        if let Some(sent) = prepared::sent(text, self.delivery) {
            self.meter.count_with(now.saturating_sub(sent));
            self.on_the_way = self.on_the_way.checked_sub(1).context("a delivery too many")?;
            if self.kind == Kind::Echo {
                self.messages[0].push(now, out);
                self.on_the_way += 1;
            }
            return Ok(());
        }
        match (*stage, text.first_chunk()) {
            (_, _) if text == b"2" => frame::push_client(b"3", out),
            (Stage::Opening, Some(b"0{")) => {
                frame::push_client(b"40", out);
                *stage = Stage::Entering;
            }
            (Stage::Entering, Some(b"40")) | (Stage::Joining, Some(b"43")) => {
                *stage = Stage::Ready;
                self.ready += 1;
                self.meter.count();
            }
            _ => bail!("{stage:?}, and a packet {}", String::from_utf8_lossy(text)),
        }
        Ok(())
    }
}
