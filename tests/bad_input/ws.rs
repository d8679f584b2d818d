//! A WebSocket, frame by frame, with a mask of zeros: the bytes in a table are the bytes on the wire.

use crate::client::{Answer, Client};
use crate::outcome::{Failure, same};
use std::net::SocketAddr;

/// What the server sent.
#[derive(Debug, PartialEq, Eq)]
pub enum Got {
    Text(String),
    Binary(Vec<u8>),
    Pong,
    /// A close frame: its code, 1005 if it has none, and its reason.
    Close(u16, String),
    /// The connection has ended.
    End,
}

pub struct Ws {
    pub client: Client,
}

/// One frame as a client sends it.
pub fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut out = vec![first];
    match payload.len() {
        length @ 0..=125 => out.push(0x80 | length as u8),
        length @ 126..=0xffff => {
            out.push(0xfe);
            out.extend((length as u16).to_be_bytes());
        }
        length => {
            out.push(0xff);
            out.extend((length as u64).to_be_bytes());
        }
    }
    out.extend([0; 4]);
    out.extend_from_slice(payload);
    out
}

/// The request that asks for a WebSocket, with these lines in place of version and key.
pub fn handshake(target: &str, lines: &str) -> String {
    format!(
        "GET {target} HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n{lines}\r\n"
    )
}

pub const OPEN: &str = "/socket.io/?EIO=4&transport=websocket";
pub const VERSION: &str = "Sec-WebSocket-Version: 13\r\n";
pub const KEY: &str = "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n";

impl Ws {
    /// Asks for a WebSocket with these header lines; the answer is a 101 or something else.
    pub fn ask(address: SocketAddr, target: &str, lines: &str) -> Result<(Self, Answer), Failure> {
        let mut client = Client::connect(address)?;
        client.send(handshake(target, lines));
        let answer = client.answer()?;
        Ok((Self { client }, answer))
    }

    pub fn open(address: SocketAddr, target: &str) -> Result<Self, Failure> {
        let (ws, answer) = Self::ask(address, target, &format!("{VERSION}{KEY}"))?;
        same("the answer to a handshake", answer.status, 101)?;
        Ok(ws)
    }

    /// A session of its own, not yet in a namespace.
    pub fn session(address: SocketAddr) -> Result<Self, Failure> {
        let mut ws = Self::open(address, OPEN)?;
        match ws.next()? {
            Got::Text(open) if open.starts_with("0{") => Ok(ws),
            other => Err(Failure::Wrong(format!("no open packet but {other:?}"))),
        }
    }

    /// A session in the main namespace, and the id of its socket.
    pub fn connect(address: SocketAddr) -> Result<(Self, String), Failure> {
        let mut ws = Self::session(address)?;
        ws.text("40");
        let id = ws.let_in("40")?;
        Ok((ws, id))
    }

    /// The id in the answer to a CONNECT that begins so.
    pub fn let_in(&mut self, start: &str) -> Result<String, Failure> {
        match self.next()? {
            Got::Text(answer) if answer.starts_with(start) => {
                let id = answer.split("\"sid\":\"").nth(1).and_then(|rest| rest.split('"').next());
                Ok(id.ok_or(format!("no id in {answer}"))?.to_owned())
            }
            other => Err(Failure::Wrong(format!("not let in: {other:?}"))),
        }
    }

    pub fn text(&mut self, text: &str) {
        self.client.send(frame(0x81, text.as_bytes()));
    }

    pub fn binary(&mut self, data: &[u8]) {
        self.client.send(frame(0x82, data));
    }

    /// What the server sends next.
    pub fn next(&mut self) -> Result<Got, Failure> {
        loop {
            if let Some((first, payload)) = take_frame(&mut self.client.unread) {
                let text = || String::from_utf8_lossy(&payload).into_owned();
                return match first {
                    0x81 => Ok(Got::Text(text())),
                    0x82 => Ok(Got::Binary(payload)),
                    0x8a => Ok(Got::Pong),
                    0x88 => Ok(match payload.split_at_checked(2) {
                        Some((code, reason)) => Got::Close(
                            u16::from_be_bytes([code[0], code[1]]),
                            String::from_utf8_lossy(reason).into_owned(),
                        ),
                        None => Got::Close(1005, String::new()),
                    }),
                    other => Err(Failure::Wrong(format!("a frame that begins with {other:#x}"))),
                };
            }
            if !self.client.fill()? {
                return Ok(Got::End);
            }
        }
    }

    /// The socket in the main namespace answers, and nothing else has come.
    pub fn is_alive(&mut self) -> Result<(), Failure> {
        self.text(r#"427["alive"]"#);
        same("a living socket", self.next()?, Got::Text(r#"437["yes"]"#.to_owned()))
    }

    /// The server says goodbye, with this code, and closes the connection.
    pub fn is_closed(&mut self, code: u16) -> Result<String, Failure> {
        match self.next()? {
            Got::Close(seen, reason) => {
                same("the close code", seen, code)?;
                same("after the close frame", self.next()?, Got::End)?;
                Ok(reason)
            }
            other => Err(Failure::Wrong(format!("{other:?} instead of a close frame"))),
        }
    }
}

/// The first frame in `bytes`, if it is whole: its first byte and its payload.
pub fn take_frame(bytes: &mut Vec<u8>) -> Option<(u8, Vec<u8>)> {
    let (first, second) = (*bytes.first()?, *bytes.get(1)?);
    let (start, length) = match second {
        126 => (4, u16::from_be_bytes(bytes.get(2..4)?.try_into().ok()?) as usize),
        127 => (10, u64::from_be_bytes(bytes.get(2..10)?.try_into().ok()?) as usize),
        length => (2, length as usize),
    };
    let payload = bytes.get(start..start + length)?.to_vec();
    bytes.drain(..start + length);
    Some((first, payload))
}
