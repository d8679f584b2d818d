//! The whole server: how many it serves, and how it ends.

use crate::MS;
use crate::client::{Server, get};
use async_std::task;
use std::net::{SocketAddr, TcpStream};
use std::sync::mpsc;
use std::time::{Duration, Instant};

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
pub fn refuses_connections(addr: SocketAddr) {
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
