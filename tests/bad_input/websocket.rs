//! Frames against RFC 6455, and handshakes that are not quite ones.

use crate::client::Client;
use crate::frame_rows::{Expect, Row, frames};
use crate::outcome::{Failure, Outcome, Seen, all_are_met, same};
use crate::server::Server;
use crate::vitals::{Vitals, alone};
use crate::ws::{Got, KEY, OPEN, VERSION, Ws, frame, handshake};
use std::sync::OnceLock;
use std::time::{Duration, Instant};
use tide_socketio::{Cors, Options, Origin};

fn play(server: &Server, row: &Row) -> Seen {
    let (mut ws, id) = Ws::connect(server.address)?;
    let mut stream = ws.client.stream.try_clone().map_err(|error| error.to_string())?;
    let send = row.send.clone();
    let sender = std::thread::spawn(move || std::io::Write::write_all(&mut stream, &send).is_ok());
    let seen = match row.expect {
        Expect::Close(code) => {
            // Some pings may be answered before there are too many.
            let mut next = ws.next()?;
            while next == Got::Pong {
                next = ws.next()?;
            }
            let Got::Close(seen, reason) = next else {
                return Err(Failure::Wrong(format!("{next:?} instead of a close frame")));
            };
            same("the close code", seen, code)?;
            same("after the close frame", ws.next()?, Got::End)?;
            format!("close {code} \"{reason}\", end")
        }
        Expect::Answer(wanted) => {
            same("the answer", ws.next()?, Got::Text(wanted.to_owned()))?;
            ws.is_alive()?;
            format!("`{wanted}`, the socket lives")
        }
    };
    drop(ws);
    sender.join().map_err(|_| "the sender panicked")?;
    Ok(format!("{seen}; socket told \"{}\"", server.reason(&id)?))
}

/// A handshake with these lines in place of version and key: the status, and the headers if it was accepted.
fn shake(server: &Server, lines: &str) -> Result<(u16, String), Failure> {
    let (_ws, answer) = Ws::ask(server.address, OPEN, lines)?;
    Ok((answer.status, answer.head))
}

fn refused(server: &Server, lines: &str, status: u16) -> Seen {
    let (seen, head) = shake(server, lines)?;
    same("the status", seen, status)?;
    let version =
        if head.contains("\r\nsec-websocket-version: 13\r\n") { ", version 13 named" } else { "" };
    same("the version is named", !version.is_empty(), status == 426)?;
    Ok(format!("{status}{version}"))
}

/// A frame whose header never comes whole, from a client that is otherwise silent.
fn half_a_header(server: &Server) -> Seen {
    let (mut ws, id) = Ws::connect(server.address)?;
    ws.client.send([0x81]);
    same("the ping", ws.next()?, Got::Text("2".to_owned()))?;
    let reason = ws.is_closed(1008)?;
    same("the end of the socket", server.reason(&id)?, "ping timeout".to_owned())?;
    Ok(format!("close 1008 \"{reason}\", socket told \"ping timeout\""))
}

fn foreign_origin(open: &Server, closed: &Server) -> Seen {
    let evil = format!("{VERSION}{KEY}Origin: http://evil\r\n");
    let good = format!("{VERSION}{KEY}Origin: http://good\r\n");
    same("evil, with a list", shake(closed, &evil)?.0, 403)?;
    same("good, with a list", shake(closed, &good)?.0, 101)?;
    same("evil, with no list", shake(open, &evil)?.0, 101)?;
    Ok("403 unless listed; 101 where no list is set".to_owned())
}

/// The upgrade and the first frame in one write.
fn eager(server: &Server) -> Seen {
    let mut client = Client::connect(server.address)?;
    let request = handshake(OPEN, &format!("{VERSION}{KEY}"));
    client.send([request.as_bytes(), &frame(0x81, b"40")].concat());
    same("the status", client.answer()?.status, 101)?;
    let mut ws = Ws { client };
    same("the open packet", matches!(ws.next()?, Got::Text(open) if open.starts_with("0{")), true)?;
    let id = ws.let_in("40{")?;
    ws.is_alive()?;
    drop(ws);
    server.reason(&id)?;
    Ok("CONNECT is answered, the socket lives".to_owned())
}

fn many_extensions(server: &Server) -> Seen {
    let offer = |count| {
        let list = vec!["permessage-deflate"; count].join(",");
        format!("{VERSION}{KEY}Sec-WebSocket-Extensions: {list}\r\n")
    };
    let (status, head) = shake(server, &offer(200))?;
    same("200 of them", (status, head.contains("sec-websocket-extensions")), (101, false))?;
    same("500 of them", shake(server, &offer(500))?.0, 431)?;
    Ok("101 without an extension; 431 over the limit of the head".to_owned())
}

fn many_spaces(server: &Server) -> Seen {
    let list = format!("{VERSION}{KEY}Sec-WebSocket-Protocol: a{}b\r\n", " ".repeat(3000));
    let asked = Instant::now();
    same("the status", shake(server, &list)?.0, 400)?;
    match asked.elapsed() {
        long if long > Duration::from_millis(20) => {
            Err(Failure::Measured(format!("took {long:?}")))
        }
        _ => Ok("400 at once".to_owned()),
    }
}

pub fn outcomes() -> &'static [Outcome] {
    static OUTCOMES: OnceLock<Vec<Outcome>> = OnceLock::new();
    OUTCOMES.get_or_init(|| {
        let _alone = alone();
        let server = Server::start(Options::default());
        let listed = Origin::List(vec!["http://good".to_owned()]);
        let cors = Some(Cors { origin: listed, ..Cors::default() });
        let with_list = Server::start(Options { cors, ..Options::default() });
        let vitals = Vitals::of(server.address);
        let mut outcomes: Vec<_> = frames()
            .iter()
            .map(|row| vitals.watch(row.id, row.required, || play(&server, row)))
            .collect();
        for (id, lines, status) in [
            ("W26", VERSION.to_owned(), 400),
            ("W27", format!("Sec-WebSocket-Version: 8\r\n{KEY}"), 426),
            ("W27b", format!("Sec-WebSocket-Version: 99\r\n{KEY}"), 426),
        ] {
            let required = "400, or 426 and the version that is spoken";
            outcomes.push(vitals.watch(id, required, || refused(&server, &lines, status)));
        }
        let required = "403 where a list of origins is set";
        outcomes.push(vitals.watch("W29", required, || foreign_origin(&server, &with_list)));
        type Story = fn(&Server) -> Seen;
        let stories: [(&str, &str, Story); 3] = [
            ("W30", "the first frame is not lost", eager),
            ("W32", "no extension; the head's limit holds", many_extensions),
            ("W33", "400, no time lost", many_spaces),
        ];
        for (id, required, story) in stories {
            outcomes.push(vitals.watch(id, required, || story(&server)));
        }
        drop(vitals);
        let server = Server::start(Options {
            ping_interval: Duration::from_millis(200),
            ping_timeout: Duration::from_millis(200),
            ..Options::default()
        });
        let vitals = Vitals::of(server.address);
        let required = "closed by the ping timeout";
        outcomes.push(vitals.watch("W23", required, || half_a_header(&server)));
        outcomes
    })
}

#[test]
fn every_frame_and_handshake_of_the_list() {
    all_are_met(outcomes());
}

#[test]
fn what_was_answered_before_a_mistake_still_goes_out() {
    let _alone = alone();
    let server = Server::start(Options::default());
    let (mut ws, id) = Ws::connect(server.address).unwrap();
    let event = br#"42["echo","x"]"#;
    // The pong changes the session, which wakes whoever waits for it.
    let said = [frame(0x81, event), frame(0x81, b"3"), frame(0x83, b"not a frame")];
    ws.client.send(said.concat());
    assert_eq!(ws.next().unwrap(), Got::Text(r#"42["echo","x"]"#.to_owned()));
    assert!(matches!(ws.next().unwrap(), Got::Close(1002, _)));
    assert_eq!(server.reason(&id).unwrap(), "transport error");
}
