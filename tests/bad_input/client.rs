//! Requests as no library would send them, and long-polling request by request.

use crate::outcome::{Failure, same};
use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// How long anything may take.
pub const PATIENCE: Duration = Duration::from_secs(5);
/// How long a request needs, at most, from its sender to the session it is for.
pub const ARRIVAL: Duration = Duration::from_millis(40);

/// A connection, byte by byte.
pub struct Client {
    pub stream: TcpStream,
    pub unread: Vec<u8>,
}

/// An HTTP answer.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    /// In lower case.
    pub head: String,
    pub body: String,
}

impl Answer {
    /// The status, and the body if it is one of the protocol's refusals.
    pub fn told(&self) -> String {
        match self.body.starts_with("{\"code\"") {
            true => format!("{} {}", self.status, self.body),
            false => self.status.to_string(),
        }
    }
}

impl Client {
    pub fn connect(address: SocketAddr) -> Result<Self, Failure> {
        let stream = TcpStream::connect(address).map_err(|error| format!("connect: {error}"))?;
        stream.set_read_timeout(Some(PATIENCE)).map_err(|error| error.to_string())?;
        stream.set_nodelay(true).map_err(|error| error.to_string())?;
        Ok(Self { stream, unread: Vec::new() })
    }

    /// Sends. A server that has refused already takes no more, and its answer is there to read.
    pub fn send(&mut self, bytes: impl AsRef<[u8]>) {
        let _ = self.stream.write_all(bytes.as_ref());
    }

    /// Reads more; `false` at the end.
    pub fn fill(&mut self) -> Result<bool, Failure> {
        let mut buffer = [0; 16 * 1024];
        match self.stream.read(&mut buffer) {
            Ok(0) => Ok(false),
            Ok(count) => {
                self.unread.extend_from_slice(&buffer[..count]);
                Ok(true)
            }
            Err(error) if error.kind() == ErrorKind::ConnectionReset => Ok(false),
            Err(_) => Err(Failure::Wrong(format!("silence after {:?}", self.text()))),
        }
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.unread).chars().take(200).collect()
    }

    /// The head of the next answer, in lower case.
    pub fn head(&mut self) -> Result<String, Failure> {
        loop {
            if let Some(end) = self.unread.windows(4).position(|window| window == b"\r\n\r\n") {
                let head = self.unread.drain(..end + 4).collect();
                return Ok(String::from_utf8(head)
                    .map_err(|_| "a head that is no text")?
                    .to_lowercase());
            }
            if !self.fill()? {
                return Err(Failure::Wrong(format!("no answer but {:?}", self.text())));
            }
        }
    }

    /// The next answer. Bodies of the server under test all have a length.
    pub fn answer(&mut self) -> Result<Answer, Failure> {
        let head = self.head()?;
        let status = head.get(9..12).and_then(|status| status.parse().ok()).ok_or("no status")?;
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let length = length.map_or(0, |length| length.trim().parse().unwrap_or(0));
        while self.unread.len() < length {
            if !self.fill()? {
                return Err("the body of an answer is cut".into());
            }
        }
        let body = self.unread.drain(..length).collect();
        let body = String::from_utf8(body).map_err(|_| "a body that is no text")?;
        Ok(Answer { status, head, body })
    }
}

/// Sends a whole request with these header lines, and leaves its answer to be read.
pub fn begin(
    address: SocketAddr,
    method: &str,
    target: &str,
    headers: &str,
    body: &[u8],
) -> Result<Client, Failure> {
    let length = match (method, body.len()) {
        ("GET" | "HEAD" | "OPTIONS", 0) => String::new(),
        (_, length) => format!("Content-Length: {length}\r\n"),
    };
    let head = format!(
        "{method} {target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{length}{headers}\r\n"
    );
    let mut client = Client::connect(address)?;
    client.send([head.as_bytes(), body].concat());
    Ok(client)
}

pub fn request(
    address: SocketAddr,
    method: &str,
    target: &str,
    body: &[u8],
) -> Result<Answer, Failure> {
    begin(address, method, target, "", body)?.answer()
}

/// A session over long-polling.
pub struct Polling {
    pub address: SocketAddr,
    pub sid: String,
}

impl Polling {
    pub const OPEN: &str = "/socket.io/?EIO=4&transport=polling";

    pub fn open(address: SocketAddr) -> Result<Self, Failure> {
        let open = request(address, "GET", Self::OPEN, b"")?;
        let sid = open.body.split('"').nth(3).ok_or("no open packet")?.to_owned();
        Ok(Self { address, sid })
    }

    /// A session in the main namespace, and the id of its socket.
    pub fn connect(address: SocketAddr) -> Result<(Self, String), Failure> {
        let polling = Self::open(address)?;
        same("the answer to CONNECT", polling.post(b"40")?.status, 200)?;
        let answer = polling.poll()?.body;
        // With recovery there is a private id before it.
        let id = answer.strip_prefix("40{").and_then(|rest| rest.split("\"sid\":\"").nth(1));
        let id = id.ok_or(format!("not let in: {answer}"))?;
        let id = id.split('"').next().unwrap_or_default().to_owned();
        Ok((polling, id))
    }

    pub fn target(&self) -> String {
        format!("{}&sid={}", Self::OPEN, self.sid)
    }

    pub fn ws_target(&self) -> String {
        self.target().replace("transport=polling", "transport=websocket")
    }

    pub fn post(&self, body: &[u8]) -> Result<Answer, Failure> {
        request(self.address, "POST", &self.target(), body)
    }

    pub fn poll(&self) -> Result<Answer, Failure> {
        request(self.address, "GET", &self.target(), b"")
    }

    /// A poll that has arrived and waits.
    pub fn begin_poll(&self) -> Result<Client, Failure> {
        let poll = begin(self.address, "GET", &self.target(), "", b"")?;
        std::thread::sleep(ARRIVAL);
        Ok(poll)
    }

    /// The session answers.
    pub fn is_alive(&self) -> Result<(), Failure> {
        same("the POST of a living session", self.post(br#"427["alive"]"#)?.body, "ok".to_owned())?;
        same("the answer of a living session", self.poll()?.body, r#"437["yes"]"#.to_owned())
    }

    /// The session is no more.
    pub fn is_gone(&self) -> Result<(), Failure> {
        same("a poll of a session that is gone", self.poll()?.told(), GONE.to_owned())
    }
}

/// What a request for a session is told that is not there.
pub const GONE: &str = r#"400 {"code":1,"message":"Session ID unknown"}"#;
