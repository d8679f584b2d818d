//! Transcripts of what goes over the wire.
//!
//! A `.wire` file tells a story between clients and a server, line by line. Tests play it against a real
//! server, the book shows it and draws it.
//!
//! ```text
//! # A comment: the story in words.
//! = Socket IO server listening on port «port»
//! ann> GET /socket.io/?EIO=4&transport=polling
//! ann< 200 0{"sid":"«ann»","upgrades":["websocket"],…
//! ann> WS /socket.io/?EIO=4&transport=websocket&sid=«ann»
//! ann< 101
//! ann> 2probe
//! ann< 3probe
//! ```
//!
//! | line | meaning |
//! |---|---|
//! | `# text` | a comment |
//! | `= text` | the next line on the server's console, without what a logger puts before it |
//! | `ann> GET target` | the client `ann` sends a request; `POST target body` has a body |
//! | `ann> WS target` | it asks for a WebSocket |
//! | `ann< 200 body` | the answer to its last request that has none yet; `101` opens the WebSocket |
//! | `ann> text` | a text message on its WebSocket; `ann< text` is the next one that comes |
//! | `ann> BINARY 00 ff` | a binary message, in hexadecimal; the same with `<` |
//! | `ann> CLOSE` | the client closes the WebSocket; `ann< CLOSE 1000` is the server's close frame |
//!
//! A client may go without a name: `>` and `<`. In any text `«name»` stands for what is there at first sight,
//! and for the same from then on; `…` at the end for any rest; `␞` for the separator 0x1e of a polling body.
//!
//! Every line must hold, and nothing else may come: a message or a line on the console that the story does
//! not tell is an error, the second before its end as much as in its midst.

mod pattern;
mod player;
mod server;
mod transcript;

pub use pattern::{Names, Pattern};
pub use player::play;
pub use server::Server;
pub use transcript::{Act, Message, Method, Step, Transcript};

use std::fmt;

/// What does not hold, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The file.
    pub path: String,
    /// The line in it, from 1.
    pub line: usize,
    /// What was expected, and what came.
    pub what: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.what)
    }
}

impl std::error::Error for Failure {}
