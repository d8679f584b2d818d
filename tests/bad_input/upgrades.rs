//! Upgrades that go wrong half-way, and those nobody asked for.

use crate::client::Polling;
use crate::outcome::{Failure, Outcome, Seen, all_are_met, same};
use crate::server::Server;
use crate::vitals::{Vitals, alone};
use crate::ws::{Got, Ws};
use std::sync::OnceLock;
use std::time::{Duration, Instant};
use tide_socketio::Options;

const UPGRADE_TIMEOUT: Duration = Duration::from_millis(500);
const TOLERANCE: Duration = Duration::from_millis(250);

fn upgrade(polling: &Polling) -> Result<Ws, Failure> {
    Ws::open(polling.address, &polling.ws_target())
}

fn probe(ws: &mut Ws) -> Result<(), Failure> {
    ws.text("2probe");
    same("the answer to the probe", ws.next()?, Got::Text("3probe".to_owned()))
}

fn text(text: &str) -> Got {
    Got::Text(text.to_owned())
}

fn leave(server: &Server, polling: &Polling, id: &str) -> Result<(), Failure> {
    polling.post(b"1")?;
    server.reason(id).map(drop)
}

/// A WebSocket that begins with anything but `2probe`.
fn no_probe(server: &Server, first: &str) -> Seen {
    let (polling, id) = Polling::connect(server.address)?;
    let mut poll = polling.begin_poll()?;
    let mut ws = upgrade(&polling)?;
    ws.text(first);
    let reason = ws.is_closed(1002)?;
    polling.post(br#"427["alive"]"#)?;
    same("the waiting poll", poll.answer()?.body, r#"437["yes"]"#.to_owned())?;
    leave(server, &polling, &id)?;
    Ok(format!("close 1002 \"{reason}\", polling goes on"))
}

fn probe_then_gone(server: &Server) -> Seen {
    let (polling, id) = Polling::connect(server.address)?;
    let mut ws = upgrade(&polling)?;
    probe(&mut ws)?;
    let gone = Instant::now();
    drop(ws);
    polling.is_alive()?;
    // As soon as the server knows, another may try.
    loop {
        let mut again = upgrade(&polling)?;
        again.text("2probe");
        match again.next()? {
            Got::Text(answer) if answer == "3probe" => break,
            _ if gone.elapsed() < Duration::from_secs(1) => continue,
            other => return Err(Failure::Wrong(format!("another upgrade gets {other:?}"))),
        }
    }
    leave(server, &polling, &id)?;
    Ok("polling goes on, and another may try".to_owned())
}

fn two_at_once(server: &Server) -> Seen {
    let (polling, id) = Polling::connect(server.address)?;
    let mut first = upgrade(&polling)?;
    probe(&mut first)?;
    let mut second = upgrade(&polling)?;
    second.text("2probe");
    let reason = second.is_closed(1002)?;
    first.text("5");
    first.is_alive()?;
    drop(first);
    server.reason(&id)?;
    Ok(format!("the second: close 1002 \"{reason}\"; the first takes over"))
}

/// Messages both ways all the while: none is lost.
fn silence_after_the_probe(server: &Server) -> Seen {
    let (polling, id) = Polling::connect(server.address)?;
    let begun = Instant::now();
    let mut ws = upgrade(&polling)?;
    probe(&mut ws)?;
    let closing = std::thread::spawn(move || (ws.is_closed(1002), begun.elapsed()));
    let mut number = 0;
    while begun.elapsed() < UPGRADE_TIMEOUT + TOLERANCE {
        number += 1;
        let event = format!("42[\"echo\",{number}]");
        same("a POST meanwhile", polling.post(event.as_bytes())?.status, 200)?;
        let mut body = polling.poll()?.body;
        while body == "6" {
            body = polling.poll()?.body;
        }
        same("the echo", body, event)?;
    }
    let (reason, closed) = closing.join().map_err(|_| "a thread panicked")?;
    let reason = reason?;
    polling.is_alive()?;
    leave(server, &polling, &id)?;
    match closed.abs_diff(UPGRADE_TIMEOUT) > TOLERANCE {
        true => Err(Failure::Measured(format!("closed after {closed:?}"))),
        false => Ok(format!("close 1002 \"{reason}\" on time, every message answered")),
    }
}

fn events_on_both_sides(server: &Server) -> Seen {
    let (polling, id) = Polling::connect(server.address)?;
    let mut ws = upgrade(&polling)?;
    probe(&mut ws)?;
    same("the POST", polling.post(br#"42["echo",1]"#)?.status, 200)?;
    ws.text("5");
    ws.text(r#"42["echo",2]"#);
    same("the first", ws.next()?, text(r#"42["echo",1]"#))?;
    same("the second", ws.next()?, text(r#"42["echo",2]"#))?;
    let told = polling.poll()?.told();
    same("a poll after the upgrade", told.starts_with(r#"400 {"code":3"#), true)?;
    ws.is_alive()?;
    drop(ws);
    server.reason(&id)?;
    Ok(format!("both in their order; a later poll {told}"))
}

pub fn outcomes() -> &'static [Outcome] {
    static OUTCOMES: OnceLock<Vec<Outcome>> = OnceLock::new();
    OUTCOMES.get_or_init(|| {
        let _alone = alone();
        let server = Server::start(Options::default());
        let vitals = Vitals::of(server.address);
        let mut outcomes = Vec::new();
        for (id, first) in [("E40", "4hello"), ("E41", "5"), ("E44", "zzz")] {
            let required = "the WebSocket closed, polling unhurt";
            outcomes.push(vitals.watch(id, required, || no_probe(&server, first)));
        }
        type Story = fn(&Server) -> Seen;
        let stories: [(&str, &str, Story); 3] = [
            ("E42", "polling goes on, the rest freed within 1 s", probe_then_gone),
            ("E45", "the second closed, the first may go on", two_at_once),
            ("E48", "order kept; a later poll 400, code 3", events_on_both_sides),
        ];
        for (id, required, story) in stories {
            outcomes.push(vitals.watch(id, required, || story(&server)));
        }
        drop(vitals);
        let server =
            Server::start(Options { upgrade_timeout: UPGRADE_TIMEOUT, ..Options::default() });
        let vitals = Vitals::of(server.address);
        let required = "closed at the upgrade timeout, nothing lost";
        outcomes.push(vitals.watch("E47", required, || silence_after_the_probe(&server)));
        outcomes
    })
}

#[test]
fn every_upgrade_of_the_list() {
    all_are_met(outcomes());
}
