//! A server to test, and a client that looks at every byte.

use crate::MS;
use crate::app::{Seen, app};
use async_std::task;
use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::mpsc;
use std::time::{Duration, Instant};
use tide::listener::Listener;
use tide_socketio::Edge;
use tide_socketio::edge::Stopper;

pub struct Server {
    pub addr: SocketAddr,
    pub seen: Seen,
    pub stopper: Stopper,
    pub ended: mpsc::Receiver<std::io::Result<()>>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stopper.stop();
    }
}

impl Server {
    pub fn start() -> Self {
        Self::with(|edge| edge)
    }

    pub fn with(options: impl FnOnce(Edge) -> Edge) -> Self {
        let seen = Seen::default();
        let edge = options(Edge::new("127.0.0.1:0"));
        let stopper = edge.stopper();
        let mut listener = task::block_on(app(seen.clone()).bind(edge)).unwrap();
        let addr =
            listener.info()[0].connection().strip_prefix("http://").unwrap().parse().unwrap();
        let (report, ended) = mpsc::channel();
        task::spawn(async move { report.send(listener.accept().await) });
        Self { addr, seen, stopper, ended }
    }

    pub fn connect(&self) -> Client {
        let stream = TcpStream::connect(self.addr).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        stream.set_nodelay(true).unwrap();
        Client { stream, unread: Vec::new() }
    }

    /// Sends a request and expects exactly one refusal, and the end of the connection.
    pub fn refuses(&self, request: impl AsRef<[u8]>, status: u16) -> Answer {
        let mut client = self.connect();
        client.send(request);
        let answer = client.refusal(status);
        self.is_well();
        answer
    }

    /// A fresh client is served.
    pub fn is_well(&self) {
        let started = Instant::now();
        assert_eq!(self.connect().get("/").body, "home");
        assert!(
            started.elapsed() < 100 * MS * 10,
            "a healthy client waited {:?}",
            started.elapsed()
        );
    }

    pub fn saw(&self, what: &str) -> bool {
        self.seen.lock().unwrap().iter().any(|seen| seen == what)
    }

    pub fn sees(&self, what: &str) {
        let started = Instant::now();
        while !self.saw(what) {
            assert!(started.elapsed() < Duration::from_secs(5), "no {what:?} in {:?}", self.seen);
            std::thread::sleep(MS);
        }
    }
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        let line = self.head.lines().find(|line| {
            line.split_once(':').is_some_and(|(found, _)| found.eq_ignore_ascii_case(name))
        });
        line.and_then(|line| line.split_once(':')).map(|(_, value)| value.trim())
    }
}

pub struct Client {
    pub stream: TcpStream,
    pub unread: Vec<u8>,
}

impl Client {
    pub fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.stream.write_all(bytes.as_ref()).unwrap();
    }

    /// Reads more. `false` is the end.
    pub fn fill(&mut self) -> bool {
        let mut buffer = [0; 4096];
        match self.stream.read(&mut buffer) {
            Ok(0) => false,
            Ok(count) => {
                self.unread.extend_from_slice(&buffer[..count]);
                true
            }
            Err(error) if error.kind() == ErrorKind::ConnectionReset => false,
            Err(error) => {
                panic!("{error}, having read {:?}", String::from_utf8_lossy(&self.unread))
            }
        }
    }

    /// All that comes until the end.
    pub fn fill_all(&mut self) -> String {
        while self.fill() {}
        String::from_utf8_lossy(&self.unread).into_owned()
    }

    pub fn take(&mut self, count: usize) -> String {
        while self.unread.len() < count {
            assert!(self.fill(), "the connection ended early: {:?}", self.unread);
        }
        String::from_utf8(self.unread.drain(..count).collect()).unwrap()
    }

    pub fn take_through(&mut self, end: &str) -> String {
        loop {
            let found = self.unread.windows(end.len()).position(|part| part == end.as_bytes());
            if let Some(at) = found {
                return self.take(at + end.len());
            }
            assert!(self.fill(), "the connection ended without an answer: {:?}", self.unread);
        }
    }

    pub fn answer_to(&mut self, method: &str) -> Answer {
        let head = self.take_through("\r\n\r\n");
        let status = head.strip_prefix("HTTP/1.1 ").unwrap()[..3].parse().unwrap();
        let mut answer = Answer { status, head, body: String::new() };
        if method == "HEAD" || matches!(status, 100..200 | 204 | 304) {
            return answer;
        }
        if let Some(length) = answer.header("content-length") {
            answer.body = self.take(length.parse().unwrap());
            return answer;
        }
        assert_eq!(answer.header("transfer-encoding"), Some("chunked"));
        loop {
            let size = usize::from_str_radix(self.take_through("\r\n").trim(), 16).unwrap();
            answer.body += &self.take(size);
            assert_eq!(self.take(2), "\r\n");
            if size == 0 {
                return answer;
            }
        }
    }

    pub fn answer(&mut self) -> Answer {
        self.answer_to("GET")
    }

    pub fn get(&mut self, target: &str) -> Answer {
        self.send(format!("GET {target} HTTP/1.1\r\nHost: a\r\n\r\n"));
        self.answer()
    }

    pub fn refusal(&mut self, status: u16) -> Answer {
        let answer = self.answer();
        assert_eq!(answer.status, status, "{answer:?}");
        assert_eq!(answer.header("connection"), Some("close"));
        assert_eq!(answer.header("content-type"), Some("application/json"));
        assert!(answer.body.starts_with("{\"error\":\"") && answer.body.ends_with("\"}"));
        self.is_closed();
        answer
    }

    pub fn is_closed(&mut self) {
        while self.fill() {}
        assert_eq!(String::from_utf8_lossy(&self.unread), "", "nothing may come after the answer");
    }

    /// Nothing comes, and the connection stays open.
    pub fn is_silent_for(&mut self, time: Duration) {
        self.stream.set_read_timeout(Some(time)).unwrap();
        let error = self.stream.read(&mut [0]).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut), "{error}");
        self.stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    }
}

pub fn get(target: &str) -> String {
    format!("GET {target} HTTP/1.1\r\nHost: a\r\n\r\n")
}

pub fn post(target: &str, headers: &str, body: &str) -> String {
    format!("POST {target} HTTP/1.1\r\nHost: a\r\n{headers}\r\n{body}")
}
