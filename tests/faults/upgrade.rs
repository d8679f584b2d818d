//! An upgrade that is cut at any byte, with messages flowing all the while.

use crate::alone;
use crate::client::{Polling, begin};
use crate::outcome::{Failure, same};
use crate::proxy::{Cut, How, Proxy, Side};
use crate::stage::{Member, Stage};
use crate::ws::{Got, OPEN, Ws, frame};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// What came of an upgrade.
#[derive(Debug, PartialEq, Eq)]
enum Came {
    /// Polling went on.
    Polling,
    /// The session was on the WebSocket, and was recovered after it.
    Recovered,
}

/// Plays one client whose WebSocket is cut there, as the official client behaves.
fn play(stage: &Stage, cut: Cut) -> Result<(Member, Came), Failure> {
    let proxy = Proxy::start(stage.address);
    let polling = Polling::open(stage.address)?;
    let mut member = Member::default();
    same("CONNECT", polling.post(b"40")?.status, 200)?;
    while member.last == 0 {
        same("a poll", member.poll(&polling)?, true)?;
    }
    proxy.cut(cut);
    let through = Polling { address: proxy.address, sid: polling.sid.clone() };
    let pause = AtomicBool::new(false);
    let ws = std::thread::scope(|scope| {
        // Polling goes on until the answer to the probe is there, and then to the end of the poll under way.
        let poller = scope.spawn(|| {
            while !pause.load(Ordering::SeqCst) {
                same("a poll meanwhile", member.poll(&polling)?, true)?;
            }
            Ok::<_, Failure>(())
        });
        let mut ws = Ws::open(through.address, &through.ws_target());
        if let Ok(ws) = &mut ws {
            ws.text("2probe");
            let _ = ws.next();
        }
        pause.store(true, Ordering::SeqCst);
        poller.join().map_err(|_| "the poller panicked")??;
        Ok::<_, Failure>(ws)
    })?;
    let cut_at = Instant::now();
    if let Ok(mut ws) = ws {
        ws.text("5");
        while let Ok(Got::Text(packet)) = ws.next() {
            member.take(&packet);
        }
    }
    // A server that has not got to the upgrade packet yet answers a poll or two before it ends the session.
    let until = stage.latest() + 30;
    while member.last < until {
        if !member.poll(&polling)? {
            come_back(stage, &mut member)?;
            return Ok((member, Came::Recovered));
        }
    }
    assert!(cut_at.elapsed() < Duration::from_secs(1), "no polls for {:?}", cut_at.elapsed());
    member.is_complete(until);
    Ok((member, Came::Polling))
}

fn come_back(stage: &Stage, member: &mut Member) -> Result<(), Failure> {
    member.cut();
    // A client waits before it comes back.
    std::thread::sleep(Duration::from_millis(50));
    let mut ws = Ws::open(stage.address, OPEN)?;
    ws.text(&member.connect_packet());
    let recovered = member.read(&mut ws, stage.latest() + 10)?;
    same("recovered", recovered, Some(true))?;
    member.is_complete(member.last);
    Ok(())
}

#[test]
fn f11_an_upgrade_cut_at_any_byte_loses_nothing() {
    let _alone = alone();
    let stage = Stage::start();
    let probe = frame(0x81, b"2probe").len();
    let whole = probe + frame(0x81, b"5").len();
    let mut members = Vec::new();
    let mut play = |cut: Cut| {
        let (member, came) =
            play(&stage, cut).unwrap_or_else(|failure| panic!("{cut:?}: {failure:?}"));
        members.push(member);
        came
    };
    for how in [How::Fin, How::Reset] {
        // After the connect, in the probe, after it, in the half of the upgrade packet.
        for after in 0..whole {
            assert_eq!(
                play(Cut { from: Side::Client, after, how }),
                Came::Polling,
                "{how:?} {after}"
            );
        }
        // After the answer to the probe.
        let answer = frame(0x81, b"3probe").len() - 4;
        assert_eq!(play(Cut { from: Side::Server, after: answer, how }), Came::Polling, "{how:?}");
        // A reset may overtake the upgrade packet.
        let came = play(Cut { from: Side::Client, after: whole, how });
        assert!(came == Came::Recovered || how == How::Reset, "the session has moved");
    }
    stage.check(members);
}

/// A whole upgrade, as the measure of the others.
#[test]
fn f11_an_upgrade_that_is_not_cut_loses_nothing() -> Result<(), Failure> {
    let _alone = alone();
    let stage = Stage::start();
    let mut members = Vec::new();
    for _ in 0..10 {
        let polling = Polling::open(stage.address)?;
        let mut member = Member::default();
        polling.post(b"40")?;
        while member.last == 0 {
            member.poll(&polling)?;
        }
        let mut ws = Ws::open(stage.address, &polling.ws_target())?;
        let mut poll = begin(polling.address, "GET", &polling.target(), "", b"")?;
        ws.text("2probe");
        same("the probe", ws.next()?, Got::Text("3probe".to_owned()))?;
        for packet in poll.answer()?.body.split('\x1e') {
            member.take(packet);
        }
        ws.text("5");
        let until = stage.latest() + 20;
        member.read(&mut ws, until)?;
        member.is_complete(until);
        members.push(member);
    }
    stage.check(members);
    Ok(())
}
