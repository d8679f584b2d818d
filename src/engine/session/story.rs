//! Whatever may happen to a session, in whatever order: played by the property test and by the fuzzer.

use super::{CloseReason, Outgoing, Packet, Probe, Rules, Session, TransportKind};
use std::sync::Arc;
use std::time::{Duration, Instant};

const SECOND: Duration = Duration::from_secs(1);

/// Plays one step per byte, and checks what must hold however they fall: what the client gets is a
/// beginning of what was sent, in order, each once; and nothing that is due stays undone.
pub fn play(steps: &[u8]) {
    let mut now = Instant::now();
    let rules = Rules {
        ping_interval: 25 * SECOND,
        ping_timeout: 20 * SECOND,
        upgrade_timeout: 10 * SECOND,
        max_outbox: 1024,
        max_inbox: 1024,
    };
    let mut session = Session::new(Arc::new(rules), TransportKind::Polling, now);
    let (mut sent, mut got) = (0, String::new());
    for step in steps {
        match step % 14 {
            0 => drop(session.poll()),
            1 => got.extend(session.poll_answer().into_iter().flatten()),
            2 => session.poll_lost(),
            3 => drop(session.post()),
            4 => session.posted(),
            5 => drop(session.begin_upgrade(now)),
            6 => {
                let packets = [Packet::Ping("probe"), Packet::Upgrade, Packet::Noop];
                let packet = &packets[usize::from(step / 14) % packets.len()];
                if session.is_upgrading() && session.probe(packet, now) == Probe::Refuse {
                    session.upgrade_lost();
                }
            }
            7 => session.upgrade_lost(),
            8 => {
                let packets = [
                    Packet::Pong(""),
                    Packet::Text("a"),
                    Packet::Open(""),
                    Packet::Upgrade,
                    Packet::Noop,
                    Packet::Close,
                    Packet::Ping(""),
                ];
                session.receive(&packets[usize::from(step / 14) % packets.len()], now);
            }
            9 | 10 => {
                if session.is_open() {
                    session.send(Outgoing::message(format!("4m{sent};"), Vec::new()));
                    sent += 1;
                }
            }
            11 if step / 14 == 0 => session.close(CloseReason::ForcedClose, now),
            11 | 12 => {
                let mut batch = Vec::new();
                let large = session.take_frames(64 * 1024, false, &mut batch);
                batch.extend(large.into_iter().flatten());
                got.push_str(&String::from_utf8_lossy(&batch));
            }
            _ => {
                now += u32::from(step / 14) * SECOND;
                session.tick(now);
                assert!(session.deadline().is_none_or(|at| at > now), "due, but not done");
            }
        }
    }
    let numbers: Vec<usize> =
        got.split('m').skip(1).filter_map(|rest| rest.split(';').next()?.parse().ok()).collect();
    assert_eq!(numbers, (0..numbers.len()).collect::<Vec<_>>());
    assert!(numbers.len() <= sent);
}
