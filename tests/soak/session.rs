//! A client's session, over a WebSocket, over long-polling, or over both.

use crate::ws::{OPEN, frame, take_frame};
use async_std::net::TcpStream;
use futures_lite::{AsyncReadExt, AsyncWriteExt};
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

/// How long anything may take that the server does at once.
const PATIENCE: Duration = Duration::from_secs(20);

fn wrong(what: impl Into<String>) -> io::Error {
    io::Error::other(what.into())
}

/// A connection, and what was read from it ahead.
pub struct Stream {
    io: TcpStream,
    unread: Vec<u8>,
}

impl Stream {
    async fn connect(address: SocketAddr) -> io::Result<Self> {
        let io = TcpStream::connect(address).await?;
        io.set_nodelay(true)?;
        Ok(Self { io, unread: Vec::new() })
    }

    async fn fill(&mut self) -> io::Result<()> {
        let mut buffer = [0; 8 * 1024];
        let count = self.io.read(&mut buffer).await?;
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.unread.extend_from_slice(&buffer[..count]);
        Ok(())
    }

    /// Reads until something is whole. Nothing is lost if this is given up half way.
    async fn read<T>(&mut self, take: impl Fn(&mut Vec<u8>) -> Option<T>) -> io::Result<T> {
        loop {
            if let Some(whole) = take(&mut self.unread) {
                return Ok(whole);
            }
            self.fill().await?;
        }
    }

    async fn request(&mut self, method: &str, target: &str, body: &str) -> io::Result<()> {
        let length = match method {
            "GET" => String::new(),
            _ => format!("Content-Length: {}\r\n", body.len()),
        };
        let request = format!("{method} {target} HTTP/1.1\r\nHost: a\r\n{length}\r\n{body}");
        self.io.write_all(request.as_bytes()).await
    }

    async fn answer(&mut self) -> io::Result<String> {
        match self.read(take_answer).await? {
            (200, body) => Ok(body),
            (status, body) => Err(wrong(format!("{status} {body}"))),
        }
    }

    /// A WebSocket at `target`.
    async fn websocket(address: SocketAddr, target: &str) -> io::Result<Self> {
        let mut stream = Self::connect(address).await?;
        let lines = format!("{}{}", crate::ws::VERSION, crate::ws::KEY);
        stream.io.write_all(crate::ws::handshake(target, &lines).as_bytes()).await?;
        match stream.read(take_answer).await? {
            (101, _) => Ok(stream),
            (status, body) => Err(wrong(format!("{status} {body} instead of a WebSocket"))),
        }
    }

    async fn text(&mut self, text: &str) -> io::Result<()> {
        self.io.write_all(&frame(0x81, text.as_bytes())).await
    }

    async fn packet(&mut self) -> io::Result<String> {
        match self.read(take_frame).await? {
            (0x81, text) => String::from_utf8(text).map_err(|_| wrong("not UTF-8")),
            (first, rest) => Err(wrong(format!("a frame {first:#x} {rest:?}"))),
        }
    }
}

/// The first answer in `bytes`, if it is whole: its status and its body.
fn take_answer(bytes: &mut Vec<u8>) -> Option<(u16, String)> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
    let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    let length = length.map_or(0, |length| length.trim().parse().unwrap_or(0));
    let body = String::from_utf8_lossy(bytes.get(end..end + length)?).into_owned();
    let status = head.get(9..12)?.parse().ok()?;
    bytes.drain(..end + length);
    Some((status, body))
}

/// How a client comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    WebSocket,
    Polling,
    /// By long-polling, and from there to a WebSocket.
    Upgrade,
}

pub enum Session {
    WebSocket(Stream),
    Polling(Box<Polling>),
}

pub struct Polling {
    address: SocketAddr,
    target: String,
    get: Stream,
    post: Stream,
    /// Whether a poll is under way.
    is_polling: bool,
}

impl Session {
    pub async fn open(address: SocketAddr, way: Way) -> io::Result<Self> {
        let opening = async {
            if way == Way::WebSocket {
                let mut stream = Stream::websocket(address, OPEN).await?;
                stream.packet().await?;
                return Ok(Self::WebSocket(stream));
            }
            let target = OPEN.replace("transport=websocket", "transport=polling");
            let mut get = Stream::connect(address).await?;
            get.request("GET", &target, "").await?;
            let open = get.answer().await?;
            let sid = open.split('"').nth(3).ok_or_else(|| wrong("no open packet"))?;
            let target = format!("{target}&sid={sid}");
            let post = Stream::connect(address).await?;
            let polling = Polling { address, target, get, post, is_polling: false };
            Ok(Self::Polling(Box::new(polling)))
        };
        async_std::future::timeout(PATIENCE, opening).await.map_err(|_| wrong("not let in"))?
    }

    /// The next packets. Nothing is lost if this is given up half way.
    pub async fn next(&mut self) -> io::Result<Vec<String>> {
        match self {
            Self::WebSocket(stream) => Ok(vec![stream.packet().await?]),
            Self::Polling(polling) => polling.poll().await,
        }
    }

    pub async fn send(&mut self, packet: &str) -> io::Result<()> {
        match self {
            Self::WebSocket(stream) => stream.text(packet).await,
            Self::Polling(polling) => {
                polling.post.request("POST", &polling.target, packet).await?;
                let answer = async_std::future::timeout(PATIENCE, polling.post.answer()).await;
                answer.map_err(|_| wrong("a POST is not answered"))?.map(drop)
            }
        }
    }

    /// Goes over to a WebSocket, and returns what came over the old transport meanwhile.
    pub async fn upgrade(&mut self) -> io::Result<Vec<String>> {
        let Self::Polling(polling) = self else { return Ok(Vec::new()) };
        let target = polling.target.replace("transport=polling", "transport=websocket");
        let moving = async {
            let mut stream = Stream::websocket(polling.address, &target).await?;
            stream.text("2probe").await?;
            polling.begin().await?;
            let answer = stream.packet().await?;
            if answer != "3probe" {
                return Err(wrong(format!("{answer} instead of 3probe")));
            }
            // The server ends the poll that waits: with a message, or with a noop.
            let packets = polling.poll().await?;
            stream.text("5").await?;
            Ok((stream, packets))
        };
        let moved = async_std::future::timeout(PATIENCE, moving).await;
        let (stream, packets) = moved.map_err(|_| wrong("an upgrade does not end"))??;
        *self = Self::WebSocket(stream);
        Ok(packets)
    }
}

impl Polling {
    async fn begin(&mut self) -> io::Result<()> {
        if !self.is_polling {
            self.get.request("GET", &self.target, "").await?;
            self.is_polling = true;
        }
        Ok(())
    }

    async fn poll(&mut self) -> io::Result<Vec<String>> {
        self.begin().await?;
        let body = self.get.answer().await?;
        self.is_polling = false;
        Ok(body.split('\x1e').map(str::to_owned).collect())
    }
}
