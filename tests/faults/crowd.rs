//! Many WebSocket clients in one process, each cheap enough to leave the processor to the server.

use crate::outcome::Failure;
use crate::ws::{KEY, OPEN, VERSION, frame, handshake};
use async_std::future::timeout;
use async_std::net::TcpStream;
use async_std::task::{self, JoinHandle};
use futures_lite::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use std::cell::RefCell;
use std::future::poll_fn;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Poll, ready};
use std::time::{Duration, Instant};

/// How long a crowd may take for anything.
const PATIENCE: Duration = Duration::from_secs(60);

thread_local! {
    static SCRATCH: RefCell<Vec<u8>> = RefCell::new(vec![0; 64 * 1024]);
}

/// Why a client was not let in.
#[derive(Debug, PartialEq, Eq)]
pub enum Refused {
    /// The connection was refused or cut.
    Cut,
    /// Another answer than 101, and whether it says when to come again.
    Status(u16, bool),
}

/// A client in the main namespace.
pub struct Client {
    stream: TcpStream,
    frames: Frames,
}

impl Client {
    pub async fn connect(address: SocketAddr) -> Result<Self, Refused> {
        let cut = |_: io::Error| Refused::Cut;
        let mut stream = TcpStream::connect(address).await.map_err(cut)?;
        stream.set_nodelay(true).map_err(cut)?;
        let request = handshake(OPEN, &format!("{VERSION}{KEY}"));
        let hello = [request.as_bytes(), &frame(0x81, b"40")].concat();
        stream.write_all(&hello).await.map_err(cut)?;
        let mut head = Vec::new();
        let end = loop {
            if let Some(end) = head.windows(4).position(|window| window == b"\r\n\r\n") {
                break end + 4;
            }
            let mut buffer = [0; 1024];
            let count = stream.read(&mut buffer).await.map_err(cut)?;
            if count == 0 {
                return Err(Refused::Cut);
            }
            head.extend_from_slice(&buffer[..count]);
        };
        let rest = head.split_off(end);
        let head = String::from_utf8_lossy(&head).to_lowercase();
        let status = head.get(9..12).and_then(|status| status.parse().ok()).unwrap_or(0);
        if status != 101 {
            return Err(Refused::Status(status, head.contains("\r\nretry-after: ")));
        }
        let mut client = Self { stream, frames: Frames::default() };
        let mut entered = false;
        client.frames.take(&rest, |_, packet| entered |= packet.starts_with(b"40{"));
        while !entered {
            client.next(|_, packet| entered |= packet.starts_with(b"40{")).await.map_err(cut)?;
        }
        Ok(client)
    }

    pub async fn send(&mut self, text: &str) -> io::Result<()> {
        self.stream.write_all(&frame(0x81, text.as_bytes())).await
    }

    /// Reads once, and shows of each frame its first byte and the beginning of its payload. A ping is answered,
    /// and there was one if it returns true.
    pub async fn next(&mut self, mut on: impl FnMut(u8, &[u8])) -> io::Result<bool> {
        let Self { stream, frames } = self;
        let mut pinged = false;
        poll_fn(|cx| {
            SCRATCH.with_borrow_mut(|scratch| {
                let count = ready!(Pin::new(&mut *stream).poll_read(cx, scratch))?;
                if count == 0 {
                    return Poll::Ready(Err(io::Error::from(io::ErrorKind::UnexpectedEof)));
                }
                frames.take(&scratch[..count], |first, packet| match packet {
                    b"2" => pinged = true,
                    _ => on(first, packet),
                });
                Poll::Ready(Ok(()))
            })
        })
        .await?;
        if pinged {
            self.send("3").await?;
        }
        Ok(pinged)
    }
}

/// How much of a payload is looked at.
const SHOWN: usize = 256;

/// Where the frames begin in what comes.
#[derive(Debug, Default)]
pub struct Frames {
    /// The beginning of a frame, up to as much of it as is looked at.
    start: Vec<u8>,
    /// What of the last frame is yet to come.
    skip: usize,
}

impl Frames {
    pub fn take(&mut self, mut bytes: &[u8], mut on: impl FnMut(u8, &[u8])) {
        loop {
            let skipped = self.skip.min(bytes.len());
            self.skip -= skipped;
            bytes = &bytes[skipped..];
            let (header, length) = match *self.start {
                [] | [_] => (2, 0),
                [_, 126, high, low, ..] => (4, usize::from(u16::from_be_bytes([high, low]))),
                [_, 126, ..] => (4, 0),
                [_, 127, _, _, _, _, a, b, c, d, ..] => {
                    (10, u32::from_be_bytes([a, b, c, d]) as usize)
                }
                [_, 127, ..] => (10, 0),
                [_, length, ..] => (2, usize::from(length)),
            };
            let wanted = header + length.min(SHOWN);
            if self.start.len() >= header && self.start.len() == wanted {
                on(self.start[0], &self.start[header..]);
                self.skip = length - length.min(SHOWN);
                self.start.clear();
                continue;
            }
            if bytes.is_empty() {
                return;
            }
            let taken = (wanted - self.start.len()).min(bytes.len());
            self.start.extend_from_slice(&bytes[..taken]);
            bytes = &bytes[taken..];
        }
    }
}

/// The number in a post.
pub fn post_number(packet: &[u8]) -> Option<u64> {
    let number = packet.strip_prefix(b"42[\"post\",")?;
    let number = number.split(|byte| *byte == b',').next()?;
    std::str::from_utf8(number).ok()?.parse().ok()
}

/// A post, as a client sends it.
pub fn post(number: u64, bytes: usize) -> String {
    format!("42[\"post\",{number},\"{}\"]", "x".repeat(bytes))
}

/// What one client of a crowd heard of the posts.
#[derive(Debug, Default)]
struct Heard {
    last: u64,
    /// Posts that did not come after the one before.
    astray: u64,
    /// How long each took, in microseconds.
    waits: Vec<u32>,
}

/// Clients that hear all posts.
pub struct Crowd {
    times: Arc<Times>,
    tasks: Vec<JoinHandle<Heard>>,
}

/// When each post was sent, in microseconds from the beginning.
struct Times {
    begun: Instant,
    sent: Vec<AtomicU64>,
}

impl Times {
    fn now(&self) -> u64 {
        self.begun.elapsed().as_micros() as u64
    }
}

impl Crowd {
    /// So many clients, who stay for so many posts.
    pub fn gather(address: SocketAddr, count: usize, posts: u64) -> Self {
        let sent = (0..=posts).map(|_| AtomicU64::new(0)).collect();
        let times = Arc::new(Times { begun: Instant::now(), sent });
        let tasks = task::block_on(async {
            let mut tasks = Vec::new();
            for _ in 0..count {
                let client = Client::connect(address).await.expect("let in");
                tasks.push(task::spawn(listen(client, times.clone())));
            }
            tasks
        });
        Self { times, tasks }
    }

    /// To be called when a post leaves.
    pub fn sends(&self, number: u64) {
        self.times.sent[number as usize].store(self.times.now(), Ordering::Relaxed);
    }

    /// Waits until everybody has heard everything, and says how long it took, the shortest first.
    pub fn heard_all(self) -> Result<Vec<u32>, Failure> {
        let posts = self.times.sent.len() as u64 - 1;
        let mut waits = Vec::new();
        for listener in self.tasks {
            let heard = task::block_on(timeout(PATIENCE, listener));
            let heard = heard.map_err(|_| "a client waits for posts that do not come")?;
            if heard.last != posts || heard.astray > 0 {
                let Heard { last, astray, .. } = heard;
                return Err(Failure::Wrong(format!("{last} of {posts} posts, {astray} astray")));
            }
            waits.extend(heard.waits);
        }
        waits.sort_unstable();
        Ok(waits)
    }
}

async fn listen(mut client: Client, times: Arc<Times>) -> Heard {
    let mut heard = Heard::default();
    let posts = times.sent.len() as u64 - 1;
    while heard.last < posts {
        let read = client.next(|_, packet| {
            let Some(number) = post_number(packet) else { return };
            heard.astray += u64::from(number != heard.last + 1);
            heard.last = number;
            let sent = times.sent[number as usize].load(Ordering::Relaxed);
            heard.waits.push((times.now() - sent) as u32);
        });
        if read.await.is_err() {
            break;
        }
    }
    heard
}

/// The wait that only one in a hundred exceeds.
pub fn p99(waits: &[u32]) -> Duration {
    Duration::from_micros(waits[waits.len() * 99 / 100].into())
}
