//! Sessions over long-polling that break their rules, and those that fall silent.

use crate::client::{ARRIVAL, Answer, Client, GONE, Polling, begin};
use crate::outcome::{Failure, Outcome, Seen, all_are_met, same};
use crate::post_rows::{Expect, Row, posts};
use crate::server::Server;
use crate::vitals::{Vitals, alone};
use crate::ws::{Got, Ws};
use std::sync::OnceLock;
use std::time::{Duration, Instant};
use tide_socketio::Options;

fn play(server: &Server, row: &Row) -> Seen {
    let (polling, id) = Polling::connect(server.address)?;
    let mut poll = polling.begin_poll()?;
    let answer =
        begin(server.address, "POST", &polling.target(), row.header, &row.body)?.answer()?;
    match row.expect {
        Expect::Ends(status, farewell, reason) => {
            same("the answer to the POST", answer.status, status)?;
            let waiting = in_time(poll.answer()?)?;
            same("the answer to the poll", waiting.body, farewell.to_owned())?;
            same("the end of the socket", server.reason(&id)?, reason.to_owned())?;
            polling.is_gone()?;
            Ok(format!("{status}, the poll answered `{farewell}`, socket told \"{reason}\""))
        }
        Expect::Lives(status) => {
            same("the answer to the POST", answer.status, status)?;
            same("the next POST", polling.post(br#"427["alive"]"#)?.status, 200)?;
            same("the answer to the poll", poll.answer()?.body, r#"437["yes"]"#.to_owned())?;
            leave(server, &polling, &id)?;
            Ok(format!("{status}, the session lives"))
        }
    }
}

/// A poll that came after the session's end shows nothing of the server: the machine was busy.
fn in_time(answer: Answer) -> Result<Answer, Failure> {
    match answer.told() == GONE {
        true => Err(Failure::Measured("the poll came too late".to_owned())),
        false => Ok(answer),
    }
}

fn leave(server: &Server, polling: &Polling, id: &str) -> Result<(), Failure> {
    polling.post(b"1")?;
    server.reason(id).map(drop)
}

fn two_polls(server: &Server) -> Seen {
    let (polling, id) = Polling::connect(server.address)?;
    let mut first = polling.begin_poll()?;
    same("the second poll", polling.poll()?.status, 400)?;
    same("the first poll", first.answer()?.body, "1".to_owned())?;
    same("the end of the socket", server.reason(&id)?, "transport error".to_owned())?;
    Ok("400, the first answered `1`, socket told \"transport error\"".to_owned())
}

fn two_posts(server: &Server) -> Seen {
    let (polling, id) = Polling::connect(server.address)?;
    let mut first = Client::connect(server.address)?;
    let target = polling.target();
    first.send(format!("POST {target} HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n4"));
    std::thread::sleep(ARRIVAL);
    same("the second POST", polling.post(b"6")?.status, 400)?;
    let status = first.answer()?.status;
    same("the end of the socket", server.reason(&id)?, "transport error".to_owned())?;
    polling.is_gone()?;
    Ok(format!("400, the first ended with {status}, socket told \"transport error\""))
}

/// How far from its time something may happen.
const TOLERANCE: Duration = Duration::from_millis(250);
const PING_INTERVAL: Duration = Duration::from_millis(400);
const PING_TIMEOUT: Duration = Duration::from_millis(300);
const CONNECT_TIMEOUT: Duration = Duration::from_millis(1000);

fn on_time(since: Instant, wanted: Duration) -> Result<(), Failure> {
    let seen = since.elapsed();
    match seen.abs_diff(wanted) > TOLERANCE {
        true => Err(Failure::Measured(format!("after {seen:?} instead of {wanted:?}"))),
        false => Ok(()),
    }
}

/// Pongs nobody asked for do not make a session live longer.
fn early_pongs(server: &Server) -> Seen {
    let opened = Instant::now();
    let (polling, id) = Polling::connect(server.address)?;
    for _ in 0..3 {
        same("an early pong", polling.post(b"3")?.status, 200)?;
    }
    same("the ping", polling.poll()?.body, "2".to_owned())?;
    same("the end of the socket", server.reason(&id)?, "ping timeout".to_owned())?;
    on_time(opened, PING_INTERVAL + PING_TIMEOUT)?;
    polling.is_gone()?;
    Ok("200, ignored: the session ends when its own ping is not answered".to_owned())
}

fn no_pong(server: &Server) -> Seen {
    let opened = Instant::now();
    let (mut ws, id) = Ws::connect(server.address)?;
    same("the ping", ws.next()?, Got::Text("2".to_owned()))?;
    let reason = ws.is_closed(1008)?;
    on_time(opened, PING_INTERVAL + PING_TIMEOUT)?;
    same("the end of the socket", server.reason(&id)?, "ping timeout".to_owned())?;
    let opened = Instant::now();
    let (_polling, id) = Polling::connect(server.address)?;
    same("the end of the socket", server.reason(&id)?, "ping timeout".to_owned())?;
    on_time(opened, PING_INTERVAL + PING_TIMEOUT)?;
    server.has_sessions(1)?;
    Ok(format!("on time over both transports; close 1008 \"{reason}\""))
}

fn no_connect(server: &Server) -> Seen {
    let opened = Instant::now();
    let mut ws = Ws::session(server.address)?;
    let mut next = ws.next()?;
    while next == Got::Text("2".to_owned()) {
        ws.text("3");
        next = ws.next()?;
    }
    same("the close", next, Got::Close(1000, "forced close".to_owned()))?;
    on_time(opened, CONNECT_TIMEOUT)?;
    server.has_sessions(1)?;
    Ok("on time; close 1000 \"forced close\"".to_owned())
}

fn gone_while_polling(server: &Server) -> Seen {
    let (polling, id) = Polling::connect(server.address)?;
    let poll = polling.begin_poll()?;
    let left = Instant::now();
    drop(poll);
    same("the end of the socket", server.reason(&id)?, "transport close".to_owned())?;
    match left.elapsed() {
        long if long > Duration::from_millis(100) => {
            Err(Failure::Measured(format!("noticed after {long:?}")))
        }
        _ => {
            // It has left its room too, which is the one of its id.
            same("its room", server.io.to(&id).fetch_sockets().len(), 0)?;
            Ok("socket told \"transport close\" within 100 ms, no room left".to_owned())
        }
    }
}

pub fn outcomes() -> &'static [Outcome] {
    static OUTCOMES: OnceLock<Vec<Outcome>> = OnceLock::new();
    OUTCOMES.get_or_init(|| {
        let _alone = alone();
        let server = Server::start(Options::default());
        let vitals = Vitals::of(server.address);
        let mut outcomes: Vec<_> = posts()
            .iter()
            .map(|row| vitals.watch(row.id, row.required, || play(&server, row)))
            .collect();
        type Story = fn(&Server) -> Seen;
        let stories: [(&str, &str, Story); 3] = [
            ("E18", "the second 400, the first answered `1`, closed", two_polls),
            ("E19", "the second 400, the first ended, closed", two_posts),
            ("E51", "noticed within 100 ms, the rooms left", gone_while_polling),
        ];
        for (id, required, story) in stories {
            outcomes.push(vitals.watch(id, required, || story(&server)));
        }
        drop(vitals);
        let server = Server::start(Options {
            ping_interval: PING_INTERVAL,
            ping_timeout: PING_TIMEOUT,
            connect_timeout: CONNECT_TIMEOUT,
            ..Options::default()
        });
        let vitals = Vitals::of(server.address);
        let stories: [(&str, &str, Story); 3] = [
            ("E32", "ignored; no longer life without a ping", early_pongs),
            ("E49", "closed when the pong is due, ± 250 ms", no_pong),
            ("E50", "closed at the connect timeout, ± 250 ms", no_connect),
        ];
        for (id, required, story) in stories {
            outcomes.push(vitals.watch(id, required, || story(&server)));
        }
        outcomes
    })
}

#[test]
fn every_session_of_the_list() {
    all_are_met(outcomes());
}
