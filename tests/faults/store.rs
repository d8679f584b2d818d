//! What is kept for those who are away, under a flood.

use crate::alone;
use crate::outcome::{Failure, same};
use crate::process::{Counts, Process, Setup};
use crate::scale::{MIB, scaled};
use crate::ws::{Got, OPEN, Ws};
use std::time::Duration;

/// A client of a server with recovery, as far as it has to remember.
struct Guest {
    ws: Ws,
    pid: String,
    offset: Option<String>,
    recovered: bool,
    /// What it has been sent before the answer to its CONNECT.
    early: Vec<String>,
}

impl Guest {
    /// Comes, or comes back with what it remembers.
    fn enter(process: &Process, before: Option<(String, String)>) -> Result<Self, Failure> {
        let mut ws = Ws::open(process.address, OPEN)?;
        ws.text(&match &before {
            Some((pid, offset)) => format!(r#"40{{"pid":"{pid}","offset":"{offset}"}}"#),
            None => "40".to_owned(),
        });
        let mut early = Vec::new();
        loop {
            match ws.next()? {
                Got::Text(answer) if answer.starts_with("40") => {
                    let pid = answer.split('"').skip_while(|word| *word != "pid").nth(2);
                    let pid = pid.ok_or("no pid")?.to_owned();
                    let recovered = before.is_some_and(|(before, _)| before == pid);
                    return Ok(Self { ws, pid, offset: None, recovered, early });
                }
                Got::Text(other) => early.push(other),
                other => return Err(Failure::Wrong(format!("not let in: {other:?}"))),
            }
        }
    }

    /// Reads so many messages of the flood.
    fn hears(&mut self, count: usize) -> Result<(), Failure> {
        let early = self.early.drain(..).filter(|packet| packet.starts_with("42"));
        for _ in early.count()..count {
            match self.ws.next()? {
                Got::Text(event) if event.starts_with("42[\"flood\",") => {
                    self.offset = event.rsplit('"').nth(1).map(str::to_owned);
                }
                other => return Err(Failure::Wrong(format!("{other:?} instead of a message"))),
            }
        }
        Ok(())
    }

    /// Goes, and keeps what it needs to come back.
    fn leave(self, process: &Process) -> Result<(String, String), Failure> {
        let told = (self.pid, self.offset.ok_or("it has heard nothing")?);
        drop(self.ws);
        let gone = process.gone.recv_timeout(Duration::from_secs(5));
        gone.map_err(|_| "a client that left is still there")?;
        Ok(told)
    }
}

/// Has so much said, while one client is there to hear it and others come and go.
fn flood(limits: (usize, usize), times: usize, bytes: usize) -> Result<(), Failure> {
    let _alone = alone();
    let mut process = Process::start(&Setup { recovery: Some(limits), ..Setup::default() });
    let mut witness = Guest::enter(&process, None)?;
    let mut early = Guest::enter(&process, None)?;
    process.flood(1, bytes);
    witness.hears(1)?;
    early.hears(1)?;
    let early = early.leave(&process)?;
    process.forget_peak();
    let before = process.usage().memory;
    // So much at once that the witness can keep up.
    let at_once = (MIB as usize / 2 / bytes).clamp(1, 500);
    for _ in 0..times / at_once {
        process.flood(at_once, bytes);
        witness.hears(at_once)?;
    }
    let growth = process.usage().peak - before;
    println!("{times} messages of {bytes} bytes: {growth} bytes more, {limits:?} allowed");
    // A message in a queue costs a little besides its text.
    let allowed = limits.1.min(limits.0 * bytes) as u64 + limits.0.min(times) as u64 * 600;
    assert!(growth <= allowed + 4 * MIB, "grew by {growth} instead of {allowed}");
    same("of long ago", Guest::enter(&process, Some(early))?.recovered, false)?;
    process.gone.recv_timeout(Duration::from_secs(5)).map_err(|_| "it did not go")?;

    let mut late = Guest::enter(&process, None)?;
    process.flood(1, bytes);
    late.hears(1)?;
    let late = late.leave(&process)?;
    process.flood(3, bytes);
    let mut late = Guest::enter(&process, Some(late))?;
    same("of just now", late.recovered, true)?;
    late.hears(3)?;
    witness.hears(4)?;
    drop((late, witness));
    process.has(Counts::NONE, Duration::from_secs(5))
}

#[test]
fn f20_a_flood_of_large_messages_fills_so_many_bytes() -> Result<(), Failure> {
    let (max_bytes, times) = scaled((4 * MIB, 400), (64 * MIB, 10_000));
    flood((10_000, max_bytes as usize), times, 100_000)
}

#[test]
fn f20_a_flood_of_small_messages_fills_so_many_places() -> Result<(), Failure> {
    let (max_packets, times) = scaled((1_000, 5_000), (10_000, 1_000_000));
    flood((max_packets, 64 * MIB as usize), times, 100)
}
