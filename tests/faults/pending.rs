//! Clients that begin and never go on.

use crate::alone;
use crate::client::{Answer, Client, Polling};
use crate::outcome::{Failure, same};
use crate::process::{Counts, Process, Setup};
use crate::scale::{measured, scaled};
use crate::ws::{Got, KEY, VERSION, Ws, handshake};
use socket2::{Domain, Socket, Type};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::{Duration, Instant};

/// How far from its time an end may be.
const TOLERANCE: Duration = Duration::from_secs(1);
/// What one that waits may cost.
const EACH: u64 = 4 * 1024;

/// A connection from one of many addresses, all of this machine.
pub fn connect_from(number: usize, address: SocketAddr) -> Result<Client, Failure> {
    let wrong = |error: std::io::Error| Failure::Wrong(format!("connection {number}: {error}"));
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).map_err(wrong)?;
    // So few of each that none meets a limit meant for one client.
    let from =
        Ipv4Addr::new(127, 0, 1 + (number / 400 / 200) as u8, 1 + (number / 400 % 200) as u8);
    socket.bind(&SocketAddr::from((from, 0)).into()).map_err(wrong)?;
    socket.connect(&address.into()).map_err(wrong)?;
    let stream = TcpStream::from(socket);
    stream.set_read_timeout(Some(Duration::from_secs(60))).map_err(wrong)?;
    Ok(Client { stream, unread: Vec::new() })
}

fn open(number: usize, address: SocketAddr) -> Result<Answer, Failure> {
    let mut client = connect_from(number, address)?;
    client.send(format!("GET {} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", Polling::OPEN));
    client.answer()
}

#[test]
fn f14_handshakes_with_nothing_after() -> Result<(), Failure> {
    let _alone = alone();
    measured(begin_sessions)
}

fn begin_sessions() -> Result<(), Failure> {
    let (count, connect_timeout) = scaled((500, 1_000), (10_000, 45_000));
    let timeout = Duration::from_millis(connect_timeout);
    let mut process = Process::start(&Setup { connect_timeout, ..Setup::default() });
    let round = |process: &mut Process| -> Result<(u64, u64, u64), Failure> {
        let before = process.usage().memory;
        let begun = Instant::now();
        for number in 0..count {
            same("a handshake", open(number, process.address)?.status, 200)?;
        }
        let opened = begun.elapsed();
        let waiting = process.counts().sessions;
        let during = process.usage().memory;
        if begun.elapsed() < timeout {
            same("sessions that wait", waiting, count)?;
        }
        process
            .has(Counts::NONE, (opened + timeout + TOLERANCE).saturating_sub(begun.elapsed()))?;
        let first = begun.elapsed();
        if first + TOLERANCE < timeout {
            return Err(Failure::Measured(format!("all gone after {first:?} already")));
        }
        println!("{count} opened in {opened:?}, all gone after {first:?}");
        Ok((before, during, process.usage().memory))
    };
    let (before, during, _) = round(&mut process)?;
    let each = during.saturating_sub(before) / count as u64;
    println!("{each} bytes each");
    same(&format!("{each} bytes for a session that waits"), each <= EACH, true)?;
    // What the first round got from the system is enough for another.
    let (before, _, after) = round(&mut process)?;
    println!("{before} bytes before the second round, {after} after");
    match after > before + before / 100 {
        true => Err(Failure::Measured("memory is not given back".to_owned())),
        false => Ok(()),
    }
}

#[test]
fn f14_one_address_may_have_so_many_and_no_more() -> Result<(), Failure> {
    let _alone = alone();
    let setup = Setup { connect_timeout: 500, max_sessions_per_ip: 10, ..Setup::default() };
    let mut process = Process::start(&setup);
    for number in 0..10 {
        same("a handshake", open(number, process.address)?.status, 200)?;
    }
    let refused = open(0, process.address)?;
    same("one too many", refused.status, 403)?;
    same("its reason", refused.body.contains("too many sessions"), true)?;
    same("another address", open(400, process.address)?.status, 200)?;
    process.has(Counts::NONE, Duration::from_secs(2))?;
    same("in their place", open(0, process.address)?.status, 200)
}

#[test]
fn f14_upgrades_that_are_never_completed() -> Result<(), Failure> {
    let _alone = alone();
    measured(begin_upgrades)
}

fn begin_upgrades() -> Result<(), Failure> {
    let (count, upgrade_timeout) = scaled((300, 1_000), (9_000, 10_000));
    let timeout = Duration::from_millis(upgrade_timeout);
    let process = Process::start(&Setup {
        upgrade_timeout,
        max_connections_per_ip: 10_000,
        max_sessions_per_ip: 10_000,
        ..Setup::default()
    });
    let sessions = (0..count).map(|_| Polling::connect(process.address));
    let sessions = sessions.collect::<Result<Vec<_>, _>>()?;
    let before = process.settled();
    let mut tries = Vec::new();
    for (number, (session, _)) in sessions.iter().enumerate() {
        let mut client = connect_from(number, process.address)?;
        client.send(handshake(&session.ws_target(), &format!("{VERSION}{KEY}")));
        same("the handshake", client.answer()?.status, 101)?;
        let mut ws = Ws { client };
        ws.text("2probe");
        same("the probe", ws.next()?, Got::Text("3probe".to_owned()))?;
        tries.push((Instant::now(), ws));
    }
    let during = process.usage();
    let opened = during.descriptors - before.descriptors;
    if tries[0].0.elapsed() < timeout {
        assert!(opened >= count, "{opened} descriptors more");
    }
    let each = during.memory.saturating_sub(before.memory) / count as u64;
    println!("{each} bytes each");
    same(&format!("{each} bytes for an upgrade that waits"), each <= EACH, true)?;
    let mut worst = Duration::ZERO;
    for (begun, ws) in &mut tries {
        ws.is_closed(1002)?;
        worst = worst.max(begun.elapsed().abs_diff(timeout));
    }
    println!("{count} upgrades ended, at most {worst:?} from {timeout:?} after they began");
    if worst > TOLERANCE {
        return Err(Failure::Measured(format!("{worst:?} too early or too late")));
    }
    drop(tries);
    // The sessions go on where they were.
    let (last, _) = &sessions[count - 1];
    same("a POST", last.post(b"421[\"echo\",1]")?.status, 200)?;
    let answer = last.poll()?.body;
    same("a poll", answer.split('\x1e').any(|packet| packet == "431[1]"), true)?;
    same("descriptors", process.settled().descriptors, before.descriptors)?;
    Ok(())
}
