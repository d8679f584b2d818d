//! Clients over long-polling: a connection that always asks, and one that sends.

use crate::Target;
use crate::meter::Meter;
use crate::prepared::{self, Prepared};
use crate::socket::{SCRATCH, Socket};
use anyhow::{Context, Result, bail};
use benches::outcome::Outcome;
use benches::scenario::Scenario;
use mio::{Events, Poll};
use std::time::{Duration, Instant};

struct Client {
    asks: Socket,
    sends: Socket,
    /// The rest is known when the server has opened the session.
    session: Option<Session>,
}

struct Session {
    sid: String,
    poll: Vec<u8>,
    message: Prepared,
    /// What to send next.
    due: Vec<Due>,
    /// Whether a POST has not been answered yet.
    sending: bool,
}

enum Due {
    Connect,
    Message,
    Pong,
}

/// Plays the scenario.
pub fn run(scenario: &Scenario, target: Target, measured: Duration) -> Result<Outcome> {
    let mut load = Load::new(scenario.clients, target)?;
    load.drive(measured / 4)?;
    load.meter = Meter::start(target.pid)?;
    load.drive(measured)?;
    load.meter.finish()
}

struct Load {
    poll: Poll,
    events: Events,
    scratch: Vec<u8>,
    clients: Vec<Client>,
    meter: Meter,
}

impl Load {
    fn new(count: usize, target: Target) -> Result<Self> {
        let poll = Poll::new()?;
        let mut clients = Vec::with_capacity(count);
        for index in 0..count {
            let mut asks = Socket::connect(target.port, 2 * index, poll.registry())?;
            let sends = Socket::connect(target.port, 2 * index + 1, poll.registry())?;
            asks.out.extend(head("GET", "").as_bytes());
            asks.out.extend(b"\r\n");
            clients.push(Client { asks, sends, session: None });
        }
        let meter = Meter::start(target.pid)?;
        let (events, scratch) = (Events::with_capacity(4096), vec![0; SCRATCH]);
        Ok(Self { poll, events, scratch, clients, meter })
    }

    fn drive(&mut self, length: Duration) -> Result<()> {
        let start = Instant::now();
        while start.elapsed() < length {
            self.poll.poll(&mut self.events, Some(Duration::from_millis(10)))?;
            for event in &self.events {
                let client = &mut self.clients[event.token().0 / 2];
                let Client { asks, sends, session } = client;
                if event.token().0 % 2 == 0 {
                    asks.read(event, &mut self.scratch, |bytes, out| {
                        answered(bytes, |body| packets(body, session, out, &mut self.meter))
                    })?;
                } else {
                    sends.read(event, &mut self.scratch, |bytes, _| {
                        answered(bytes, |_| {
                            session.as_mut().context("an answer to no POST")?.sending = false;
                            Ok(())
                        })
                    })?;
                }
                if let Some(session) = session {
                    session.send(&mut sends.out);
                }
                asks.flush()?;
                sends.flush()?;
            }
            self.meter.watch()?;
        }
        Ok(())
    }
}

impl Session {
    fn new(sid: String) -> Self {
        let message = Prepared::new("421[\"echo\",", |packet, out| post(&sid, packet, out));
        let poll = format!("{}\r\n", head("GET", &sid)).into_bytes();
        Self { sid, poll, message, due: vec![Due::Connect], sending: false }
    }

    /// Sends what is due, once the POST before it has been answered.
    fn send(&mut self, out: &mut Vec<u8>) {
        if self.sending {
            return;
        }
        match self.due.pop() {
            Some(Due::Connect) => post(&self.sid, b"40", out),
            Some(Due::Message) => self.message.push(prepared::now(), out),
            Some(Due::Pong) => post(&self.sid, b"3", out),
            None => return,
        }
        self.sending = true;
    }
}

/// Takes the packets of a payload, and asks for more.
fn packets(
    body: &[u8],
    session: &mut Option<Session>,
    out: &mut Vec<u8>,
    meter: &mut Meter,
) -> Result<()> {
    for packet in body.split(|byte| *byte == 0x1e) {
        let text = || String::from_utf8_lossy(packet).into_owned();
        let Some(session) = session else {
            let open: serde_json::Value = serde_json::from_slice(&packet[1..])
                .with_context(|| format!("not an open packet: {}", text()))?;
            let sid = open["sid"].as_str().context("no sid")?;
            *session = Some(Session::new(sid.to_owned()));
            continue;
        };
        if let Some(sent) = prepared::sent(packet, b"431[") {
            meter.count_with(prepared::now().saturating_sub(sent));
            session.due.push(Due::Message);
        } else if packet.starts_with(b"40") {
            session.due.push(Due::Message);
        } else if packet == b"2" {
            session.due.push(Due::Pong);
        } else {
            bail!("a packet {}", text());
        }
    }
    out.extend(session.iter().flat_map(|session| &session.poll));
    Ok(())
}

/// Gives `take` the bodies of the responses that are complete.
fn answered(bytes: &[u8], mut take: impl FnMut(&[u8]) -> Result<()>) -> Result<usize> {
    let mut used = 0;
    loop {
        let mut headers = [httparse::EMPTY_HEADER; 32];
        let mut response = httparse::Response::new(&mut headers);
        let rest = &bytes[used..];
        let httparse::Status::Complete(start) = response.parse(rest)? else { return Ok(used) };
        if response.code != Some(200) {
            bail!("a response {}", String::from_utf8_lossy(rest));
        }
        let length = response
            .headers
            .iter()
            .find(|header| header.name.eq_ignore_ascii_case("content-length"))
            .context("a response without a Content-Length")?;
        let length: usize = std::str::from_utf8(length.value)?.trim().parse()?;
        let Some(body) = rest[start..].get(..length) else { return Ok(used) };
        take(body)?;
        used += start + length;
    }
}

fn head(method: &str, sid: &str) -> String {
    let sid = if sid.is_empty() { String::new() } else { format!("&sid={sid}") };
    format!("{method} /socket.io/?EIO=4&transport=polling{sid} HTTP/1.1\r\nHost: localhost\r\n")
}

fn post(sid: &str, packet: &[u8], out: &mut Vec<u8>) {
    let (head, length) = (head("POST", sid), packet.len());
    let rest =
        format!("Content-Type: text/plain;charset=UTF-8\r\nContent-Length: {length}\r\n\r\n");
    out.extend(head.as_bytes());
    out.extend(rest.as_bytes());
    out.extend(packet);
}

#[cfg(test)]
mod tests;
