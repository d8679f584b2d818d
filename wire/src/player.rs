//! Plays a transcript against a server.

use crate::{Act, Failure, Message, Method, Names, Pattern, Server, Transcript};
use std::collections::HashMap;
use std::net::TcpStream;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;
use tungstenite::{Bytes, Error, WebSocket};

/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long silence must last to count as silence.
const SILENCE: Duration = Duration::from_millis(150);

/// Plays a transcript: everything it tells must happen, and nothing else.
///
/// # Errors
/// The first line that does not hold.
pub fn play(transcript: &Transcript, server: &mut Server) -> Result<(), Failure> {
    let mut player = Player { server, names: Names::new(), clients: HashMap::new() };
    let fail = |line, what| Failure { path: transcript.path.clone(), line, what };
    for step in &transcript.steps {
        player.act(step.line, &step.act).map_err(|what| fail(step.line, what))?;
    }
    let end = transcript.steps.last().map_or(0, |step| step.line);
    player.is_silent().map_err(|what| fail(end, what))
}

struct Player<'a> {
    server: &'a mut Server,
    names: Names,
    clients: HashMap<String, Client>,
}

/// What one client has going.
#[derive(Default)]
struct Client {
    /// By the line of the request.
    answers: HashMap<usize, Receiver<Result<Answer, String>>>,
    websocket: Option<WebSocket<TcpStream>>,
}

/// A status and a body, and the WebSocket that was opened.
struct Answer {
    status: u16,
    body: String,
    websocket: Option<WebSocket<TcpStream>>,
}

impl Player<'_> {
    fn act(&mut self, line: usize, act: &Act) -> Result<(), String> {
        match act {
            Act::Comment(_) => Ok(()),
            Act::Console(wanted) => {
                let came = self.server.console(PATIENCE);
                let came = came.ok_or_else(|| format!("nothing on the console: {wanted}"))?;
                self.compare("on the console", wanted, &came)
            }
            Act::Request { client, method, target, body } => {
                let url = format!("127.0.0.1:{}{}", self.server.port, target.fill(&self.names)?);
                let (method, body) = (*method, body.fill(&self.names)?);
                let (sender, answer) = channel();
                // A poll has to wait until something happens: nobody else may wait for it.
                thread::spawn(move || {
                    // Nobody may wait any more: the transcript has failed elsewhere.
                    let _ = sender.send(request(method, &url, &body));
                });
                self.client(client).answers.insert(line, answer);
                Ok(())
            }
            Act::Answer { client, to, status, body } => {
                let pending = self.client(client).answers.remove(to);
                let answer = pending.and_then(|answer| answer.recv_timeout(PATIENCE).ok());
                let answer =
                    answer.ok_or_else(|| format!("no answer to the request of line {to}"))??;
                if answer.status != *status {
                    let Answer { status: came, body, .. } = answer;
                    return Err(format!("expected status {status}, got {came} {body}"));
                }
                if let Some(opened) = answer.websocket
                    && self.client(client).websocket.replace(opened).is_some()
                {
                    return Err("it has another WebSocket, whose end was not told".to_owned());
                }
                self.compare("the body", body, &answer.body)
            }
            Act::Send { client, message } => {
                let message = self.outgoing(message)?;
                let websocket = self.websocket(client)?;
                if message.is_close()
                    && let Ok(unread) = receive(websocket, SILENCE)
                {
                    // Once it has said goodbye nobody would see it.
                    return Err(format!("before the end comes {unread:?}"));
                }
                websocket.send(message).map_err(|error| format!("cannot be sent: {error}"))
            }
            Act::Receive { client, message } => {
                let came = receive(self.websocket(client)?, PATIENCE)?;
                if came.is_close() {
                    // Both have said goodbye: now the connection below goes too.
                    self.client(client).websocket = None;
                }
                self.check(message, came)
            }
        }
    }

    fn client(&mut self, name: &str) -> &mut Client {
        self.clients.entry(name.to_owned()).or_default()
    }

    fn websocket(&mut self, client: &str) -> Result<&mut WebSocket<TcpStream>, String> {
        self.client(client).websocket.as_mut().ok_or_else(|| "it has no WebSocket".to_owned())
    }

    fn outgoing(&self, message: &Message) -> Result<tungstenite::Message, String> {
        Ok(match message {
            Message::Text(text) => text.fill(&self.names)?.into(),
            Message::Binary(bytes) => Bytes::copy_from_slice(bytes).into(),
            Message::Close(code) => tungstenite::Message::Close(code.map(|code| {
                tungstenite::protocol::CloseFrame { code: code.into(), reason: "".into() }
            })),
        })
    }

    fn check(&mut self, wanted: &Message, came: tungstenite::Message) -> Result<(), String> {
        match (wanted, came) {
            (Message::Text(wanted), tungstenite::Message::Text(came)) => {
                self.compare("a message", wanted, &came)
            }
            (Message::Binary(wanted), tungstenite::Message::Binary(came)) if *wanted == came => {
                Ok(())
            }
            (Message::Close(wanted), tungstenite::Message::Close(came)) => {
                let came = came.map(|frame| u16::from(frame.code));
                if wanted.is_some() && *wanted != came {
                    return Err(format!("expected the code {wanted:?}, got {came:?}"));
                }
                Ok(())
            }
            (wanted, came) => Err(format!("expected {wanted:?}, got {came:?}")),
        }
    }

    fn compare(&mut self, what: &str, wanted: &Pattern, came: &str) -> Result<(), String> {
        if wanted.matches(came, &mut self.names) {
            return Ok(());
        }
        let came = came.replace('\u{1e}', "␞");
        let known = wanted.fill(&self.names).ok().filter(|known| *known != wanted.to_string());
        let known = known.map(|known| format!("\n      that is {known}")).unwrap_or_default();
        Err(format!("{what} is not as told\n     expected {wanted}{known}\n          got {came}"))
    }

    /// The story is over: nobody may get anything more.
    fn is_silent(&mut self) -> Result<(), String> {
        if let Some(line) = self.server.console(SILENCE) {
            return Err(format!("after the last line the console says {line}"));
        }
        for (name, client) in &mut self.clients {
            let Some(websocket) = &mut client.websocket else { continue };
            if let Ok(message) = receive(websocket, Duration::from_millis(1)) {
                return Err(format!("after the last line {name:?} gets {message:?}"));
            }
        }
        Ok(())
    }
}

/// The next message that is not the WebSocket's own ping or pong.
fn receive(
    websocket: &mut WebSocket<TcpStream>,
    wait: Duration,
) -> Result<tungstenite::Message, String> {
    let told = |error: &dyn std::fmt::Display| format!("nothing came: {error}");
    websocket.get_ref().set_read_timeout(Some(wait)).map_err(|error| told(&error))?;
    loop {
        match websocket.read() {
            Ok(tungstenite::Message::Ping(_) | tungstenite::Message::Pong(_)) => {}
            Ok(message) => return Ok(message),
            Err(error) => return Err(told(&error)),
        }
    }
}

fn request(method: Method, url: &str, body: &str) -> Result<Answer, String> {
    if method == Method::WebSocket {
        return open(url);
    }
    let config = ureq::Agent::config_builder().http_status_as_error(false);
    let agent = config.timeout_global(Some(PATIENCE)).max_redirects(0).build().new_agent();
    let url = format!("http://{url}");
    let sent = match method {
        Method::Post => {
            agent.post(&url).header("Content-Type", "text/plain;charset=UTF-8").send(body)
        }
        _ => agent.get(&url).call(),
    };
    let mut answer = sent.map_err(|error| error.to_string())?;
    let body = answer.body_mut().read_to_string().map_err(|error| error.to_string())?;
    Ok(Answer { status: answer.status().as_u16(), body, websocket: None })
}

fn open(url: &str) -> Result<Answer, String> {
    let address = url.split('/').next().unwrap_or_default();
    let stream = TcpStream::connect(address).map_err(|error| error.to_string())?;
    stream.set_read_timeout(Some(PATIENCE)).map_err(|error| error.to_string())?;
    match tungstenite::client(format!("ws://{url}"), stream) {
        Ok((websocket, answer)) => {
            let status = answer.status().as_u16();
            Ok(Answer { status, body: String::new(), websocket: Some(websocket) })
        }
        Err(tungstenite::HandshakeError::Failure(Error::Http(answer))) => {
            let status = answer.status().as_u16();
            let body = answer.into_body().unwrap_or_default();
            Ok(Answer {
                status,
                body: String::from_utf8_lossy(&body).into_owned(),
                websocket: None,
            })
        }
        Err(error) => Err(error.to_string()),
    }
}
