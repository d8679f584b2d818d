//! The server, in a process of its own: what it uses is its own.

use serde::{Deserialize, Serialize};
use std::convert::Infallible;
use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tide_socketio::{Args, Edge, Options, Recovery, Socket, SocketIo};

use crate::delivery::Post;

/// The words of the one panic that is meant to be.
pub const ON_PURPOSE: &str = "on purpose";
/// With this argument the program is the server.
pub const ROLE: &str = "serve";
const PATIENCE: Duration = Duration::from_secs(60);

/// What there is of everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    pub sessions: usize,
    pub sockets: usize,
    pub rooms: usize,
    pub panics: usize,
    /// Bytes that are allocated, and not given back.
    pub heap: usize,
}

impl Counts {
    /// Whether nobody is left.
    pub fn is_nobody(&self) -> bool {
        (self.sessions, self.sockets, self.rooms) == (0, 0, 0)
    }
}

/// Resident memory says what the allocator keeps; this, what the program holds.
#[global_allocator]
static HEAP: peak_alloc::PeakAlloc = peak_alloc::PeakAlloc;

/// The server as those who test it see it.
pub struct Process {
    pub address: SocketAddr,
    child: Child,
    input: ChildStdin,
    answers: Receiver<String>,
    /// Every post, in the order the server gave them.
    posts: Receiver<Post>,
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Process {
    pub fn start() -> std::io::Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .arg(ROLE)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let input = child.stdin.take().expect("its input is piped");
        let lines = BufReader::new(child.stdout.take().expect("its output is piped")).lines();
        let ((tell, answers), (publish, posts)) = (mpsc::channel(), mpsc::channel());
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let _ = match line.strip_prefix("post ") {
                    Some(post) => publish.send(read_post(post)).is_ok(),
                    None => tell.send(line).is_ok(),
                };
            }
        });
        let address = answers.recv_timeout(PATIENCE).expect("it names its address");
        let address = address.parse().expect("an address");
        Ok(Self { address, child, input, answers, posts })
    }

    pub fn counts(&mut self) -> Counts {
        writeln!(self.input, "count").expect("the server lives");
        let answer = self.answers.recv_timeout(PATIENCE).expect("the server answers");
        serde_json::from_str(&answer).expect("counts")
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// The posts there were since this was last asked, up to the one of this number at least.
    pub fn posts(&self, until: u64) -> Vec<Post> {
        let mut posts: Vec<_> = self.posts.try_iter().collect();
        while posts.last().is_none_or(|post| post.id < until) {
            match self.posts.recv_timeout(Duration::from_secs(1)) {
                Ok(post) => posts.push(post),
                // A client that names a post which never was is the checker's to find.
                Err(_) => break,
            }
        }
        posts
    }
}

fn read_post(text: &str) -> Post {
    let (id, room, sender, number) = serde_json::from_str(text).expect("a post");
    Post { id, room, sender, number }
}

/// More than come, and all of them come from one address.
const MANY: usize = 50_000;

/// Serves until the input ends.
pub async fn serve() -> std::io::Result<()> {
    let panics = count_panics();
    let io = SocketIo::with(Options {
        connection_state_recovery: Some(Recovery::default()),
        cleanup_empty_child_namespaces: true,
        max_sessions_per_ip: MANY,
        ..Options::default()
    });
    // The id of the latest post. Who holds it knows who gets the next one.
    let latest = Arc::new(Mutex::new(0));
    io.on_connection(move |socket| {
        let latest = latest.clone();
        async move { welcome(&socket, &latest) }
    });
    io.of("/chat").on_connection(async |_| ());
    io.of_dynamic(|name, _| name.starts_with("/dyn-"));
    let mut app = tide::new();
    io.attach(&mut app);
    let edge = Edge::new("127.0.0.1:0")
        .shortcut(io.clone())
        .max_connections(MANY)
        .max_connections_per_ip(MANY)
        .on_listen(|address| println!("{address}"));
    std::thread::spawn(move || {
        for _ in std::io::stdin().lines().map_while(Result::ok) {
            let counts = Counts {
                sessions: io.engine().clients_count(),
                sockets: io.sockets_count(),
                rooms: io.of("/").rooms().len(),
                panics: panics.load(Ordering::SeqCst),
                heap: HEAP.current_usage(),
            };
            println!("{}", serde_json::to_string(&counts).expect("JSON"));
        }
        std::process::exit(0);
    });
    app.listen(edge).await
}

fn welcome(socket: &Socket, latest: &Arc<Mutex<u64>>) {
    let at = latest.clone();
    socket.on("join", move |socket, room: String| {
        let at = *at.lock().unwrap_or_else(PoisonError::into_inner);
        socket.join(room);
        async move { Ok::<_, Infallible>(at) }
    });
    let latest = latest.clone();
    socket.on("post", move |socket, (room, sender, number): (String, String, u64)| {
        let mut latest = latest.lock().unwrap_or_else(PoisonError::into_inner);
        *latest += 1;
        let id = *latest;
        let post = (id, &room, &sender, number);
        println!("post {}", serde_json::to_string(&post).expect("JSON"));
        socket.nsp().to(&*room).emit("post", post);
        async move { Ok::<_, Infallible>(id) }
    });
    // What the rows of bad input are about.
    socket.on("alive", async |_, ()| Ok::<_, Infallible>("yes"));
    socket.on("echo", async |socket, args: Args| socket.emit("echo", args));
    socket.on("read", async |socket, value: serde_json::Value| socket.emit("read", value));
    socket.on("throw", async |_, ()| -> () { panic!("{ON_PURPOSE}") });
}

/// Counts panics, all but the one that is meant to be.
fn count_panics() -> Arc<AtomicUsize> {
    let count = Arc::new(AtomicUsize::new(0));
    let (print, counter) = (std::panic::take_hook(), count.clone());
    std::panic::set_hook(Box::new(move |panic| {
        let text = panic.payload().downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.payload().downcast_ref::<&str>().copied());
        if text != Some(ON_PURPOSE) {
            counter.fetch_add(1, Ordering::SeqCst);
            print(panic);
        }
    }));
    count
}
