//! The server in a process of its own: its memory, its descriptors and its end are its own.

use crate::outcome::Failure;
use crate::usage::Usage;
use async_std::task;
use serde::{Deserialize, Serialize};
use std::convert::Infallible;
use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};
use tide::listener::Listener as _;
use tide_socketio::{Args, Edge, Options, Recovery, SocketIo};

/// Under this name the server finds its [`Setup`].
const SETUP: &str = "FAULTS_SERVER";
/// How long a server may take to say what it was asked.
const PATIENCE: Duration = Duration::from_secs(60);

/// What of the server is not as it is by default. Times are in milliseconds.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Setup {
    pub port: u16,
    pub ping: (u64, u64),
    pub connect_timeout: u64,
    pub upgrade_timeout: u64,
    pub max_sessions_per_ip: usize,
    pub max_connections: usize,
    pub max_connections_per_ip: usize,
    pub head_timeout: u64,
    pub keep_alive: u64,
    /// The packets and bytes that are kept for those who are away.
    pub recovery: Option<(usize, usize)>,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            port: 0,
            ping: (25_000, 20_000),
            connect_timeout: 45_000,
            upgrade_timeout: 10_000,
            max_sessions_per_ip: 1_000,
            max_connections: 10_000,
            max_connections_per_ip: 1_000,
            head_timeout: 10_000,
            keep_alive: 60_000,
            recovery: None,
        }
    }
}

/// What there is of everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    pub sessions: usize,
    pub sockets: usize,
    pub rooms: usize,
}

impl Counts {
    pub const NONE: Self = Self { sessions: 0, sockets: 0, rooms: 0 };
}

/// A socket that has gone.
#[derive(Debug, Serialize, Deserialize)]
pub struct Gone {
    pub reason: String,
    /// How many posts there had been.
    pub posts: u64,
}

pub struct Process {
    pub address: SocketAddr,
    child: Child,
    input: ChildStdin,
    answers: Receiver<String>,
    /// Every socket that goes, and when it was heard of.
    pub gone: Receiver<(Instant, Gone)>,
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Process {
    pub fn start(setup: &Setup) -> Self {
        let mut child = Command::new(std::env::current_exe().expect("this program"))
            .args(["process::serve_until_the_input_ends", "--exact", "--ignored", "--nocapture"])
            .env(SETUP, serde_json::to_string(setup).expect("JSON"))
            // What is free goes back to the system soon: what is left is in use.
            .envs([("MALLOC_ARENA_MAX", "1"), ("MALLOC_TRIM_THRESHOLD_", "65536")])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the server starts");
        let input = child.stdin.take().expect("its input is piped");
        let lines = BufReader::new(child.stdout.take().expect("its output is piped")).lines();
        let ((tell, answers), (leave, gone)) = (mpsc::channel(), mpsc::channel());
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                if let Some(gone) = line.strip_prefix("gone ") {
                    let _ = leave.send((Instant::now(), serde_json::from_str(gone).expect("JSON")));
                } else if let Some((_, answer)) = line.split_once("answer ") {
                    let _ = tell.send(answer.to_owned());
                }
            }
        });
        let address = answers.recv_timeout(PATIENCE).expect("it names its address");
        let address = address.parse().expect("an address");
        Self { address, child, input, answers, gone }
    }

    /// Tells the server to do something, and waits until it has.
    fn ask(&mut self, question: &str) -> String {
        writeln!(self.input, "{question}").expect("the server lives");
        self.answers.recv_timeout(PATIENCE).expect("the server answers")
    }

    pub fn counts(&mut self) -> Counts {
        serde_json::from_str(&self.ask("count")).expect("counts")
    }

    /// Has the server say something to everybody, so many times, with so many bytes.
    pub fn flood(&mut self, times: usize, bytes: usize) {
        self.ask(&format!("flood {times} {bytes}"));
    }

    /// Waits until there is so much of everything.
    pub fn has(&mut self, counts: Counts, limit: Duration) -> Result<(), Failure> {
        let begun = Instant::now();
        loop {
            let now = self.counts();
            if now == counts {
                return Ok(());
            }
            if begun.elapsed() > limit {
                return Err(Failure::Wrong(format!("{now:?} instead of {counts:?}")));
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    pub fn usage(&self) -> Usage {
        Usage::of(self.child.id())
    }

    /// What it uses once the connections that have just ended are closed on its side too.
    pub fn settled(&self) -> Usage {
        let mut before = self.usage();
        loop {
            std::thread::sleep(Duration::from_millis(50));
            let now = self.usage();
            if now.descriptors == before.descriptors {
                return now;
            }
            before = now;
        }
    }

    /// From now on [`Usage::peak`] is the most there was.
    pub fn forget_peak(&self) {
        Usage::forget_peak(self.child.id());
    }

    /// Ends it as no program can defend itself against.
    pub fn kill(mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// How many posts have been broadcast.
static POSTS: AtomicU64 = AtomicU64::new(0);

fn handle(io: &SocketIo) {
    io.on_connection(async |socket| {
        socket.on("join", async |socket, room: String| {
            socket.join(room);
            Ok::<_, Infallible>(())
        });
        socket.on("echo", async |_, args: Args| Ok::<_, Infallible>(args));
        socket.on("post", async |socket, args: Args| {
            POSTS.fetch_add(1, Ordering::SeqCst);
            socket.broadcast().emit("post", args);
        });
        socket.on("disconnect", async |_, reason: String| {
            let gone = Gone { reason, posts: POSTS.load(Ordering::SeqCst) };
            println!("gone {}", serde_json::to_string(&gone).expect("JSON"));
        });
    });
}

#[test]
#[ignore = "run by others, in a process of its own"]
fn serve_until_the_input_ends() {
    let setup = std::env::var(SETUP).expect("a setup");
    let setup: Setup = serde_json::from_str(&setup).expect("a setup");
    let ms = Duration::from_millis;
    let recovery = setup.recovery.map(|(max_packets, max_bytes)| Recovery {
        max_packets,
        max_bytes,
        ..Recovery::default()
    });
    let io = SocketIo::with(Options {
        ping_interval: ms(setup.ping.0),
        ping_timeout: ms(setup.ping.1),
        connect_timeout: ms(setup.connect_timeout),
        upgrade_timeout: ms(setup.upgrade_timeout),
        max_sessions_per_ip: setup.max_sessions_per_ip,
        connection_state_recovery: recovery,
        ..Options::default()
    });
    handle(&io);
    let mut app = tide::new();
    io.attach(&mut app);
    let edge = Edge::new(format!("127.0.0.1:{}", setup.port))
        .head_timeout(ms(setup.head_timeout))
        .keep_alive(ms(setup.keep_alive))
        .max_connections(setup.max_connections)
        .max_connections_per_ip(setup.max_connections_per_ip);
    let mut listener = task::block_on(app.bind(edge)).expect("the port is free");
    println!("\nanswer {}", listener.info()[0].connection().trim_start_matches("http://"));
    task::spawn(async move { listener.accept().await });
    for line in std::io::stdin().lines().map_while(Result::ok) {
        match line.split(' ').collect::<Vec<_>>()[..] {
            ["flood", times, bytes] => {
                let text = "x".repeat(bytes.parse().expect("a number"));
                (0..times.parse().expect("a number")).for_each(|_: usize| io.emit("flood", &text));
                println!("answer flooded");
            }
            _ => {
                let (sessions, sockets) = (io.engine().clients_count(), io.sockets_count());
                let rooms = io.of("/").rooms().len();
                let counts = Counts { sessions, sockets, rooms };
                println!("answer {}", serde_json::to_string(&counts).expect("JSON"));
            }
        }
    }
}
