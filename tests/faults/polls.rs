//! Answers to polls that are written into a connection which is dead.

use crate::alone;
use crate::client::Polling;
use crate::delivery::Fault;
use crate::outcome::{Failure, same};
use crate::proxy::{Cut, How, Proxy, Side};
use crate::scale::scaled;
use crate::stage::{Dice, Member, Stage};
use crate::ws::{OPEN, Ws};

/// A member over long-polling that has got something already.
fn polling(stage: &Stage) -> Result<(Polling, Member), Failure> {
    let polling = Polling::open(stage.address)?;
    let mut member = Member::default();
    same("CONNECT", polling.post(b"40")?.status, 200)?;
    while member.last == 0 {
        same("a poll", member.poll(&polling)?, true)?;
    }
    Ok((polling, member))
}

/// Polls once over a connection that is reset when so much of the answer has passed: it never arrives whole.
fn lose_a_poll(stage: &Stage, polling: &Polling, dice: &mut Dice) -> Result<(), Failure> {
    let proxy = Proxy::start(stage.address);
    // Every event is longer than this, and an answer has at least one.
    let after = dice.roll(25) as usize;
    proxy.cut(Cut { from: Side::Server, after, how: How::Reset });
    let through = Polling { address: proxy.address, sid: polling.sid.clone() };
    same("the answer is cut", through.poll().is_err(), true)
}

#[test]
fn f17_with_recovery_the_answer_to_a_lost_poll_comes_again() -> Result<(), Failure> {
    let _alone = alone();
    let stage = Stage::start();
    let mut dice = Dice(0x5eed_0017);
    let mut members = Vec::new();
    for _ in 0..scaled(20, 1_000) {
        let (polling, mut member) = polling(&stage)?;
        lose_a_poll(&stage, &polling, &mut dice)?;
        // As the official client does it: it says goodbye, and comes back.
        same("the goodbye", polling.post(b"1")?.status, 200)?;
        member.cut();
        stage.has_clients(0)?;
        let mut ws = Ws::open(stage.address, OPEN)?;
        ws.text(&member.connect_packet());
        same("recovered", member.read(&mut ws, stage.latest() + 3)?, Some(true))?;
        member.is_complete(member.last);
        members.push(member);
        drop(ws);
        stage.has_clients(0)?;
    }
    stage.check(members);
    Ok(())
}

#[test]
fn f17_without_recovery_that_answer_and_nothing_else_is_lost() -> Result<(), Failure> {
    let _alone = alone();
    let stage = Stage::without_recovery();
    let mut dice = Dice(0x5eed_0018);
    let mut lost = Vec::new();
    for _ in 0..scaled(20, 1_000) {
        let (polling, mut member) = polling(&stage)?;
        let before = member.last;
        lose_a_poll(&stage, &polling, &mut dice)?;
        same("the next poll", member.poll(&polling)?, true)?;
        let until = stage.latest() + 3;
        while member.last < until {
            same("a poll", member.poll(&polling)?, true)?;
        }
        member.is_complete(until);
        same("the goodbye", polling.post(b"1")?.status, 200)?;
        // One gap, from where the client was: polling is at most once, and in order.
        let faults = stage.faults(vec![member]);
        lost.push(faults.len());
        let missing = (before + 1..).take(faults.len()).map(Fault::Missing);
        same("what is lost", faults, missing.collect())?;
    }
    println!("messages lost: {lost:?}");
    assert!(lost.iter().all(|count| *count > 0), "an answer that was cut came after all");
    Ok(())
}
