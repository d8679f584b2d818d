//! What the checks of the exercises are written in.
//!
//! A check starts the learner's server, speaks to it as a browser would, and says what it expected. When
//! something else comes it ends with a message for the learner: what was done, what should have come, what
//! came, where to look.
//!
//! ```
//! let lesson = lesson::of(|io| {
//!     io.on_connection(async |socket| {
//!         socket.on("hello", async |socket, name: String| {
//!             socket.emit("hello", format!("Hello, {name}!"));
//!         });
//!     });
//! });
//! let mut ann = lesson.client("Ann");
//! ann.says(r#"42["hello","Ann"]"#);
//! ann.hears(r#"42["hello","Hello, Ann!"]"#, "`emit` sends to the client whose handler runs");
//! ann.hears_nothing("one event is one answer");
//! ```

mod accidents;
mod client;
mod foreseen;
mod page;
mod story;

pub use client::Client;
pub use foreseen::foreseen;
pub use page::Answer;

use async_std::task;
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};
use story::Story;
use tide_socketio::{Edge, SocketIo};

/// How long a client waits for what must come.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long nothing must come until it counts as nothing.
const SILENCE: Duration = Duration::from_millis(200);

/// A learner's server, running on a port of its own.
#[derive(Debug)]
pub struct Lesson {
    port: u16,
    story: Story,
}

/// Starts a server with what the learner has written for Socket.IO.
pub fn of(attach: impl FnOnce(&SocketIo)) -> Lesson {
    let (io, mut routes) = (SocketIo::new(), tide::new());
    attach(&io);
    io.attach(&mut routes);
    app(routes)
}

/// Starts the tide application that the learner has written.
pub fn app<State: Clone + Send + Sync + 'static>(app: tide::Server<State>) -> Lesson {
    let (started, port) = channel();
    let edge = Edge::new("127.0.0.1:0").on_listen(move |address| {
        // The test may be over.
        let _ = started.send(address.port());
    });
    task::spawn(app.listen(edge));
    let port = port.recv_timeout(PATIENCE).expect("a server on a free port of this machine");
    Lesson { port, story: Story::begin() }
}

/// Whether this becomes true: a server needs a moment to notice what a client has just done.
pub fn soon(mut is: impl FnMut() -> bool) -> bool {
    let end = Instant::now() + PATIENCE;
    while !is() {
        if Instant::now() > end {
            return false;
        }
        thread::sleep(PATIENCE / 400);
    }
    true
}

impl Lesson {
    /// A client, connected to the main namespace over a WebSocket.
    ///
    /// # Panics
    /// With a message for the learner, when it is not let in.
    #[track_caller]
    pub fn client(&self, name: &str) -> Client {
        let begun = self.story.len();
        let mut client = self.websocket(name, "/socket.io/?EIO=4&transport=websocket");
        client.hears("0{…", "the server opens every session with the packet 0");
        client.says("40");
        client
            .hears(r#"40{"sid":"«me»"}"#, "the server answers 40 with 40 and the id of the socket");
        self.story.sum_up(begun, format!("{name} comes"));
        self.story.meet(name, client.name("me"));
        client
    }

    /// A client on a bare WebSocket.
    ///
    /// # Panics
    /// With a message for the learner, when the server does not switch to WebSocket.
    #[track_caller]
    pub fn websocket(&self, name: &str, path: &str) -> Client {
        Client::connect(name, self.port, path, self.story.clone())
    }

    /// The answer to `GET path`.
    ///
    /// # Panics
    /// With a message for the learner, when there is none.
    #[track_caller]
    pub fn get(&self, path: &str) -> Answer {
        Answer::get(self.port, path, self.story.clone())
    }

    /// What a route tells becomes this, soon.
    ///
    /// # Panics
    /// With a message for the learner, when it tells something else for too long.
    #[track_caller]
    pub fn tells(&self, path: &str, expected: &str, why: &str) {
        let mut answer = self.get(path);
        soon(|| {
            answer = self.get(path);
            answer.body == expected
        });
        answer.shows("the body", expected, &answer.body, why);
    }

    /// The answer to `POST path` with a body of text.
    ///
    /// # Panics
    /// With a message for the learner, when there is none.
    #[track_caller]
    pub fn post(&self, path: &str, body: &str) -> Answer {
        let answer = Answer::post(self.port, path, body, self.story.clone());
        self.story.tell(format!("somebody posts {body} to {path}"));
        answer
    }
}

/// The file that the learner writes in: it lies beside the check that calls this.
#[track_caller]
fn exercise() -> String {
    let checks = std::panic::Location::caller();
    checks.file().replace("checks.rs", "starter.rs")
}
