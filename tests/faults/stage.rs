//! A server that always has something to say, and a client that writes down what it hears.

use crate::client::Polling;
use crate::delivery::{Fault, Line, Post, check};
pub use crate::dice::Dice;
use crate::outcome::Failure;
use crate::ws::{Got, Ws};
use async_std::task;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tide::listener::Listener as _;
use tide_socketio::edge::Stopper;
use tide_socketio::{Edge, Options, Recovery, SocketIo};

/// Serves `io` on a free port.
pub fn serve(io: &SocketIo) -> (SocketAddr, Stopper) {
    let mut app = tide::new();
    io.attach(&mut app);
    let edge = Edge::new("127.0.0.1:0");
    let stopper = edge.stopper();
    let mut listener = task::block_on(app.bind(edge)).expect("a free port");
    let address = listener.info()[0].connection().trim_start_matches("http://").parse();
    task::spawn(async move { listener.accept().await });
    (address.expect("an address"), stopper)
}

/// A server with recovery that broadcasts to two rooms all the while.
pub struct Stage {
    pub io: SocketIo,
    pub address: SocketAddr,
    /// Of every socket there was, whether it was recovered.
    pub recovered: Arc<Mutex<Vec<bool>>>,
    /// How many of them have gone, and can come back.
    gone: Arc<AtomicUsize>,
    sent: Arc<Mutex<Vec<Post>>>,
    stop: Arc<AtomicBool>,
    stopper: Stopper,
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        self.stopper.stop();
        self.io.close();
    }
}

const ROOMS: [&str; 2] = ["red", "blue"];

impl Stage {
    pub fn start() -> Self {
        Self::with(Some(Recovery { skip_middlewares: false, ..Recovery::default() }))
    }

    pub fn without_recovery() -> Self {
        Self::with(None)
    }

    fn with(connection_state_recovery: Option<Recovery>) -> Self {
        let io = SocketIo::with(Options { connection_state_recovery, ..Options::default() });
        io.use_(async |socket| {
            ROOMS.iter().for_each(|room| socket.join(*room));
            Ok(())
        });
        let recovered = Arc::new(Mutex::new(Vec::new()));
        let gone = Arc::new(AtomicUsize::new(0));
        let (seen, left) = (recovered.clone(), gone.clone());
        io.on_connection(move |socket| {
            seen.lock().unwrap().push(socket.recovered());
            let left = left.clone();
            socket.on("disconnect", move |_, ()| {
                left.fetch_add(1, Ordering::SeqCst);
                async {}
            });
            async {}
        });
        let (address, stopper) = serve(&io);
        let sent = Arc::new(Mutex::new(Vec::new()));
        let stop = Arc::new(AtomicBool::new(false));
        std::thread::spawn({
            let (io, sent, stop) = (io.clone(), sent.clone(), stop.clone());
            move || {
                for id in 1.. {
                    if stop.load(Ordering::SeqCst) {
                        return;
                    }
                    let room = ROOMS[(id % 2) as usize];
                    let post = Post { id, room: room.into(), sender: "server".into(), number: id };
                    sent.lock().unwrap().push(post);
                    io.to(room).emit("post", (id, room, "server", id));
                    std::thread::sleep(Duration::from_millis(1));
                }
            }
        });
        Self { io, address, recovered, gone, sent, stop, stopper }
    }

    /// The id of the latest message.
    pub fn latest(&self) -> u64 {
        self.sent.lock().unwrap().last().map_or(0, |post| post.id)
    }

    /// Waits until so many clients are left, and the others can come back.
    pub fn has_clients(&self, count: usize) -> Result<(), Failure> {
        let begun = Instant::now();
        while self.io.engine().clients_count() != count
            || self.recovered.lock().unwrap().len() - self.gone.load(Ordering::SeqCst) != count
        {
            if begun.elapsed() > Duration::from_secs(5) {
                return Err("a client that was cut off stays".into());
            }
            std::thread::sleep(Duration::from_micros(200));
        }
        Ok(())
    }

    /// Fails if any of these clients has received anything but what it should.
    pub fn check(&self, members: Vec<Member>) {
        let faults = self.faults(members);
        assert_eq!(&faults[..faults.len().min(10)], [], "{} faults", faults.len());
    }

    /// What is wrong with what these clients have received.
    pub fn faults(&self, members: Vec<Member>) -> Vec<Fault> {
        let sent = self.sent.lock().unwrap().clone();
        let received: usize = members.iter().map(|member| member.log.len()).sum();
        let named = members.into_iter().enumerate();
        let logs: BTreeMap<_, _> =
            named.map(|(number, member)| (format!("client {number}"), member.log)).collect();
        let faults = check(&sent, &logs);
        println!("{received} lines of {} clients, {} messages sent", logs.len(), sent.len());
        faults.into_iter().map(|(_, fault)| fault).collect()
    }
}

/// A client as the official one is, as far as recovery goes.
#[derive(Debug, Default)]
pub struct Member {
    pub log: Vec<Line>,
    pid: Option<String>,
    offset: Option<String>,
    /// What came before the answer to CONNECT.
    early: Vec<String>,
    is_connected: bool,
    pub last: u64,
}

impl Member {
    /// What it says to enter the main namespace.
    pub fn connect_packet(&self) -> String {
        match (&self.pid, &self.offset) {
            (Some(pid), Some(offset)) => format!(r#"40{{"pid":"{pid}","offset":"{offset}"}}"#),
            (Some(pid), None) => format!(r#"40{{"pid":"{pid}"}}"#),
            _ => "40".to_owned(),
        }
    }

    /// Takes a packet. `Some` is the answer to CONNECT: whether the connection was recovered.
    pub fn take(&mut self, packet: &str) -> Option<bool> {
        if let Some(answer) = packet.strip_prefix("40") {
            let answer: serde_json::Value = serde_json::from_str(answer).expect("JSON");
            let pid = answer["pid"].as_str().map(str::to_owned);
            let recovered = pid.is_some() && self.pid == pid;
            self.pid = pid;
            self.is_connected = true;
            let rooms = ROOMS.map(str::to_owned).into();
            self.log.push(Line::Connected { rooms, recovered, since: None });
            for packet in std::mem::take(&mut self.early) {
                self.take(&packet);
            }
            return Some(recovered);
        }
        let event = packet.strip_prefix("42")?;
        if !self.is_connected {
            self.early.push(packet.to_owned());
            return None;
        }
        let event: Vec<serde_json::Value> = serde_json::from_str(event).expect("an event");
        let text = |index: usize| event.get(index)?.as_str().map(str::to_owned);
        let number = |index: usize| event.get(index)?.as_u64();
        // With recovery on, the last argument is the offset.
        self.offset = text(5);
        let (id, number) = number(1).zip(number(4)).expect("numbers");
        let (room, sender) = text(2).zip(text(3)).expect("names");
        self.last = id;
        self.log.push(Line::Received(Post { id, room, sender, number }));
        None
    }

    /// The connection has ended.
    pub fn cut(&mut self) {
        self.is_connected = false;
        self.early.clear();
        self.log.push(Line::Cut);
    }

    /// Reads from a WebSocket until it ends or, when connected, the message `until` has come.
    pub fn read(&mut self, ws: &mut Ws, until: u64) -> Result<Option<bool>, Failure> {
        let mut answer = None;
        while !(self.is_connected && self.last >= until) {
            match ws.next()? {
                Got::Text(text) => answer = answer.or(self.take(&text)),
                Got::End | Got::Close(..) => {
                    self.cut();
                    return Ok(answer);
                }
                other => return Err(Failure::Wrong(format!("{other:?}"))),
            }
        }
        Ok(answer)
    }

    /// Polls once and takes what came; `false` when the session is not there any more.
    pub fn poll(&mut self, polling: &Polling) -> Result<bool, Failure> {
        let answer = polling.poll()?;
        if answer.status == 200 {
            for packet in answer.body.split('\x1e') {
                self.take(packet);
            }
        }
        Ok(answer.status == 200)
    }

    /// Everything up to now has to be there.
    pub fn is_complete(&mut self, until: u64) {
        self.log.push(Line::Until(until));
    }
}
