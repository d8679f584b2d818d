//! The edge as a client sees it: real applications, raw TCP.
//!
//! A test whose name begins with a letter and a number is the row of that id in the list of bad input that
//! this server is held to.

use async_std::io::ReadExt as _;
use async_std::task;
use futures_lite::{AsyncWriteExt as _, FutureExt as _, StreamExt as _};
use std::io::{BufRead, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tide::http::{StatusCode, headers};
use tide::listener::Listener;
use tide::{Body, Request, Response};
use tide_socketio::Edge;
use tide_socketio::edge::{Peer, Stopper};

const MS: Duration = Duration::from_millis(1);

/// What the handlers saw, in order.
type Seen = Arc<Mutex<Vec<String>>>;

struct Server {
    addr: SocketAddr,
    seen: Seen,
    stopper: Stopper,
    ended: mpsc::Receiver<std::io::Result<()>>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stopper.stop();
    }
}

impl Server {
    fn start() -> Self {
        Self::with(|edge| edge)
    }

    fn with(options: impl FnOnce(Edge) -> Edge) -> Self {
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

    fn connect(&self) -> Client {
        let stream = TcpStream::connect(self.addr).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        stream.set_nodelay(true).unwrap();
        Client { stream, unread: Vec::new() }
    }

    /// Sends a request and expects exactly one refusal, and the end of the connection.
    fn refuses(&self, request: impl AsRef<[u8]>, status: u16) -> Answer {
        let mut client = self.connect();
        client.send(request);
        let answer = client.refusal(status);
        self.is_well();
        answer
    }

    /// A fresh client is served.
    fn is_well(&self) {
        let started = Instant::now();
        assert_eq!(self.connect().get("/").body, "home");
        assert!(
            started.elapsed() < 100 * MS * 10,
            "a healthy client waited {:?}",
            started.elapsed()
        );
    }

    fn saw(&self, what: &str) -> bool {
        self.seen.lock().unwrap().iter().any(|seen| seen == what)
    }

    fn sees(&self, what: &str) {
        let started = Instant::now();
        while !self.saw(what) {
            assert!(started.elapsed() < Duration::from_secs(5), "no {what:?} in {:?}", self.seen);
            std::thread::sleep(MS);
        }
    }
}

#[derive(Debug)]
struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Answer {
    fn header(&self, name: &str) -> Option<&str> {
        let line = self.head.lines().find(|line| {
            line.split_once(':').is_some_and(|(found, _)| found.eq_ignore_ascii_case(name))
        });
        line.and_then(|line| line.split_once(':')).map(|(_, value)| value.trim())
    }
}

struct Client {
    stream: TcpStream,
    unread: Vec<u8>,
}

impl Client {
    fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.stream.write_all(bytes.as_ref()).unwrap();
    }

    /// Reads more. `false` is the end.
    fn fill(&mut self) -> bool {
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

    fn take(&mut self, count: usize) -> String {
        while self.unread.len() < count {
            assert!(self.fill(), "the connection ended early: {:?}", self.unread);
        }
        String::from_utf8(self.unread.drain(..count).collect()).unwrap()
    }

    fn take_through(&mut self, end: &str) -> String {
        loop {
            let found = self.unread.windows(end.len()).position(|part| part == end.as_bytes());
            if let Some(at) = found {
                return self.take(at + end.len());
            }
            assert!(self.fill(), "the connection ended without an answer: {:?}", self.unread);
        }
    }

    fn answer_to(&mut self, method: &str) -> Answer {
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

    fn answer(&mut self) -> Answer {
        self.answer_to("GET")
    }

    fn get(&mut self, target: &str) -> Answer {
        self.send(format!("GET {target} HTTP/1.1\r\nHost: a\r\n\r\n"));
        self.answer()
    }

    fn refusal(&mut self, status: u16) -> Answer {
        let answer = self.answer();
        assert_eq!(answer.status, status, "{answer:?}");
        assert_eq!(answer.header("connection"), Some("close"));
        assert_eq!(answer.header("content-type"), Some("application/json"));
        assert!(answer.body.starts_with("{\"error\":\"") && answer.body.ends_with("\"}"));
        self.is_closed();
        answer
    }

    fn is_closed(&mut self) {
        while self.fill() {}
        assert_eq!(String::from_utf8_lossy(&self.unread), "", "nothing may come after the answer");
    }

    /// Nothing comes, and the connection stays open.
    fn is_silent_for(&mut self, time: Duration) {
        self.stream.set_read_timeout(Some(time)).unwrap();
        let error = self.stream.read(&mut [0]).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut), "{error}");
        self.stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    }
}

fn get(target: &str) -> String {
    format!("GET {target} HTTP/1.1\r\nHost: a\r\n\r\n")
}

fn post(target: &str, headers: &str, body: &str) -> String {
    format!("POST {target} HTTP/1.1\r\nHost: a\r\n{headers}\r\n{body}")
}

fn app(seen: Seen) -> tide::Server<Seen> {
    let mut app = tide::with_state(seen);
    app.at("/").all(async |_| Ok("home"));
    app.at("/smuggled").get(async |request: Request<Seen>| {
        request.state().lock().unwrap().push("smuggled".to_owned());
        Ok("smuggled")
    });
    app.at("/echo").post(echo);
    app.at("/ignore").post(async |_| Ok("ignored"));
    app.at("/half").post(async |mut request: Request<Seen>| {
        let mut start = [0; 4];
        request.read_exact(&mut start).await?;
        Ok(String::from_utf8_lossy(&start).into_owned())
    });
    app.at("/stash").post(async |mut request: Request<Seen>| {
        let (body, seen) = (request.take_body(), request.state().clone());
        task::spawn(async move {
            task::sleep(200 * MS).await;
            let error = body.into_bytes().await.map(|_| ()).unwrap_err();
            seen.lock().unwrap().push(format!("stashed body: {error}"));
        });
        Ok("stashed")
    });
    app.at("/seen/*").get(show);
    app.at("/wait").get(wait);
    app.at("/wait").post(wait);
    app.at("/slow").get(async |_| {
        task::sleep(300 * MS).await;
        Ok("slow")
    });
    app.at("/panic").get(panicking);
    app.at("/stream").get(stream);
    app.at("/short")
        .get(async |_| Ok(Body::from_reader(futures_lite::io::Cursor::new("12"), Some(5))));
    app.at("/big").get(async |_| Ok("x".repeat(1_000_000)));
    app.at("/empty").get(async |_| Ok(StatusCode::NoContent));
    app.at("/unchanged").get(async |_| Ok(StatusCode::NotModified));
    app.at("/last").get(async |_| {
        Ok(Response::builder(200).header(headers::CONNECTION, "close").body("last").build())
    });
    app.at("/split").get(async |_| {
        Ok(Response::builder(200).header("x-name", "a\r\nx-evil: 1").body("split").build())
    });
    app.at("/switch").get(async |_| Ok(Response::new(StatusCode::SwitchingProtocols)));
    app.at("/raw").get(raw);
    app.at("/ws").get(tide_websockets::WebSocket::new(|_: Request<Seen>, mut stream| async move {
        while let Some(Ok(tide_websockets::Message::Text(text))) = stream.next().await {
            stream.send_string(format!("you said {text}")).await?;
        }
        Ok(())
    }));
    app
}

/// Answers 200 whatever happens: what the client must learn of a failed body comes from the edge.
async fn echo(mut request: Request<Seen>) -> tide::Result<String> {
    let mut body = String::new();
    if let Err(error) = request.read_to_string(&mut body).await {
        request.state().lock().unwrap().push(format!("body failed: {error}"));
        return Ok("the handler thinks all is well".to_owned());
    }
    Ok(body)
}

async fn show(request: Request<Seen>) -> tide::Result<String> {
    let url = request.url();
    let of = |name: &str| request.header(name).map(|value| value.as_str().to_owned());
    Ok(format!(
        "{} {:?} {:?} peer={:?} local={:?} cookie={:?} type={:?}",
        url.path(),
        url.query(),
        url.host_str(),
        request.peer_addr(),
        request.local_addr(),
        of("cookie"),
        of("content-type"),
    ))
}

/// A long-poll whose news never come.
async fn wait(request: Request<Seen>) -> tide::Result<&'static str> {
    let say = |what: &str| request.state().lock().unwrap().push(what.to_owned());
    let peer = request.ext::<Peer>().unwrap().clone();
    say("waiting");
    let gone = async {
        peer.closed().await;
        say("gone");
        Ok("gone")
    };
    let news = async {
        while !request.state().lock().unwrap().iter().any(|seen| seen == "news") {
            task::sleep(5 * MS).await;
        }
        Ok("news")
    };
    gone.or(news).await
}

async fn panicking(_: Request<Seen>) -> tide::Result<&'static str> {
    panic!("on purpose")
}

/// Two events, the second 300 ms after the first, of a length nobody knows.
async fn stream(_: Request<Seen>) -> tide::Result<Body> {
    let events = futures_lite::stream::unfold(0, |number| async move {
        if number == 1 {
            task::sleep(300 * MS).await;
        }
        let event = format!("event {number}\n").into_bytes();
        (number < 2).then_some((Ok::<_, std::io::Error>(event), number + 1))
    });
    let reader = futures_lite::io::BufReader::new(Events(Box::pin(events), Vec::new()));
    Ok(Body::from_reader(reader, None))
}

struct Events<S>(std::pin::Pin<Box<S>>, Vec<u8>);

impl<S: futures_lite::Stream<Item = std::io::Result<Vec<u8>>>> futures_lite::AsyncRead
    for Events<S>
{
    fn poll_read(
        mut self: std::pin::Pin<&mut Self>,
        cx: &mut std::task::Context<'_>,
        buffer: &mut [u8],
    ) -> std::task::Poll<std::io::Result<usize>> {
        if self.1.is_empty() {
            match std::task::ready!(self.0.poll_next(cx)) {
                Some(event) => self.1 = event?,
                None => return std::task::Poll::Ready(Ok(0)),
            }
        }
        let count = buffer.len().min(self.1.len());
        buffer[..count].copy_from_slice(&self.1[..count]);
        self.1.drain(..count);
        std::task::Poll::Ready(Ok(count))
    }
}

/// Echoes whatever comes after the upgrade.
async fn raw(_: Request<Seen>) -> tide::Result {
    let mut response = tide::http::Response::new(StatusCode::SwitchingProtocols);
    response.insert_header(headers::UPGRADE, "echo");
    response.insert_header(headers::CONNECTION, "upgrade");
    let connection = response.recv_upgrade().await;
    task::spawn(async move {
        let mut connection = connection.await.unwrap();
        let mut buffer = [0; 1024];
        while let Ok(count @ 1..) = connection.read(&mut buffer).await {
            connection.write_all(&buffer[..count]).await.unwrap();
        }
    });
    Ok(response.into())
}

const UPGRADE: &str = "Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n\
    Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

// ---- heads

#[test]
fn h01_request_line_without_end() {
    let server = Server::start();
    let mut client = server.connect();
    client.send(format!("GET /{}", "a".repeat(8 * 1024)));
    client.refusal(431);
    // One that goes on sending regardless is cut off, and costs no memory: nothing is kept of it.
    let mut stream = TcpStream::connect(server.addr).unwrap();
    let sent = stream.write_all(&vec![b'a'; 10 << 20]);
    assert!(sent.is_err() || !Client { stream, unread: vec![] }.fill_all().contains(" 200 "));
    server.is_well();
}

impl Client {
    fn fill_all(&mut self) -> String {
        while self.fill() {}
        String::from_utf8_lossy(&self.unread).into_owned()
    }
}

#[test]
fn h02_header_of_9000_bytes() {
    let server = Server::start();
    server.refuses(format!("GET / HTTP/1.1\r\nHost: a\r\nX: {}\r\n\r\n", "a".repeat(9000)), 431);
}

#[test]
fn h03_header_of_20000_bytes() {
    let server = Server::start();
    server.refuses(format!("GET / HTTP/1.1\r\nHost: a\r\nX: {}\r\n\r\n", "a".repeat(20_000)), 431);
}

#[test]
fn h04_150_headers() {
    let server = Server::start();
    let many = |count: usize| (0..count).map(|n| format!("X{n}: a\r\n")).collect::<String>();
    server.refuses(format!("GET / HTTP/1.1\r\nHost: a\r\n{}\r\n", many(150)), 431);
    server.refuses(format!("GET / HTTP/1.1\r\nHost: a\r\n{}\r\n", many(100)), 431);
    let mut client = server.connect();
    client.send(format!("GET / HTTP/1.1\r\nHost: a\r\n{}\r\n", many(99)));
    assert_eq!(client.answer().status, 200);
}

#[test]
fn h05_content_length_and_transfer_encoding() {
    let server = Server::start();
    let both = "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n";
    server.refuses(post("/echo", both, &format!("0\r\n\r\n{}", get("/smuggled"))), 400);
    assert!(!server.saw("smuggled"));
}

#[test]
fn h06_two_content_lengths() {
    let server = Server::start();
    server.refuses(post("/echo", "Content-Length: 4\r\nContent-Length: 40\r\n", "abcd"), 400);
    server.refuses(post("/echo", "Content-Length: 4\r\nContent-Length: 4\r\n", "abcd"), 400);
    server.refuses(post("/echo", "Content-Length: 4, 4\r\n", "abcd"), 400);
}

#[test]
fn h07_content_length_with_plus() {
    Server::start().refuses(post("/echo", "Content-Length: +4\r\n", "abcd"), 400);
}

#[test]
fn h08_content_length_below_zero() {
    let server = Server::start();
    server.refuses(post("/echo", "Content-Length: -1\r\n", "abcd"), 400);
    server.refuses(post("/echo", "Content-Length: \r\n", "abcd"), 400);
    server.refuses(post("/echo", "Content-Length: 0x4\r\n", "abcd"), 400);
}

#[test]
fn h09_gzip_chunked_smuggles_nothing() {
    let server = Server::start();
    let mut client = server.connect();
    client.send(post("/", "Transfer-Encoding: gzip, chunked\r\n", ""));
    std::thread::sleep(20 * MS);
    let _ = client.stream.write_all(get("/smuggled").as_bytes());
    client.refusal(501);
    server.refuses(
        post("/", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", ""),
        400,
    );
    server.refuses(post("/", "Transfer-Encoding: xchunked\r\n", ""), 501);
    assert!(!server.saw("smuggled"));
}

#[test]
fn h11_content_length_of_a_terabyte() {
    let server = Server::start();
    let mut client = server.connect();
    client.send(post("/echo", "Content-Length: 1000000000000\r\n", "abcd"));
    client.stream.shutdown(Shutdown::Write).unwrap();
    client.refusal(413);
    server.refuses(post("/echo", "Content-Length: 99999999999999999999999999\r\n", "abcd"), 413);
    server.refuses(post("/echo", "Content-Length: 10485761\r\n", ""), 413);
}

#[test]
fn h12_chunked_body_over_the_limit() {
    let server = Server::with(|edge| edge.max_body(1_000_000));
    let mut client = server.connect();
    client.send(post("/echo", "Transfer-Encoding: chunked\r\n", ""));
    let chunk = format!("10000\r\n{}\r\n", "a".repeat(65_536));
    for _ in 0..40 {
        if client.stream.write_all(chunk.as_bytes()).is_err() {
            break;
        }
    }
    client.refusal(413);
    server.sees(&format!("body failed: {}", "413: the body is larger than this server takes"));
}

#[test]
fn h14_no_host_or_two() {
    let server = Server::start();
    server.refuses("GET / HTTP/1.1\r\n\r\n", 400);
    server.refuses("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400);
    server.refuses("GET / HTTP/1.1\r\nHost:\r\n\r\n", 400);
}

#[test]
fn h15_http_1_0() {
    let server = Server::start();
    server.refuses("GET / HTTP/1.0\r\nHost: a\r\n\r\n", 505);
    server.refuses("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505);
}

#[test]
fn h17_tls_on_the_plain_port() {
    Server::start().refuses(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\x00\x00", 400);
}

#[test]
fn h18_two_pipelined_requests() {
    let server = Server::start();
    let mut client = server.connect();
    client.send(format!("{}{}", get("/seen/1"), get("/seen/2")));
    assert!(client.answer().body.starts_with("/seen/1 "));
    assert!(client.answer().body.starts_with("/seen/2 "));
    // With a body between them, which one handler reads and one does not.
    let body = "Content-Length: 4\r\n";
    client.send(post("/echo", body, "abcd") + &post("/ignore", body, "efgh") + &get("/seen/3"));
    assert_eq!(client.answer().body, "abcd");
    assert_eq!(client.answer().body, "ignored");
    assert!(client.answer().body.starts_with("/seen/3 "));
    // A long row, in segments that fit nothing.
    let row: String = (0..300).map(|n| get(&format!("/seen/{n}"))).collect();
    let mut sender = client.stream.try_clone().unwrap();
    std::thread::spawn(move || {
        row.as_bytes().chunks(777).for_each(|part| sender.write_all(part).unwrap())
    });
    for n in 0..300 {
        assert!(client.answer().body.starts_with(&format!("/seen/{n} ")));
    }
}

#[test]
fn h19_bad_percent_encoding() {
    let server = Server::start();
    let answer = server.connect().get("/seen/%zz%?transport=%zz&x=%");
    assert!(answer.body.starts_with("/seen/%zz% Some(\"transport=%zz&x=%\")"), "{}", answer.body);
}

#[test]
fn h21_other_methods() {
    let server = Server::start();
    let mut client = server.connect();
    for method in ["DELETE", "PATCH", "PUT", "OPTIONS"] {
        client.send(format!("{method} / HTTP/1.1\r\nHost: a\r\n\r\n"));
        assert_eq!(client.answer().body, "home");
    }
    client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
    let answer = client.answer_to("HEAD");
    assert_eq!((answer.status, answer.header("content-length")), (200, Some("4")));
    // Nothing of a body came: the next answer is in its place.
    assert_eq!(client.get("/").body, "home");
    server.refuses("BREW / HTTP/1.1\r\nHost: a\r\n\r\n", 501);
    server.refuses("get / HTTP/1.1\r\nHost: a\r\n\r\n", 501);
}

#[test]
fn h24_path_traversal() {
    let server = Server::start();
    for path in ["/seen/../../etc/passwd", "/..", "/seen/%2e%2E/x", "/seen/./x", "/seen\\..\\x"] {
        server.refuses(get(path), 400);
    }
}

#[test]
fn h25_query_of_8_kb() {
    let server = Server::start();
    let query = "a".repeat(7900);
    assert!(server.connect().get(&format!("/seen/x?x={query}")).body.contains(&query));
}

#[test]
fn w33_a_protocol_list_of_3000_spaces() {
    let server = Server::start();
    let list = format!("Sec-WebSocket-Protocol: a{}b\r\n", " ".repeat(3000));
    let mut client = server.connect();
    client.send(format!("GET /seen/x HTTP/1.1\r\nHost: a\r\n{list}\r\n"));
    assert_eq!(client.answer().status, 200);
}

#[test]
fn syntax_that_two_readers_could_understand_in_two_ways() {
    let server = Server::start();
    for head in [
        "GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n  folded\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nContent-Length : 4\r\n\r\nabcd",
        "GET / HTTP/1.1\r\nHost: a\nX: 1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: 1\rY: 2\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n",
        "GET / HTTP/1.1\r\n Host: a\r\n\r\n",
        "GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a/qpairs?v=1&w=\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a:80:80\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a:99999\r\n\r\n",
        "GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
        "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /#x HTTP/1.1\r\nHost: a\r\n\r\n",
        "\r\n\x01\r\n\r\n",
    ] {
        server.refuses(head, 400);
    }
    server.refuses(post("/", "Expect: the-best\r\n", ""), 417);
}

#[test]
fn the_target_and_the_addresses_arrive_as_they_were() {
    let server = Server::start();
    let mut client = server.connect();
    let host = "Host: [::1]:3000\r\nCookie: name=한\r\n";
    client.send(format!("\r\nGET /seen//a%2Fb;c=d?e=%20f&g HTTP/1.1\r\n{host}\r\n"));
    let answer = client.answer();
    let (peer, local) = (client.stream.local_addr().unwrap(), server.addr);
    let expected = format!(
        "/seen//a%2Fb;c=d Some(\"e=%20f&g\") Some(\"[::1]\") peer={:?} local={:?} \
         cookie=Some(\"name=%ED%95%9C\") type=None",
        Some(peer.to_string()),
        Some(local.to_string()),
    );
    assert_eq!(answer.body, expected);
}

#[test]
fn a_head_in_single_bytes() {
    let server = Server::start();
    let mut client = server.connect();
    for byte in get("/seen/x").bytes() {
        client.send([byte]);
    }
    assert_eq!(client.answer().status, 200);
}

#[test]
fn f23_a_slow_head_is_answered_and_silence_is_not() {
    let server = Server::with(|edge| edge.head_timeout(100 * MS).keep_alive(100 * MS));
    let mut client = server.connect();
    client.send("GET / HT");
    client.refusal(408);
    server.connect().is_closed();
    // After an answer as well.
    let mut client = server.connect();
    assert_eq!(client.get("/").status, 200);
    client.is_closed();
    let mut client = server.connect();
    assert_eq!(client.get("/").status, 200);
    client.send("G");
    client.refusal(408);
}

#[test]
fn a_head_that_is_cut_off() {
    let server = Server::start();
    let mut client = server.connect();
    client.send("GET / HTTP/1.1\r\nHost: a\r\n");
    client.stream.shutdown(Shutdown::Write).unwrap();
    client.refusal(400);
    let mut client = server.connect();
    client.stream.shutdown(Shutdown::Write).unwrap();
    client.is_closed();
}

// ---- bodies

#[test]
fn bodies_arrive_whole() {
    let server = Server::start();
    let mut client = server.connect();
    let long = "0123456789".repeat(100_000);
    client.send(post("/echo", &format!("Content-Length: {}\r\n", long.len()), &long));
    assert!(client.answer().body == long);
    client.send(post("/echo", "Transfer-Encoding: Chunked\r\n", "3;ext=1\r\nabc\r\n0A\r\n"));
    std::thread::sleep(20 * MS);
    client.send("0123456789\r\n0\r\nTrailer: x\r\n");
    std::thread::sleep(20 * MS);
    // The last line end in a segment of its own.
    client.send("\r\n");
    assert_eq!(client.answer().body, "abc0123456789");
    let chunks: String = long
        .as_bytes()
        .chunks(1000)
        .map(|chunk| format!("3e8\r\n{}\r\n", String::from_utf8_lossy(chunk)))
        .collect();
    client.send(post("/echo", "Transfer-Encoding: chunked\r\n", &(chunks + "0\r\n\r\n")));
    assert!(client.answer().body == long);
    client.send(post("/echo", "Content-Length: 0\r\n", ""));
    assert_eq!(client.answer().body, "");
}

#[test]
fn malformed_chunks() {
    let server = Server::start();
    for body in [
        "x\r\n",
        "\r\n",
        "+4\r\nabcd\r\n",
        "4\nabcd",
        "4\r\nabcdef",
        "0\r\n\n",
        " 4\r\nabcd\r\n0\r\n\r\n",
    ] {
        server.refuses(post("/echo", "Transfer-Encoding: chunked\r\n", body), 400);
    }
    server.refuses(post("/echo", "Transfer-Encoding: chunked\r\n", "fffffffffffffff\r\n"), 413);
    let long = format!("0\r\n{}", "x".repeat(5000));
    server.refuses(post("/echo", "Transfer-Encoding: chunked\r\n", &long), 431);
    let smuggled = format!("0\n\n{}", get("/smuggled"));
    server.refuses(post("/ignore", "Transfer-Encoding: chunked\r\n", &smuggled), 400);
    assert!(!server.saw("smuggled"));
}

#[test]
fn f23_a_slow_body() {
    let server = Server::with(|edge| edge.body_timeout(150 * MS));
    let mut client = server.connect();
    client.send(post("/echo", "Content-Length: 1000\r\n", "a"));
    let started = Instant::now();
    client.refusal(408);
    assert!((100 * MS..1000 * MS).contains(&started.elapsed()), "{:?}", started.elapsed());
    server.sees("body failed: 408: the body of the request came too slowly");
    // A byte now and then does not help.
    let mut client = server.connect();
    client.send(post("/echo", "Transfer-Encoding: chunked\r\n", ""));
    let mut drip = client.stream.try_clone().unwrap();
    std::thread::spawn(move || {
        while drip.write_all(b"1\r\na\r\n").is_ok() {
            std::thread::sleep(20 * MS);
        }
    });
    client.refusal(408);
    // A steady flow does, however long it takes.
    let mut client = server.connect();
    client.send(post("/echo", "Content-Length: 2000\r\n", ""));
    for _ in 0..20 {
        std::thread::sleep(20 * MS);
        client.send("a".repeat(100));
    }
    assert_eq!(client.answer().status, 200);
    server.is_well();
}

#[test]
fn a_body_that_is_cut_off() {
    let server = Server::start();
    let mut client = server.connect();
    client.send(post("/echo", "Content-Length: 10\r\n", "abc"));
    client.stream.shutdown(Shutdown::Write).unwrap();
    client.refusal(400);
    server.sees("body failed: 400: the request ended before it was complete");
}

#[test]
fn a_client_that_waits_for_100_continue() {
    let server = Server::start();
    let expecting = "Content-Length: 4\r\nExpect: 100-Continue\r\n";
    let mut client = server.connect();
    client.send(post("/echo", expecting, ""));
    assert_eq!(client.answer().status, 100);
    client.send("abcd");
    assert_eq!(client.answer().body, "abcd");
    // A handler that wants no body does not have it sent, and the connection ends.
    client.send(post("/ignore", expecting, ""));
    let answer = client.answer();
    assert_eq!((answer.status, answer.header("connection")), (200, Some("close")));
    client.is_closed();
    server
        .refuses(post("/echo", "Content-Length: 99999999999\r\nExpect: 100-continue\r\n", ""), 413);
}

#[test]
fn a_body_that_nobody_reads() {
    let server = Server::start();
    let mut client = server.connect();
    // A short one is waited for.
    client.send(post("/ignore", "Content-Length: 4\r\n", "ab"));
    assert_eq!(client.answer().header("connection"), None);
    client.send(format!("cd{}", get("/seen/next")));
    assert!(client.answer().body.starts_with("/seen/next "));
    client.send(post("/half", "Transfer-Encoding: chunked\r\n", "6\r\nabcdef\r\n0\r\n\r\n"));
    assert_eq!(client.answer().body, "abcd");
    assert_eq!(client.get("/").status, 200);
    // A long one is not.
    client.send(post("/ignore", "Content-Length: 1000000\r\n", "ab"));
    assert_eq!(client.answer().header("connection"), Some("close"));
    client.is_closed();
    // Nor one without an end.
    let mut client = server.connect();
    client.send(post("/ignore", "Transfer-Encoding: chunked\r\n", "5\r\nab"));
    assert_eq!(client.answer().body, "ignored");
    let started = Instant::now();
    client.is_closed();
    assert!(started.elapsed() < Duration::from_secs(3));
}

#[test]
fn a_body_kept_beyond_its_request_reads_nothing_of_the_next() {
    let server = Server::start();
    let mut client = server.connect();
    client.send(post("/stash", "Content-Length: 4\r\n", ""));
    assert_eq!(client.answer().body, "stashed");
    client.send(format!("abcd{}", get("/seen/next")));
    assert!(client.answer().body.starts_with("/seen/next "));
    server.sees("stashed body: the request is over");
}

// ---- answers

#[test]
fn answers_are_framed() {
    let server = Server::start();
    let mut client = server.connect();
    let answer = client.get("/");
    assert_eq!((answer.status, answer.header("content-length")), (200, Some("4")));
    assert!(answer.head.starts_with("HTTP/1.1 200 OK\r\n"));
    let date = httpdate::parse_http_date(answer.header("date").unwrap()).unwrap();
    assert!(date.elapsed().unwrap() < Duration::from_secs(5));
    assert_eq!(client.get("/big").body.len(), 1_000_000);
    for (target, status) in [("/empty", 204), ("/unchanged", 304)] {
        let answer = client.get(target);
        let framing = (answer.header("content-length"), answer.header("transfer-encoding"));
        assert_eq!((answer.status, framing), (status, (None, None)));
    }
    assert_eq!(client.get("/nowhere").status, 404);
    let started = Instant::now();
    client.send(get("/stream"));
    client.take_through("event 0\n");
    assert!(started.elapsed() < 250 * MS, "the first event waited for the second");
    assert_eq!(client.take_through("0\r\n\r\n"), "\r\n8\r\nevent 1\n\r\n0\r\n\r\n");
    assert_eq!(client.get("/last").header("connection"), Some("close"));
    client.is_closed();
}

#[test]
fn a_small_answer_is_one_segment() {
    let server = Server::start();
    let mut client = server.connect();
    client.send(get("/"));
    let mut buffer = [0; 4096];
    let count = client.stream.read(&mut buffer).unwrap();
    assert!(
        buffer[..count].ends_with(b"\r\n\r\nhome"),
        "{}",
        String::from_utf8_lossy(&buffer[..count])
    );
}

#[test]
fn connection_close_is_honoured() {
    let server = Server::start();
    let mut client = server.connect();
    client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: foo, Close\r\n\r\n");
    let answer = client.answer();
    assert_eq!((answer.status, answer.header("connection")), (200, Some("close")));
    client.is_closed();
}

#[test]
fn an_answer_that_is_shorter_than_it_said_ends_the_connection() {
    let server = Server::start();
    let mut client = server.connect();
    client.send(get("/short"));
    assert!(!client.fill_all().contains("12345"));
    server.is_well();
}

#[test]
fn a_header_cannot_split_an_answer() {
    let server = Server::start();
    let answer = server.refuses(get("/split"), 500);
    assert!(!answer.head.contains("evil"));
}

#[test]
fn a_handler_that_panics() {
    let server = Server::start();
    for _ in 0..10 {
        server.refuses(get("/panic"), 500);
    }
    let mut client = server.connect();
    client.send("HEAD /panic HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!(client.answer_to("HEAD").status, 500);
    client.is_closed();
}

#[test]
fn a_client_that_reads_nothing() {
    let server = Server::with(|edge| edge.write_timeout(100 * MS));
    let mut client = server.connect();
    // Enough answers to fill every buffer on the way.
    let requests = get("/big").repeat(30);
    client.send(requests);
    std::thread::sleep(500 * MS);
    assert!(client.fill_all().len() < 30_000_000);
    server.is_well();
}

// ---- the peer

#[test]
fn e51_the_client_leaves_during_a_long_poll() {
    let server = Server::start();
    let mut client = server.connect();
    client.send(get("/wait"));
    server.sees("waiting");
    let left = Instant::now();
    drop(client);
    server.sees("gone");
    assert!(left.elapsed() < 100 * MS, "{:?}", left.elapsed());
}

#[test]
fn e51_with_a_reset() {
    let server = Server::start();
    let mut client = server.connect();
    client.send(get("/wait"));
    server.sees("waiting");
    let socket = socket2::Socket::from(client.stream);
    socket.set_linger(Some(Duration::ZERO)).unwrap();
    drop(socket);
    server.sees("gone");
}

#[test]
fn f4_the_client_closes_its_side_only() {
    let server = Server::start();
    let mut client = server.connect();
    client.send(get("/wait"));
    server.sees("waiting");
    client.stream.shutdown(Shutdown::Write).unwrap();
    assert_eq!(client.answer().body, "gone");
    client.is_closed();
}

#[test]
fn what_a_waiting_peer_reads_ahead_is_kept() {
    let server = Server::start();
    let mut client = server.connect();
    client.send(get("/wait"));
    server.sees("waiting");
    // More than is read ahead.
    let row: String = (0..1000).map(|n| get(&format!("/seen/{n}"))).collect();
    let mut sender = client.stream.try_clone().unwrap();
    std::thread::spawn(move || sender.write_all(row.as_bytes()));
    std::thread::sleep(50 * MS);
    assert!(!server.saw("gone"));
    server.seen.lock().unwrap().push("news".to_owned());
    assert_eq!(client.answer().body, "news");
    for n in 0..1000 {
        assert!(client.answer().body.starts_with(&format!("/seen/{n} ")));
    }
}

#[test]
fn a_peer_waits_while_the_body_is_unread() {
    let server = Server::start();
    let mut client = server.connect();
    client.send(post("/wait", "Content-Length: 20\r\n", "0123456789"));
    server.sees("waiting");
    server.seen.lock().unwrap().push("news".to_owned());
    assert_eq!(client.answer().body, "news");
    client.send(format!("0123456789{}", get("/")));
    assert_eq!(client.answer().body, "home");
}

// ---- upgrades

#[test]
fn w30_the_first_frame_in_the_segment_of_the_upgrade() {
    let server = Server::start();
    let mut client = server.connect();
    let mut request = format!("GET /ws HTTP/1.1\r\nHost: a\r\n{UPGRADE}\r\n").into_bytes();
    request.extend_from_slice(b"\x81\x82\x00\x00\x00\x0040");
    client.send(&request);
    let answer = client.answer();
    assert_eq!((answer.status, answer.header("content-length")), (101, None));
    assert_eq!(answer.header("sec-websocket-accept"), Some("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
    assert_eq!(answer.header("connection"), Some("Upgrade"));
    // An unmasked text frame.
    let frame = b"\x81\x0byou said 40";
    while client.unread.len() < frame.len() {
        assert!(client.fill());
    }
    assert_eq!(client.unread, frame);
}

#[test]
fn any_protocol_can_take_over() {
    let server = Server::start();
    let mut client = server.connect();
    client
        .send("GET /raw HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\nearly");
    assert_eq!(client.answer().status, 101);
    assert_eq!(client.take(5), "early");
    client.send("late");
    assert_eq!(client.take(4), "late");
    client.stream.shutdown(Shutdown::Write).unwrap();
    client.is_closed();
}

#[test]
fn upgrades_that_are_not_to_be() {
    let server = Server::start();
    let with_body = format!("{UPGRADE}Content-Length: 4\r\n");
    server.refuses(format!("GET /ws HTTP/1.1\r\nHost: a\r\n{with_body}\r\nabcd"), 400);
    let chunked = format!("{UPGRADE}Transfer-Encoding: chunked\r\n");
    server.refuses(format!("GET /ws HTTP/1.1\r\nHost: a\r\n{chunked}\r\n"), 400);
    // Clients offer HTTP/2 with any request; who does not know it answers as ever.
    let mut client = server.connect();
    let offer = "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nContent-Length: 4\r\n";
    client.send(post("/echo", offer, "abcd"));
    assert_eq!(client.answer().body, "abcd");
    // A handler that switches unasked, or without taking the connection.
    server.refuses(get("/switch"), 500);
    server.refuses(get("/raw"), 500);
    server.refuses(
        "GET /switch HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n",
        500,
    );
}

// ---- the whole server

#[test]
fn connections_are_limited() {
    let server = Server::with(|edge| edge.max_connections_per_ip(2));
    let (mut first, mut second) = (server.connect(), server.connect());
    assert_eq!((first.get("/").status, second.get("/").status), (200, 200));
    let answer = server.connect().refusal(503);
    assert_eq!(answer.header("retry-after"), Some("1"));
    assert_eq!(first.get("/").status, 200);
    // A place that is given up can be had, after a moment.
    drop(second);
    let started = Instant::now();
    while server.connect().get("/").status == 503 {
        assert!(started.elapsed() < Duration::from_secs(5));
    }
    let server = Server::with(|edge| edge.max_connections(1));
    let mut only = server.connect();
    assert_eq!(only.get("/").status, 200);
    server.connect().refusal(503);
}

/// Nobody listens any more, or not for long.
fn refuses_connections(addr: SocketAddr) {
    let started = Instant::now();
    while TcpStream::connect(addr).is_ok() {
        assert!(started.elapsed() < 100 * MS, "new clients are still accepted");
    }
}

#[test]
fn f6_an_orderly_stop() {
    let (say_bye, bye) = mpsc::channel();
    let server = Server::with(|edge| {
        edge.on_stop(async move || {
            task::sleep(50 * MS).await;
            say_bye.send(()).unwrap();
        })
    });
    let (mut idle, mut slow, mut waiting) = (server.connect(), server.connect(), server.connect());
    assert_eq!(idle.get("/").status, 200);
    slow.send(get("/slow"));
    waiting.send(get("/wait"));
    server.sees("waiting");
    let mut upgraded = server.connect();
    upgraded.send("GET /raw HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n");
    assert_eq!(upgraded.answer().status, 101);

    let started = Instant::now();
    server.stopper.stop();
    idle.is_closed();
    assert!(started.elapsed() < 100 * MS, "an idle connection lived on {:?}", started.elapsed());
    refuses_connections(server.addr);
    bye.recv_timeout(Duration::from_secs(1)).unwrap();
    // What is running ends in its own time.
    assert_eq!(slow.answer().body, "slow");
    slow.is_closed();
    assert!(
        server.ended.try_recv().is_err(),
        "the server left a request and an upgraded connection"
    );
    server.seen.lock().unwrap().push("news".to_owned());
    let answer = waiting.answer();
    assert_eq!((answer.body.as_str(), answer.header("connection")), ("news", Some("close")));
    upgraded.send("still here");
    assert_eq!(upgraded.take(10), "still here");
    assert!(server.ended.try_recv().is_err(), "the server left an upgraded connection");
    drop((upgraded, waiting));
    server.ended.recv_timeout(Duration::from_secs(3)).unwrap().unwrap();
}

/// A server in a process of its own, for what concerns the whole process.
#[cfg(unix)]
struct Process {
    child: std::process::Child,
    addr: SocketAddr,
    /// Kept open: the test harness writes to it at the end.
    _stdout: std::io::BufReader<std::process::ChildStdout>,
}

#[cfg(unix)]
impl Process {
    /// Runs [`serve_until_a_signal_comes`] with at most so many file descriptors.
    fn start(descriptors: u32) -> Self {
        let script = format!("ulimit -n {descriptors}; exec \"$0\" \"$@\"");
        let mut child = std::process::Command::new("sh")
            .args(["-c", &script, std::env::current_exe().unwrap().to_str().unwrap()])
            .args(["serve_until_a_signal_comes", "--exact", "--ignored", "--nocapture"])
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdout = std::io::BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        while !line.contains("http://") {
            line.clear();
            assert!(stdout.read_line(&mut line).unwrap() > 0, "the server never listened");
        }
        let addr = line.split_once("http://").unwrap().1.trim().parse().unwrap();
        Self { child, addr, _stdout: stdout }
    }

    fn connect(&self) -> Client {
        let stream = TcpStream::connect(self.addr).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        Client { stream, unread: Vec::new() }
    }

    fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        assert!(std::process::Command::new("kill").args([name, &pid]).status().unwrap().success());
    }

    /// The process ends by itself, with this code.
    fn ends_with(&mut self, code: i32) {
        let started = Instant::now();
        while started.elapsed() < Duration::from_secs(5) {
            if let Some(status) = self.child.try_wait().unwrap() {
                assert_eq!(status.code(), Some(code), "{status}");
                return;
            }
            std::thread::sleep(5 * MS);
        }
        panic!("the process runs on");
    }
}

#[cfg(unix)]
impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(unix)]
#[test]
#[ignore = "run by others, in a process of its own"]
fn serve_until_a_signal_comes() {
    task::block_on(async {
        let mut listener = app(Seen::default()).bind(Edge::new("127.0.0.1:0")).await.unwrap();
        println!("\n{}", listener.info()[0]);
        listener.accept().await.unwrap();
    });
}

#[cfg(unix)]
#[test]
fn f6_a_signal_stops_the_server_and_a_second_the_process() {
    for signal in ["-TERM", "-INT"] {
        let mut process = Process::start(1000);
        let (mut idle, mut slow) = (process.connect(), process.connect());
        assert_eq!(idle.get("/").status, 200);
        slow.send(get("/slow"));
        std::thread::sleep(50 * MS);
        process.signal(signal);
        idle.is_closed();
        refuses_connections(process.addr);
        assert_eq!(slow.answer().body, "slow");
        drop(slow);
        process.ends_with(0);
    }
    for (signal, code) in [("-TERM", 143), ("-INT", 130)] {
        let mut process = Process::start(1000);
        let mut waiting = process.connect();
        assert_eq!(waiting.get("/").status, 200);
        waiting.send(get("/wait"));
        std::thread::sleep(50 * MS);
        process.signal("-TERM");
        waiting.is_silent_for(100 * MS);
        process.signal(signal);
        process.ends_with(code);
    }
}

#[cfg(unix)]
#[test]
fn f15_out_of_descriptors() {
    let process = Process::start(40);
    let mut first = process.connect();
    assert_eq!(first.get("/").status, 200);
    let mut crowd: Vec<_> = (0..60).map(|_| process.connect()).collect();
    crowd[59].refusal(503);
    assert_eq!(first.get("/").status, 200);
    drop(crowd);
    let started = Instant::now();
    while process.connect().get("/").status != 200 {
        assert!(started.elapsed() < 1000 * MS, "no connection accepted {:?}", started.elapsed());
    }
    assert_eq!(first.get("/").status, 200);
}

#[test]
fn many_clients_at_once() {
    let server = Server::start();
    let threads: Vec<_> = (0..20)
        .map(|thread| {
            let mut client = server.connect();
            std::thread::spawn(move || {
                for n in 0..100 {
                    let target = format!("/seen/{thread}-{n}");
                    assert!(client.get(&target).body.starts_with(&format!("{target} ")));
                }
            })
        })
        .collect();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    let mut silent = server.connect();
    silent.is_silent_for(50 * MS);
    assert_eq!(silent.get("/").status, 200);
}
