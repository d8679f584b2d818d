//! Clients that are dropped at any byte, and come back.

use crate::alone;
use crate::outcome::Failure;
use crate::proxy::{Cut, How, Proxy, Side};
use crate::stage::{Dice, Member, Stage};
use crate::ws::{Got, OPEN, Ws};
use std::time::Duration;

const CLIENTS: u64 = 4;
const DROPS: u64 = 50;

/// What a client came to: its log, and how often it was let in afresh and as recovered.
type Life = (Member, [usize; 2]);

/// One client that is dropped again and again.
fn live(stage: &Stage, seed: u64) -> Result<Life, Failure> {
    let proxy = Proxy::start(stage.address);
    let mut dice = Dice(seed);
    let mut member = Member::default();
    let mut counts = [0, 0];
    for drop in 0..=DROPS {
        if drop < DROPS {
            // The open packet is some 120 bytes, an event 40 to 50: any byte of any of them.
            let after = dice.roll(5000) as usize + 1;
            let how = if dice.roll(2) == 0 { How::Fin } else { How::Reset };
            proxy.cut(Cut { from: Side::Server, after, how });
        }
        let mut ws = Ws::open(proxy.address, OPEN)?;
        ws.text(&member.connect_packet());
        let until = if drop < DROPS { u64::MAX } else { stage.latest() + 20 };
        if let Some(recovered) = member.read(&mut ws, until)? {
            counts[usize::from(recovered)] += 1;
        }
        if drop < DROPS {
            // The witness is left. A client comes back when the server knows that it has gone.
            stage.has_clients(1)?;
            std::thread::sleep(Duration::from_millis(dice.roll(5)));
        }
    }
    member.is_complete(member.last);
    Ok((member, counts))
}

/// One client that is dropped, and one that is not, at a server of their own.
fn pair(seed: u64) -> Result<[usize; 2], Failure> {
    let stage = Stage::start();
    let mut witness = Member::default();
    let mut ws = Ws::open(stage.address, OPEN)?;
    ws.text("40");
    witness.read(&mut ws, stage.latest() + 1)?;
    let (done, until) = std::sync::mpsc::channel();
    let (life, witness) = std::thread::scope(|scope| {
        let watching = scope.spawn(move || {
            while until.try_recv().is_err() {
                let next = witness.last + 1;
                witness.read(&mut ws, next)?;
            }
            Ok::<_, Failure>(witness)
        });
        let life = live(&stage, seed);
        let _ = done.send(());
        (life, watching.join().expect("no panic"))
    });
    let (member, counts) = life?;
    stage.check(vec![member, witness?]);
    Ok(counts)
}

#[test]
fn f18_clients_dropped_at_any_byte_miss_nothing() {
    let _alone = alone();
    let counts: Vec<_> = std::thread::scope(|scope| {
        let pairs = (1..=CLIENTS).map(|seed| scope.spawn(move || pair(seed * 0x9e37_79b9)));
        let pairs: Vec<_> = pairs.collect();
        pairs.into_iter().map(|pair| pair.join().expect("no panic").expect("no failure")).collect()
    });
    let recovered: usize = counts.iter().map(|[_, recovered]| recovered).sum();
    let fresh: usize = counts.iter().map(|[fresh, _]| fresh).sum();
    println!("{recovered} recovered, {fresh} fresh, of {CLIENTS} clients with {DROPS} drops each");
    assert_eq!(fresh as u64, CLIENTS, "each client is let in afresh once");
    assert!(recovered as u64 > CLIENTS * DROPS / 2, "most drops come after the answer to CONNECT");
}

fn come_back(stage: &Stage, packet: &str, member: &Member) -> Result<(Ws, bool), Failure> {
    let mut ws = Ws::open(stage.address, OPEN)?;
    ws.text(packet);
    loop {
        match ws.next()? {
            Got::Text(text) if text.starts_with("40") => {
                let pid = member.connect_packet();
                let pid = pid.split('"').nth(3).ok_or("no pid")?;
                return Ok((ws, text.contains(pid)));
            }
            Got::Text(_) => {}
            other => return Err(Failure::Wrong(format!("not let in: {other:?}"))),
        }
    }
}

/// A member that was connected, and has gone if `gone`.
fn member(stage: &Stage, gone: bool) -> Result<(Member, Option<Ws>), Failure> {
    let mut member = Member::default();
    let mut ws = Ws::open(stage.address, OPEN)?;
    ws.text("40");
    let until = stage.latest() + 3;
    member.read(&mut ws, until)?;
    if !gone {
        return Ok((member, Some(ws)));
    }
    let left = stage.io.engine().clients_count() - 1;
    drop(ws);
    stage.has_clients(left)?;
    Ok((member, None))
}

#[test]
fn f19_one_private_id_brings_back_one_client() -> Result<(), Failure> {
    let _alone = alone();
    let stage = Stage::start();
    // One after the other.
    let (away, _) = member(&stage, true)?;
    let (_first, recovered) = come_back(&stage, &away.connect_packet(), &away)?;
    assert!(recovered, "the first has it");
    let (_second, recovered) = come_back(&stage, &away.connect_packet(), &away)?;
    assert!(!recovered, "the second comes too late");
    // While the owner is there.
    let (present, _owner) = member(&stage, false)?;
    let (_thief, recovered) = come_back(&stage, &present.connect_packet(), &present)?;
    assert!(!recovered, "nobody has gone");
    // At once.
    for _ in 0..20 {
        let (away, _) = member(&stage, true)?;
        let packet = away.connect_packet();
        let both = std::thread::scope(|scope| {
            let both = [(); 2].map(|()| scope.spawn(|| come_back(&stage, &packet, &away)));
            both.map(|one| one.join().expect("no panic"))
        });
        let recovered = both.into_iter().map(|one| one.map(|(_, recovered)| recovered));
        let recovered: Vec<_> = recovered.collect::<Result<_, _>>()?;
        assert_eq!(recovered.iter().filter(|recovered| **recovered).count(), 1, "exactly one");
    }
    let told = stage.recovered.lock().unwrap().iter().filter(|recovered| **recovered).count();
    assert_eq!(told, 21, "the application is told the same");
    Ok(())
}
