//! The shortcut of long-polling: the same answers as through the application, which sees nothing of it.

use crate::client::{self, Client, Server, get, post};
use async_std::task;
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tide::listener::Listener;
use tide_socketio::edge::{Answer, Answering, Ask, Shortcut, Stopper};
use tide_socketio::{Edge, Options, SocketIo};

/// A server with one session.
struct Side {
    addr: SocketAddr,
    stopper: Stopper,
    sid: String,
    /// How many requests have come to the application.
    reached: Arc<AtomicUsize>,
    refusals: Arc<Mutex<Vec<String>>>,
}

impl Drop for Side {
    fn drop(&mut self) {
        self.stopper.stop();
    }
}

impl Side {
    fn start(is_short: bool) -> Self {
        let io = SocketIo::with(Options { max_http_buffer_size: 100, ..Options::default() });
        io.on_connection(async |socket| {
            socket.on("echo", async |socket, n: u64| socket.emit("echo", n));
        });
        let refusals = Arc::new(Mutex::new(Vec::new()));
        let seen = refusals.clone();
        io.on_connection_error(move |refusal, request| {
            let (target, _) = request.url.split_once("sid=").unwrap();
            let agent = request.header("user-agent").unwrap_or_default();
            seen.lock().unwrap().push(format!("{target} {agent} {refusal}"));
        });
        let reached = Arc::new(AtomicUsize::new(0));
        let mut app = tide::with_state(reached.clone());
        app.with(tide::utils::Before(async |request: tide::Request<Arc<AtomicUsize>>| {
            request.state().fetch_add(1, Ordering::SeqCst);
            request
        }));
        io.attach(&mut app);
        let edge = Edge::new("127.0.0.1:0");
        let edge = if is_short { edge.shortcut(io) } else { edge };
        let stopper = edge.stopper();
        let mut listener = task::block_on(app.bind(edge)).unwrap();
        let addr = listener.info()[0].connection().strip_prefix("http://").unwrap().parse();
        task::spawn(async move { listener.accept().await });
        let mut side = Self { addr: addr.unwrap(), stopper, sid: String::new(), reached, refusals };
        let open = side.connect().get("/socket.io/?EIO=4&transport=polling").body;
        side.sid = open.split('"').nth(3).unwrap().to_owned();
        side
    }

    fn connect(&self) -> Client {
        let stream = TcpStream::connect(self.addr).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        Client { stream, unread: Vec::new() }
    }

    fn target(&self) -> String {
        format!("/socket.io/?EIO=4&transport=polling&sid={}", self.sid)
    }

    /// The answer to a request, without what differs from one server to the next.
    fn asks(&self, request: impl AsRef<[u8]>) -> String {
        let mut client = self.connect();
        client.send(request);
        self.plain(&client.answer())
    }

    fn plain(&self, answer: &client::Answer) -> String {
        let mut lines: Vec<_> = answer.head.lines().skip(1).map(str::to_lowercase).collect();
        lines.retain(|line| !line.starts_with("date: "));
        lines.sort();
        let body = match answer.body.split_once("{\"sid\":\"") {
            Some((before, _)) => before,
            None => &answer.body,
        };
        format!("{} {lines:?} {body}", answer.status)
    }

    fn posts(&self, body: &str) -> String {
        self.asks(post(&self.target(), &format!("content-length: {}\r\n", body.len()), body))
    }

    fn polls(&self) -> String {
        self.asks(get(&self.target()))
    }
}

/// Plays the same against both ways to the server, and says how many requests of the shortcut's went to the
/// application all the same, the one that opens the session not counted.
fn same(play: impl Fn(&Side) -> Vec<String>) -> usize {
    let [long, short] = [false, true].map(|is_short| {
        let side = Side::start(is_short);
        (play(&side), side)
    });
    assert!(!long.0.is_empty());
    assert_eq!(long.0, short.0);
    assert_eq!(*long.1.refusals.lock().unwrap(), *short.1.refusals.lock().unwrap());
    short.1.reached.load(Ordering::SeqCst) - 1
}

#[test]
fn a_conversation() {
    let reached = same(|side| {
        let said = vec![
            side.posts("40"),
            side.polls(),
            side.posts("42[\"echo\",1]\x1e42[\"echo\",2]"),
            side.polls(),
            side.posts("1"),
        ];
        assert!(said[1].starts_with("200 ") && said[1].ends_with(" 40"), "{said:?}");
        assert!(said[3].ends_with(" 42[\"echo\",1]\x1e42[\"echo\",2]"), "{said:?}");
        said
    });
    assert_eq!(reached, 0);
}

#[test]
fn one_connection_for_all_and_a_last_request() {
    let reached = same(|side| {
        let mut client = side.connect();
        let target = side.target();
        let last = get(&target).replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
        let chunked = post(&target, "transfer-encoding: chunked\r\n", "2\r\n40\r\n0\r\n\r\n");
        client.send(format!("{chunked}{last}"));
        let said = vec![side.plain(&client.answer()), side.plain(&client.answer())];
        client.is_closed();
        said
    });
    assert_eq!(reached, 0);
}

#[test]
fn a_poll_that_waits() {
    let reached = same(|side| {
        side.posts("40");
        side.polls();
        let mut client = side.connect();
        client.send(get(&side.target()));
        client.is_silent_for(Duration::from_millis(50));
        side.posts("42[\"echo\",7]");
        let mut said = vec![side.plain(&client.answer())];
        // One poll too many ends the session, and the first one's wait.
        client.send(get(&side.target()));
        client.is_silent_for(Duration::from_millis(50));
        said.push(side.polls());
        said.push(side.plain(&client.answer()));
        said
    });
    assert_eq!(reached, 0);
}

#[test]
fn what_is_refused() {
    let with = |headers: &'static str, body: &'static [u8]| {
        move |side: &Side| {
            let head = post(&side.target(), headers, "");
            vec![side.asks([head.as_bytes(), body].concat()), side.posts("40")]
        }
    };
    // Too large, old binary, no text, no packet: the session ends or not, and so says the next request.
    same(with("content-length: 101\r\nuser-agent: me\r\n", &[b'6'; 101]));
    same(with("content-length: 1\r\ncontent-type: application/octet-stream; a=b\r\n", b"6"));
    same(with("content-length: 1\r\nuser-agent: me\r\n", b"\xFF"));
    same(with("content-length: 1\r\nuser-agent: me\r\n", b"x"));
    same(|side| {
        let target = side.target();
        let upgrade = "Connection: upgrade\r\nUpgrade: websocket\r\n";
        vec![
            side.asks(post(&target, "content-length: +1\r\n", "")),
            side.asks(get(&target).replace("GET", "PUT")),
            side.asks(get(&target).replace("Host: a\r\n", "Host: 1.2.3.4.5\r\n")),
            side.asks(get(&target).replace("Host: a\r\n", &format!("Host: a\r\n{upgrade}"))),
            side.asks(get(&target.replace("polling", "websocket"))),
            side.asks(get(&target.replace("polling", "carrier-pigeon"))),
            side.asks(get(&format!("{target}x"))),
        ]
    });
}

#[test]
fn other_ways_of_writing_it() {
    same(|side| {
        side.posts("40");
        let target = side.target();
        let mut said = vec![side.asks(get(&target.replace("/?", "?")))];
        for odd in [target.replace("sid", "s%69d"), target.replace("polling", "pollin%67")] {
            side.posts("42[\"echo\",1]");
            said.push(side.asks(get(&odd)));
        }
        said.push(side.asks(get(&target.replace("socket.io", "socket.io.x"))));
        said
    });
}

/// Takes every request, and fails in one way or the other.
struct Broken;

impl Shortcut for Broken {
    fn take(&self, ask: &Ask<'_>) -> Option<Answering> {
        assert_ne!(ask.target(), "/take", "this test wants a panic");
        Some(Box::pin(async { fail() }))
    }
}

fn fail() -> Answer {
    panic!("this test wants a panic")
}

#[test]
fn a_shortcut_that_panics_answers_500() {
    let server = Server::with(|edge| edge.shortcut(Broken));
    for target in ["/take", "/answer"] {
        let mut client = server.connect();
        client.send(get(target));
        client.refusal(500);
    }
}
