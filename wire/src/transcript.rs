//! The lines of a transcript, and what each of them means. No I/O but reading the file.

use crate::{Failure, Pattern};
use std::collections::HashMap;
use std::path::Path;

/// A story between clients and a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transcript {
    /// Where it was read from, for errors.
    pub path: String,
    /// What happens, in order.
    pub steps: Vec<Step>,
}

/// One line that is not empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its number, from 1.
    pub line: usize,
    /// What it says.
    pub act: Act,
}

/// What a line says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// `# text`: words for the reader.
    Comment(String),
    /// `= text`: a line on the server's console.
    Console(Pattern),
    /// A client sends an HTTP request.
    Request {
        /// Who sends it.
        client: String,
        /// How.
        method: Method,
        /// Path and query.
        target: Pattern,
        /// Empty unless it is a POST.
        body: Pattern,
    },
    /// The server answers one.
    Answer {
        /// Who gets it.
        client: String,
        /// The line of the request.
        to: usize,
        /// The status; 101 opens a WebSocket.
        status: u16,
        /// What comes with it.
        body: Pattern,
    },
    /// A client sends on its WebSocket.
    Send {
        /// Who sends it.
        client: String,
        /// What.
        message: Message,
    },
    /// A client gets something on its WebSocket.
    Receive {
        /// Who gets it.
        client: String,
        /// What.
        message: Message,
    },
}

/// How a request is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// `GET`
    Get,
    /// `POST`
    Post,
    /// `WS`: a GET that asks for a WebSocket.
    WebSocket,
}

/// What goes through a WebSocket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// A text message.
    Text(Pattern),
    /// `BINARY`: a binary message.
    Binary(Vec<u8>),
    /// `CLOSE`: the end, with the code if one is told.
    Close(Option<u16>),
}

/// Per client the requests without an answer: their lines, and whether they ask for a WebSocket.
type Unanswered = HashMap<String, Vec<(usize, Method)>>;

impl Transcript {
    /// Reads a file.
    ///
    /// # Errors
    /// When it cannot be read, or says what no transcript can.
    pub fn read(path: &Path) -> Result<Self, Failure> {
        let name = path.display().to_string();
        match std::fs::read_to_string(path) {
            Ok(text) => Self::parse(&name, &text),
            Err(error) => Err(Failure { path: name, line: 0, what: error.to_string() }),
        }
    }

    /// Reads a text; `path` is for the errors.
    ///
    /// # Errors
    /// When a line says what no transcript can, or a request has no answer.
    pub fn parse(path: &str, text: &str) -> Result<Self, Failure> {
        let fail = |line, what| Failure { path: path.to_owned(), line, what };
        let mut unanswered = Unanswered::new();
        let mut steps = Vec::new();
        for (number, line) in (1..).zip(text.lines()) {
            if line.trim().is_empty() {
                continue;
            }
            let act = act(number, line, &mut unanswered).map_err(|what| fail(number, what))?;
            steps.push(Step { line: number, act });
        }
        let left = unanswered.into_values().flatten().map(|(line, _)| line).min();
        if let Some(line) = left {
            return Err(fail(line, "this request has no answer".to_owned()));
        }
        Ok(Self { path: path.to_owned(), steps })
    }
}

fn act(number: usize, line: &str, unanswered: &mut Unanswered) -> Result<Act, String> {
    let mark = line.find(|c: char| !c.is_ascii_lowercase()).unwrap_or(line.len());
    let (client, rest) = line.split_at(mark);
    let kind = rest.chars().next();
    let text = rest.get(1..).unwrap_or_default();
    let text = match text.strip_prefix(' ') {
        Some(text) => text,
        None if text.is_empty() => "",
        None => return Err(format!("a blank belongs after the mark: {line:?}")),
    };
    let named = client.to_owned();
    match kind {
        Some('#') if client.is_empty() => Ok(Act::Comment(text.to_owned())),
        Some('=') if client.is_empty() => Ok(Act::Console(Pattern::parse(text)?)),
        Some('>') => {
            let Some((method, target, body)) = request(text) else {
                return Ok(Act::Send { client: named, message: message(text)? });
            };
            unanswered.entry(named.clone()).or_default().push((number, method));
            let (target, body) = (Pattern::parse(target)?, Pattern::parse(body)?);
            Ok(Act::Request { client: named, method, target, body })
        }
        Some('<') => {
            let waiting = unanswered.get_mut(client).filter(|waiting| !waiting.is_empty());
            let (Some(waiting), Some((status, body))) = (waiting, answer(text)) else {
                return Ok(Act::Receive { client: named, message: message(text)? });
            };
            let (to, method) = waiting.pop().unwrap_or((number, Method::Get));
            if (status == 101) != (method == Method::WebSocket) && status < 400 {
                return Err(format!("{status} is no answer to the request of line {to}"));
            }
            Ok(Act::Answer { client: named, to, status, body: Pattern::parse(body)? })
        }
        _ => Err(format!("a line begins with #, =, CLIENT> or CLIENT<, not {line:?}")),
    }
}

fn request(text: &str) -> Option<(Method, &str, &str)> {
    if let Some(target) = text.strip_prefix("GET ") {
        return Some((Method::Get, target, ""));
    }
    if let Some(target) = text.strip_prefix("WS ") {
        return Some((Method::WebSocket, target, ""));
    }
    let rest = text.strip_prefix("POST ")?;
    let (target, body) = rest.split_once(' ').unwrap_or((rest, ""));
    Some((Method::Post, target, body))
}

/// A status, and what follows it after a blank.
fn answer(text: &str) -> Option<(u16, &str)> {
    let (status, body) = text.split_once(' ').unwrap_or((text, ""));
    if status.len() != 3 {
        return None;
    }
    Some((status.parse().ok()?, body))
}

fn message(text: &str) -> Result<Message, String> {
    if let Some(bytes) = text.strip_prefix("BINARY ") {
        let byte = |byte: &str| u8::from_str_radix(byte, 16);
        let bytes: Result<_, _> = bytes.split_whitespace().map(byte).collect();
        return bytes
            .map(Message::Binary)
            .map_err(|error| format!("no hexadecimal bytes: {error}"));
    }
    match text.strip_prefix("CLOSE") {
        Some("") => Ok(Message::Close(None)),
        Some(code) => match code.trim().parse() {
            Ok(code) => Ok(Message::Close(Some(code))),
            Err(_) => Err(format!("no code of a close frame: {code:?}")),
        },
        None => Ok(Message::Text(Pattern::parse(text)?)),
    }
}

#[cfg(test)]
mod tests;
