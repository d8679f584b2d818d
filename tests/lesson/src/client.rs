//! A client on a WebSocket, frame by frame.

use crate::{PATIENCE, SILENCE, exercise};
use std::net::TcpStream;
use std::time::Duration;
use tungstenite::{Error, Message, WebSocket};
use wire::{Names, Pattern};

/// A client, and what it has lived through: a check that fails tells it.
#[derive(Debug)]
pub struct Client {
    name: String,
    socket: WebSocket<TcpStream>,
    names: Names,
    story: Vec<String>,
}

impl Client {
    #[track_caller]
    pub(crate) fn connect(name: &str, port: u16, path: &str) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", port)).expect("the server listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a time that is not zero");
        let url = format!("ws://127.0.0.1:{port}{path}");
        match tungstenite::client(url, stream) {
            Ok((socket, _)) => {
                let story = vec![format!("{name} opens a WebSocket at {path}")];
                Self { name: name.to_owned(), socket, names: Names::new(), story }
            }
            Err(error) => panic!(
                "\n\n{name} asks for a WebSocket at {path}\n  expected  101 Switching Protocols\n  came      \
                 {error}\n\nLook into {}\n",
                exercise()
            ),
        }
    }

    /// Sends a text message. `«me»` is this client's id, and what it has bound before stands for itself.
    pub fn says(&mut self, text: &str) {
        let text = Pattern::parse(text).and_then(|pattern| pattern.fill(&self.names));
        let text = text.unwrap_or_else(|error| panic!("a check with a mistake: {error}"));
        self.story.push(format!("{} sends   {text}", self.name));
        // A server that has closed says so in what is read next.
        let _ = self.socket.send(Message::text(text));
    }

    /// Sends a binary message.
    pub fn says_bytes(&mut self, bytes: &[u8]) {
        self.story.push(format!("{} sends   {} bytes", self.name, bytes.len()));
        let _ = self.socket.send(Message::binary(bytes.to_vec()));
    }

    /// The next message is this one: text, with `«name»` and `…` as in a transcript; bytes as `BINARY 00 ff`;
    /// `CLOSE 1000` for the end. `why` is a sentence for whoever sees something else.
    ///
    /// # Panics
    /// With a message for the learner, when something else comes, or nothing.
    #[track_caller]
    pub fn hears(&mut self, expected: &str, why: &str) {
        let came = self.next(PATIENCE);
        let pattern = Pattern::parse(expected);
        let matched = came.as_deref().map(|came| match &pattern {
            Ok(pattern) => pattern.matches(came, &mut self.names),
            Err(error) => panic!("a check with a mistake: {error}"),
        });
        if matched != Some(true) {
            let came = came.unwrap_or_else(|| format!("nothing, for {PATIENCE:?}"));
            self.fail(expected, &came, why);
        }
        self.story.push(format!("{} hears   {expected}", self.name));
    }

    /// Nothing more comes.
    ///
    /// # Panics
    /// With a message for the learner, when something does.
    #[track_caller]
    pub fn hears_nothing(&mut self, why: &str) {
        if let Some(came) = self.next(SILENCE) {
            self.fail("nothing", &came, why);
        }
    }

    /// What `«name»` is bound to: `me` is the id of this client's socket.
    pub fn name(&self, name: &str) -> &str {
        self.names.get(name).map_or("", String::as_str)
    }

    /// The next message as a transcript writes it; pings are answered on the way.
    fn next(&mut self, wait: Duration) -> Option<String> {
        self.socket.get_ref().set_read_timeout(Some(wait)).expect("a time that is not zero");
        loop {
            return match self.socket.read() {
                Ok(Message::Text(text)) => Some(text.to_string()),
                Ok(Message::Binary(bytes)) => Some(hexadecimal(&bytes)),
                Ok(Message::Close(frame)) => {
                    Some(format!("CLOSE {}", frame.map_or(1005, |frame| frame.code.into())))
                }
                Ok(_) => continue,
                Err(Error::Io(error)) if is_timeout(&error) => None,
                Err(_) => Some("CLOSE".to_owned()),
            };
        }
    }

    #[track_caller]
    fn fail(&self, expected: &str, came: &str, why: &str) -> ! {
        let story = self.story.iter().map(|line| format!("  {line}\n")).collect::<String>();
        panic!(
            "\n\nWhat happened:\n{story}Now {} should hear:\n  expected  {expected}\n  came      {came}\n\n{why}\nLook into \
             {}\n",
            self.name,
            exercise()
        );
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold("BINARY".to_owned(), |text, byte| format!("{text} {byte:02x}"))
}

fn is_timeout(error: &std::io::Error) -> bool {
    matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut)
}
