//! A client on a WebSocket, frame by frame.

use crate::story::Story;
use crate::{PATIENCE, SILENCE};
use std::net::TcpStream;
use std::time::Duration;
use tungstenite::{Error, Message, WebSocket};
use wire::{Names, Pattern};

/// A client. A check that fails tells what it and the others have lived through.
#[derive(Debug)]
pub struct Client {
    name: String,
    socket: WebSocket<TcpStream>,
    names: Names,
    story: Story,
}

impl Client {
    #[track_caller]
    pub(crate) fn connect(name: &str, port: u16, path: &str, story: Story) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", port)).expect("the server listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a time that is not zero");
        let url = format!("ws://127.0.0.1:{port}{path}");
        match tungstenite::client(url, stream) {
            Ok((socket, _)) => {
                story.tell(format!("{name} opens a WebSocket at {path}"));
                Self { name: name.to_owned(), socket, names: Names::new(), story }
            }
            Err(error) => panic!(
                "\n\n{}Now {name} asks for a WebSocket at {path}\n  expected  101 Switching Protocols\n  came      \
                 {error}\n\n{}",
                story.so_far(),
                story.end()
            ),
        }
    }

    /// Sends a text message. `«me»` is this client's id, and what it has bound before stands for itself.
    pub fn says(&mut self, text: &str) {
        let text = Pattern::parse(text).and_then(|pattern| pattern.fill(&self.names));
        let text = text.unwrap_or_else(|error| panic!("a check with a mistake: {error}"));
        self.story.tell(format!("{} sends   {text}", self.name));
        // A server that has closed says so in what is read next.
        let _ = self.socket.send(Message::text(text));
    }

    /// Sends a binary message.
    pub fn says_bytes(&mut self, bytes: &[u8]) {
        self.story.tell(format!("{} sends   {} bytes", self.name, bytes.len()));
        let _ = self.socket.send(Message::binary(bytes.to_vec()));
    }

    /// Closes the window: says so, and waits until the server has answered.
    ///
    /// # Panics
    /// With a message for the learner, when something else comes first.
    #[track_caller]
    pub fn leaves(&mut self) {
        self.story.tell(format!("{} closes the window", self.name));
        let _ = self.socket.close(None);
        let came = self.next(PATIENCE);
        if !came.as_deref().is_some_and(|came| came.starts_with("CLOSE")) {
            let came = came.unwrap_or_else(|| format!("nothing, for {PATIENCE:?}"));
            self.fail("the end", &came, "Nothing else was on its way.");
        }
    }

    /// The next message, whatever it is. What this client has bound stands as `«name»`, and an end without
    /// its code.
    ///
    /// # Panics
    /// With a message for the learner, when nothing comes.
    #[track_caller]
    pub fn reads(&mut self) -> String {
        let Some(came) = self.next(PATIENCE) else {
            let nothing = format!("nothing, for {PATIENCE:?}");
            self.fail(
                "one more message",
                &nothing,
                "The server beside the exercise sends one here.",
            )
        };
        self.story.tell(format!("{} hears   {came}", self.name));
        if came.starts_with("CLOSE") {
            return "CLOSE".to_owned();
        }
        self.names
            .iter()
            .fold(came, |came, (name, value)| came.replace(value, &format!("«{name}»")))
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
        self.story.tell(format!("{} hears   {expected}", self.name));
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

    /// All that has come and was not read yet, as [`reads`](Self::reads) shows it. What others have caused is
    /// among it, if the server is done with that.
    ///
    /// It needs no silence: the answer of a namespace that nobody has made comes after all the rest.
    ///
    /// # Panics
    /// With a message for the learner, when that answer does not come.
    #[track_caller]
    pub fn reads_all(&mut self) -> Vec<String> {
        let _ = self.socket.send(Message::text("40/nowhere,"));
        let mut all = Vec::new();
        loop {
            match self.reads() {
                end if end.starts_with("44/nowhere,") => {
                    self.story.forget_last();
                    return all;
                }
                end if end == "CLOSE" => return all,
                message => all.push(message),
            }
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
        panic!(
            "\n\n{}Now {} should hear:\n  expected  {expected}\n  came      {came}\n\n{why}\n{}",
            self.story.so_far(),
            self.name,
            self.story.end(),
            expected = self.story.shown(expected),
            came = self.story.shown(came),
        );
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold("BINARY".to_owned(), |text, byte| format!("{text} {byte:02x}"))
}

fn is_timeout(error: &std::io::Error) -> bool {
    matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut)
}
