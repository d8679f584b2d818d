//! Bodies.

use crate::MS;
use crate::client::{Server, get, post};
use std::io::Write;
use std::net::Shutdown;
use std::time::{Duration, Instant};

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
fn the_type_of_a_body_is_what_the_client_said() {
    let server = Server::start();
    let mut client = server.connect();
    client.send(post("/seen/x", "Content-Length: 4\r\n", "abcd"));
    assert!(client.answer().body.ends_with("type=None"));
    client.send(post("/seen/x", "Content-Length: 4\r\nContent-Type: text/plain\r\n", "abcd"));
    assert!(client.answer().body.ends_with("type=Some(\"text/plain\")"));
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
