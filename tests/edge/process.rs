//! What concerns the whole process: signals, file descriptors.

use crate::MS;
use crate::app::{Seen, app};
use crate::client::{Client, get};
use crate::stopping::refuses_connections;
use async_std::task;
use std::io::BufRead;
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};
use tide::listener::Listener;
use tide_socketio::Edge;

/// A server in a process of its own, for what concerns the whole process.
struct Process {
    child: std::process::Child,
    addr: SocketAddr,
    /// Kept open: the test harness writes to it at the end.
    _stdout: std::io::BufReader<std::process::ChildStdout>,
}

impl Process {
    /// Runs [`serve_until_a_signal_comes`] with at most so many file descriptors.
    fn start(descriptors: u32) -> Self {
        let script = format!("ulimit -n {descriptors}; exec \"$0\" \"$@\"");
        let mut child = std::process::Command::new("sh")
            .args(["-c", &script, std::env::current_exe().unwrap().to_str().unwrap()])
            .args(["process::serve_until_a_signal_comes", "--exact", "--ignored", "--nocapture"])
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

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
#[ignore = "run by others, in a process of its own"]
fn serve_until_a_signal_comes() {
    task::block_on(async {
        let mut listener = app(Seen::default()).bind(Edge::new("127.0.0.1:0")).await.unwrap();
        println!("\n{}", listener.info()[0]);
        listener.accept().await.unwrap();
    });
}

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
