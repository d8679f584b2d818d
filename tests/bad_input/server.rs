//! The server that the rows are sent to.

use crate::client::PATIENCE;
use crate::outcome::Failure;
use async_std::task;
use serde_json::Value;
use std::collections::HashMap;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};
use tide::listener::Listener as _;
use tide_socketio::edge::Stopper;
use tide_socketio::{AckError, Args, DynamicNamespace, Edge, Options, Socket, SocketIo};

/// What the application was told.
#[derive(Debug, Default)]
pub struct Log {
    /// Why each socket was disconnected, by its id.
    pub reasons: HashMap<String, String>,
    pub errors: Vec<String>,
}

type Shared = Arc<Mutex<Log>>;

pub struct Server {
    pub address: SocketAddr,
    pub io: SocketIo,
    pub children: DynamicNamespace,
    log: Shared,
    stopper: Stopper,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stopper.stop();
        self.io.close();
    }
}

impl Server {
    pub fn start(options: Options) -> Self {
        let io = SocketIo::with(options);
        let log = Shared::default();
        let children = handlers(&io, &log);
        let mut app = tide::new();
        io.attach(&mut app);
        let edge = Edge::new("127.0.0.1:0").shortcut(io.clone());
        let stopper = edge.stopper();
        let mut listener = task::block_on(app.bind(edge)).expect("a free port");
        let address = listener.info()[0].connection().trim_start_matches("http://").parse();
        task::spawn(async move { listener.accept().await });
        Self { address: address.expect("an address"), io, children, log, stopper }
    }

    pub fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().expect("no handler panics while it writes the log")
    }

    /// Why a socket was disconnected, as soon as it is.
    pub fn reason(&self, id: &str) -> Result<String, Failure> {
        let mut reason = None;
        let what = format!("the socket {id} lives on");
        wait_until(PATIENCE, &what, || {
            reason = self.log().reasons.get(id).cloned();
            reason.is_some()
        })?;
        Ok(reason.unwrap_or_default())
    }

    /// So many sessions are left, soon.
    pub fn has_sessions(&self, count: usize) -> Result<(), Failure> {
        let what = format!("there are not {count} sessions");
        wait_until(PATIENCE, &what, || self.io.engine().clients_count() == count)
    }
}

/// Looks again and again until `condition` holds.
pub fn wait_until(
    limit: Duration,
    what: &str,
    mut condition: impl FnMut() -> bool,
) -> Result<(), Failure> {
    let started = Instant::now();
    while !condition() {
        if started.elapsed() > limit {
            return Err(Failure::Wrong(format!("{what} after {limit:?}")));
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    Ok(())
}

fn handlers(io: &SocketIo, log: &Shared) -> DynamicNamespace {
    let seen = log.clone();
    io.on_error(move |_, error| seen.lock().unwrap().errors.push(error.to_owned()));
    let seen = log.clone();
    io.on_connection(move |socket| {
        let seen = seen.clone();
        async move { welcome(&socket, &seen) }
    });
    let seen = log.clone();
    io.of("/chat").on_connection(move |socket| {
        let seen = seen.clone();
        async move {
            let recovered = format!("recovered: {}", socket.recovered());
            seen.lock().unwrap().errors.push(recovered);
        }
    });
    io.of_dynamic(|name, _| name.starts_with("/dyn-"))
}

fn welcome(socket: &Socket, log: &Shared) {
    socket.on("alive", async |_, ()| Ok::<_, Infallible>("yes"));
    // What came goes back as it came, without a look into it.
    socket.on("echo", async |socket, args: Args| socket.emit("echo", args));
    // What came is read first.
    socket.on("read", async |socket, value: Value| socket.emit("read", value));
    socket.on("1", async |socket, value: Value| socket.emit("one", value));
    socket.on("throw", async |_, ()| -> () { panic!("{ON_PURPOSE}") });
    socket.on("ackme", async |socket, ()| {
        let answer: String = socket.emit_with_ack("please", ()).await?;
        socket.emit("acked", answer);
        Ok::<_, AckError>(())
    });
    let log = log.clone();
    socket.on("disconnect", move |socket, reason: String| {
        log.lock().unwrap().reasons.insert(socket.id().to_owned(), reason);
        async {}
    });
}

/// The words of the one panic that is meant to be.
pub const ON_PURPOSE: &str = "on purpose";
