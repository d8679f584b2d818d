//! Answers.

use crate::MS;
use crate::client::{Server, get, post};
use std::io::Read;
use std::net::Shutdown;
use std::time::{Duration, Instant};

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
fn an_answer_reaches_a_client_that_is_still_sending() {
    let server = Server::start();
    let mut client = server.connect();
    client.send(post("/echo", "Content-Length: 99999999999\r\n", &"a".repeat(300_000)));
    for _ in 0..3 {
        std::thread::sleep(20 * MS);
        client.send("a".repeat(300_000));
    }
    client.stream.shutdown(Shutdown::Write).unwrap();
    let mut answer = String::new();
    client.stream.read_to_string(&mut answer).expect("no reset overtakes the answer");
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
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
