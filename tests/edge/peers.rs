//! What a handler learns of its client while it waits.

use crate::MS;
use crate::client::{Server, get, post};
use std::io::Write;
use std::net::Shutdown;
use std::time::{Duration, Instant};

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

#[test]
fn two_tasks_that_wait_do_not_keep_each_other_awake() {
    let server = Server::start();
    let mut client = server.connect();
    client.send(post("/two-tasks", "Content-Length: 10\r\n", ""));
    for byte in "0123456789".chars() {
        std::thread::sleep(20 * MS);
        client.send(byte.to_string());
    }
    let answer = client.answer();
    let (body, woken) = answer.body.split_once(' ').unwrap();
    assert_eq!(body, "0123456789");
    assert!(woken.parse::<usize>().unwrap() < 40, "woken {woken} times by 10 bytes");
    // The one that is left waits on, through another request, and holds nothing open.
    assert_eq!(client.get("/").status, 200);
    assert!(!server.saw("gone"));
    client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    assert_eq!(client.answer().status, 200);
    client.is_closed();
    drop(client);
    server.sees("gone");
}

#[test]
fn a_peer_learns_that_the_server_closed_the_connection() {
    let server = Server::with(|edge| edge.keep_alive(50 * MS));
    let mut client = server.connect();
    client.send(post("/two-tasks", "Content-Length: 1\r\n", "x"));
    assert_eq!(client.answer().status, 200);
    client.is_closed();
    server.sees("gone");
}
