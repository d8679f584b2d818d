//! Socket.IO packets that no honest client sends, played over a WebSocket and over
//! long-polling.

use crate::client::{GONE, Polling};
use crate::outcome::{Failure, Outcome, Seen, all_are_met, same};
use crate::packet_rows::{Expect, Frame, Row, packets};
use crate::server::{Server, wait_until};
use crate::vitals::{Vitals, alone};
use crate::ws::{Got, Ws, frame};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use std::sync::OnceLock;
use std::time::{Duration, Instant};
use tide_socketio::{Options, Recovery};

fn brief(text: &str) -> String {
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("`{}…`", &text[..end]),
        None => format!("`{text}`"),
    }
}

fn play(server: &Server, row: &Row) -> Seen {
    let (mut ws, id) = Ws::connect(server.address)?;
    for frame in &row.send {
        match frame {
            Frame::Text(text) => ws.text(text),
            Frame::Binary(data) => ws.binary(data),
        }
    }
    match &row.expect {
        Expect::Closed => return closed(server, &mut ws, &id),
        Expect::Nothing => {
            ws.is_alive()?;
            Ok("ignored, the socket lives".to_owned())
        }
        Expect::Answers(frames) => {
            answered(&mut ws, frames)?;
            ws.is_alive()?;
            let texts = frames.iter().map(|frame| match frame {
                Frame::Text(text) => brief(text),
                Frame::Binary(data) => format!("binary {data:?}"),
            });
            Ok(format!("{}, the socket lives", texts.collect::<Vec<_>>().join(" ")))
        }
        Expect::Begins(start) => {
            match ws.next()? {
                Got::Text(text) if text.starts_with(start) => {}
                other => return Err(Failure::Wrong(format!("{other:?} instead of {start}…"))),
            }
            ws.is_alive()?;
            Ok(format!("`{start}…`, the socket lives"))
        }
        Expect::Dropped(error, frames) => {
            answered(&mut ws, frames)?;
            ws.is_alive()?;
            let reported = server.log().errors.iter().any(|reported| reported.contains(error));
            same("the error is reported", reported, true)?;
            let others = if frames.is_empty() { "" } else { ", echoed unread" };
            Ok(format!("dropped with an error{others}, the socket lives"))
        }
    }
    .and_then(|seen| {
        drop(ws);
        same("the end of the socket", server.reason(&id)?, "transport close".to_owned())?;
        Ok(seen)
    })
}

fn answered(ws: &mut Ws, frames: &[Frame]) -> Result<(), Failure> {
    for frame in frames {
        let wanted = match frame {
            Frame::Text(text) => Got::Text(text.clone()),
            Frame::Binary(data) => Got::Binary(data.clone()),
        };
        same("the answer", ws.next()?, wanted)?;
    }
    Ok(())
}

/// The frames as one payload of long-polling.
fn payload(frames: &[Frame]) -> String {
    let packets = frames.iter().map(|frame| match frame {
        Frame::Text(text) => text.clone(),
        Frame::Binary(data) => format!("b{}", BASE64_STANDARD.encode(data)),
    });
    packets.collect::<Vec<_>>().join("\x1e")
}

/// The same over long-polling, in one POST.
fn play_polling(server: &Server, row: &Row) -> Result<(), Failure> {
    let (polling, id) = Polling::connect(server.address)?;
    let status = polling.post(payload(&row.send).as_bytes())?.status;
    if let Expect::Closed = row.expect {
        same("the answer to the POST", [200, 400].contains(&status), true)?;
        ended_as_the_reference_does(&server.reason(&id)?)?;
        let last = polling.poll()?;
        let told = last.body.ends_with("\x1e1") || last.told() == GONE;
        return same("the last poll tells of the end", told, true);
    }
    same("the answer to the POST", status, 200)?;
    match &row.expect {
        Expect::Answers(frames) | Expect::Dropped(_, frames) if !frames.is_empty() => {
            same("the answers", polling.poll()?.body, payload(frames))?;
        }
        Expect::Begins(start) => {
            same("the answer begins so", polling.poll()?.body.starts_with(start), true)?;
        }
        _ => {}
    }
    polling.is_alive()?;
    polling.post(b"1")?;
    server.reason(&id).map(drop)
}

fn ended_as_the_reference_does(reason: &str) -> Result<(), Failure> {
    match ["parse error", "forced close"].contains(&reason) {
        true => Ok(()),
        false => Err(Failure::Wrong(format!("closed with the reason {reason:?}"))),
    }
}

/// Closed for what the client sent, as the reference does it.
fn closed(server: &Server, ws: &mut Ws, id: &str) -> Seen {
    let (code, reason) = match ws.next()? {
        Got::Close(code, reason) => (code, reason),
        other => return Err(Failure::Wrong(format!("{other:?} instead of a close frame"))),
    };
    same("after the close frame", ws.next()?, Got::End)?;
    let told = server.reason(id)?;
    ended_as_the_reference_does(&told)?;
    Ok(format!("close {code} \"{reason}\", socket told \"{told}\""))
}

/// An event before CONNECT: there is no socket yet that could be told.
fn before_connect(server: &Server) -> Seen {
    let mut ws = Ws::session(server.address)?;
    ws.text(r#"42["echo",1]"#);
    Ok(format!("close 1000 \"{}\"", ws.is_closed(1000)?))
}

/// JSON whose end never comes, 100,000 deep.
fn deep(server: &Server) -> Seen {
    let (mut ws, id) = Ws::connect(server.address)?;
    let sent = Instant::now();
    ws.text(&format!("42{}", "[".repeat(100_000)));
    let seen = closed(server, &mut ws, &id)?;
    match sent.elapsed() {
        long if long > Duration::from_millis(20) => {
            Err(Failure::Measured(format!("took {long:?}")))
        }
        _ => Ok(format!("{seen}, within 20 ms")),
    }
}

/// The server asks for an answer, and gets two.
fn two_answers(server: &Server) -> Seen {
    let (mut ws, id) = Ws::connect(server.address)?;
    ws.text(r#"42["ackme"]"#);
    let Got::Text(question) = ws.next()? else { return Err("no question".into()) };
    let number = question.strip_prefix("42").and_then(|rest| rest.strip_suffix(r#"["please"]"#));
    let number = number.ok_or(format!("no question but {question}"))?;
    for answer in ["one", "two"] {
        ws.text(&format!("43{number}[\"{answer}\"]"));
    }
    same("what was heard", ws.next()?, Got::Text(r#"42["acked","one"]"#.to_owned()))?;
    ws.is_alive()?;
    drop(ws);
    server.reason(&id)?;
    Ok("the first is heard, the second ignored, the socket lives".to_owned())
}

fn forged_recovery(server: &Server) -> Seen {
    let (mut ws, id) = Ws::connect(server.address)?;
    ws.text(r#"40/chat,{"pid":"x","offset":"y"}"#);
    ws.let_in("40/chat,")?;
    ws.text(r#"40/none,{"pid":["x"],"offset":{}}"#);
    same(
        "a namespace",
        ws.next()?,
        Got::Text(r#"44/none,{"message":"Invalid namespace"}"#.to_owned()),
    )?;
    ws.is_alive()?;
    let told = server.log().errors.iter().any(|line| line == "recovered: false");
    same("recovered is false", told, true)?;
    drop(ws);
    server.reason(&id)?;
    Ok("a fresh socket, `recovered` is false".to_owned())
}

fn many_namespaces(server: &Server) -> Seen {
    let (mut ws, id) = Ws::connect(server.address)?;
    let connects = (0..2000).flat_map(|n| frame(0x81, format!("40/dyn-{n},").as_bytes()));
    ws.client.send(connects.collect::<Vec<_>>());
    for n in 0..2000 {
        match ws.next()? {
            Got::Text(text) if n < 63 && text.starts_with(&format!("40/dyn-{n},")) => {}
            Got::Text(text) if n >= 63 && text.starts_with(&format!("44/dyn-{n},")) => {}
            other => return Err(Failure::Wrong(format!("namespace {n}: {other:?}"))),
        }
    }
    ws.is_alive()?;
    drop(ws);
    server.reason(&id)?;
    wait_until(Duration::from_secs(1), "empty namespaces are kept", || {
        server.children.children().is_empty()
    })?;
    Ok("63 besides the main one, connect error for the rest, none left at the end".to_owned())
}

/// All are answered, in order, and the healthy client (see [`Vitals`]) does not wait for them.
fn many_events(server: &Server) -> Seen {
    let (mut ws, id) = Ws::connect(server.address)?;
    let events = frame(0x81, br#"42["echo","x"]"#).repeat(20_000);
    let mut stream = ws.client.stream.try_clone().map_err(|error| error.to_string())?;
    let sender = std::thread::spawn(move || std::io::Write::write_all(&mut stream, &events));
    for _ in 0..20_000 {
        same("an echo", ws.next()?, Got::Text(r#"42["echo","x"]"#.to_owned()))?;
    }
    sender.join().map_err(|_| "the sender panicked")?.map_err(|error| error.to_string())?;
    ws.is_alive()?;
    drop(ws);
    server.reason(&id)?;
    Ok("all 20,000 handled in order, with pauses for the others".to_owned())
}

/// What the allocator keeps after the first large message is nobody's leak.
fn warm_up(server: &Server) -> Result<(), Failure> {
    let send = vec![Frame::Text(format!("42[\"x\",\"{}\"]", "x".repeat(900_000)))];
    let row = Row { id: "", required: "", send, expect: Expect::Nothing };
    play_polling(server, &row)?;
    play(server, &row).map(drop)
}

pub fn outcomes() -> &'static [Outcome] {
    static OUTCOMES: OnceLock<Vec<Outcome>> = OnceLock::new();
    OUTCOMES.get_or_init(|| {
        let _alone = alone();
        let server = Server::start(Options {
            connection_state_recovery: None,
            cleanup_empty_child_namespaces: true,
            ..Options::default()
        });
        let vitals = Vitals::of(server.address);
        warm_up(&server).expect("a large event is welcome");
        let mut outcomes: Vec<_> = packets()
            .iter()
            .map(|row| {
                vitals.watch(row.id, row.required, || {
                    play_polling(&server, row)?;
                    play(&server, row)
                })
            })
            .collect();
        type Story = fn(&Server) -> Seen;
        let stories: [(&str, &str, Story); 5] = [
            ("S01", "closed", before_connect),
            ("S30", "the first answer counts, the second is ignored", two_answers),
            ("S45", "closed at once, no recursion", deep),
            ("S63", "so many and no more, empty ones freed", many_namespaces),
            ("S64", "fair: the others do not wait", many_events),
        ];
        for (id, required, story) in stories {
            outcomes.push(vitals.watch(id, required, || story(&server)));
        }
        drop(vitals);
        let server = Server::start(Options {
            connection_state_recovery: Some(Recovery::default()),
            ..Options::default()
        });
        let vitals = Vitals::of(server.address);
        outcomes.push(
            vitals.watch("S60", "a fresh socket, nothing recovered", || forged_recovery(&server)),
        );
        outcomes
    })
}

#[test]
fn every_packet_of_the_list() {
    all_are_met(outcomes());
}
