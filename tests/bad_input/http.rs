//! HTTP requests to the server's own path. What the edge does with hostile HTTP is in `tests/edge/`.

use crate::client::{Polling, begin, request};
use crate::outcome::{Outcome, Seen, all_are_met, same};
use crate::request_rows::{Expect, Row, requests};
use crate::server::Server;
use crate::vitals::{Vitals, alone};
use crate::ws::{Ws, handshake};
use std::sync::OnceLock;
use tide_socketio::{Cors, Options, Origin};

fn play(server: &Server, row: &Row) -> Seen {
    let body: &[u8] = if row.method == "POST" { b"40" } else { b"" };
    let answer = request(server.address, row.method, &format!("/socket.io/?{}", row.query), body)?;
    let seen = match row.expect {
        Expect::Refused(code) => {
            let told = answer.told();
            same("the refusal", told.starts_with(&format!("400 {{\"code\":{code},")), true)?;
            told
        }
        Expect::Opened => {
            let plain = answer.head.contains("content-type: text/plain");
            let opened = (answer.status, answer.body.starts_with("0{\"sid\":\""), plain);
            same("an open packet as plain text", opened, (200, true, true))?;
            let sid = answer.body.split('"').nth(3).unwrap_or_default().to_owned();
            Polling { address: server.address, sid }.post(b"1")?;
            "200, an open packet as plain text".to_owned()
        }
    };
    // The healthy client's own.
    server.has_sessions(1)?;
    Ok(seen)
}

/// Methods that no session knows leave the session unhurt.
fn other_method(server: &Server, method: &str) -> Seen {
    let (polling, _) = Polling::connect(server.address)?;
    let answer = begin(server.address, method, &polling.target(), "", b"")?.answer()?;
    polling.is_alive()?;
    polling.post(b"1")?;
    Ok(answer.told())
}

fn head(server: &Server) -> Seen {
    let mut client = begin(server.address, "HEAD", Polling::OPEN, "", b"")?;
    let head = client.head()?;
    while client.fill()? {}
    same("a body", client.unread.len(), 0)?;
    same("the status", head.starts_with("http/1.1 400 "), true)?;
    server.has_sessions(1)?;
    Ok("400, no body".to_owned())
}

fn options(server: &Server, with_cors: &Server) -> Seen {
    let origin = "Origin: http://good\r\nAccess-Control-Request-Method: POST\r\n";
    let ask =
        |server: &Server| begin(server.address, "OPTIONS", Polling::OPEN, origin, b"")?.answer();
    same("without CORS", ask(server)?.status, 400)?;
    let answer = ask(with_cors)?;
    let allowed = "access-control-allow-origin: http://good\r\n";
    same("with CORS", (answer.status, answer.head.contains(allowed)), (204, true))?;
    same("methods", answer.head.contains("access-control-allow-methods: "), true)?;
    Ok("400 without CORS; 204 with its headers where it is set".to_owned())
}

fn foreign_origin(server: &Server, with_cors: &Server) -> Seen {
    let ask = |server: &Server| {
        begin(server.address, "GET", Polling::OPEN, "Origin: http://evil\r\n", b"")?.answer()
    };
    for server in [server, with_cors] {
        let answer = ask(server)?;
        let named = answer.head.contains("access-control-allow-origin");
        same("the answer to a foreign page", (answer.status, named), (200, false))?;
        let sid = answer.body.split('"').nth(3).unwrap_or_default().to_owned();
        Polling { address: server.address, sid }.post(b"1")?;
    }
    Ok("200, and the browser is told of no origin".to_owned())
}

/// A handshake for a WebSocket that cannot be: nothing is opened for it.
fn no_websocket(server: &Server, query: &str) -> Seen {
    let lines = format!("{}{}", crate::ws::VERSION, crate::ws::KEY);
    let (_ws, answer) = Ws::ask(server.address, &format!("/socket.io/?{query}"), &lines)?;
    same("the status", answer.status, 400)?;
    server.has_sessions(1)?;
    Ok(answer.told())
}

fn traversal(server: &Server) -> Seen {
    for path in ["/socket.io/../../etc/passwd", "/socket.io/%2e%2e/%2e%2e/etc/passwd"] {
        let mut client = crate::client::Client::connect(server.address)?;
        client.send(handshake(path, ""));
        let answer = client.answer()?;
        same("the status", [400, 404].contains(&answer.status), true)?;
        same("the file", answer.body.contains("root:"), false)?;
    }
    Ok("refused, no file".to_owned())
}

pub fn outcomes() -> &'static [Outcome] {
    static OUTCOMES: OnceLock<Vec<Outcome>> = OnceLock::new();
    OUTCOMES.get_or_init(|| {
        let _alone = alone();
        let server = Server::start(Options::default());
        let origin = Origin::List(vec!["http://good".to_owned()]);
        let cors = Some(Cors { origin, ..Cors::default() });
        let with_cors = Server::start(Options { cors, ..Options::default() });
        let vitals = Vitals::of(server.address);
        let mut outcomes: Vec<_> = requests()
            .iter()
            .map(|row| {
                let mut played = vitals.watch(row.id, row.required, || play(&server, row));
                if row.id.starts_with("H21") {
                    let with_sid =
                        vitals.watch(row.id, row.required, || other_method(&server, row.method));
                    played.seen = played.seen.and_then(|seen| {
                        with_sid.seen.map(|with_sid| {
                            format!("{seen}; with a sid {with_sid}, session unhurt")
                        })
                    });
                }
                played
            })
            .collect();
        outcomes.push(vitals.watch("H21He", "400, no body", || head(&server)));
        let required = "400; 204 with its headers where CORS is set";
        outcomes.push(vitals.watch("H21Op", required, || options(&server, &with_cors)));
        let required = "200, no Access-Control header for a foreign page";
        outcomes.push(vitals.watch("H22", required, || foreign_origin(&server, &with_cors)));
        outcomes.push(vitals.watch("H24", "400 or 404, no file", || traversal(&server)));
        for (id, query) in [
            ("E37", "EIO=4&transport=websocket&sid=nope"),
            ("E38", "EIO=4&transport=constructor"),
            ("E38b", "EIO=4&transport=polling"),
        ] {
            let required = "400 before any 101, nothing left open";
            outcomes.push(vitals.watch(id, required, || no_websocket(&server, query)));
        }
        outcomes
    })
}

#[test]
fn every_request_of_the_list() {
    all_are_met(outcomes());
}
