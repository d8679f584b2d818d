//! The finished chat, as a process of its own. It is the tutorial's: of a row that asks for what the tutorial has
//! nothing of, the list says what that is.

use crate::chat_rows::{ABSENT, STORIES};
use crate::outcome::{Failure, Outcome, all_are_met, same};
use crate::server::wait_until;
use crate::vitals::{Vitals, alone};
use crate::ws::{Got, Ws};
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

pub struct Chat {
    process: Process,
    pub address: SocketAddr,
    pub log: Arc<Mutex<Vec<String>>>,
}

/// The lines of the log in a line of output. Built for release, femme puts each message into JSON.
fn messages(line: String) -> Vec<String> {
    match serde_json::from_str::<serde_json::Value>(&line) {
        Ok(entry) if entry["msg"].is_string() => {
            entry["msg"].as_str().unwrap_or_default().lines().map(str::to_owned).collect()
        }
        _ => vec![line],
    }
}

/// Ended when nobody holds it any more, also by a test that fails half-way.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Chat {
    fn start() -> Self {
        let process = Command::new(env!("CARGO_BIN_EXE_ch05_full_client"))
            .args(["--port", "0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the chat starts");
        let mut process = Process(process);
        let stdout = process.0.stdout.take().expect("its output is piped");
        let mut lines = BufReader::new(stdout).lines().map_while(Result::ok).flat_map(messages);
        let port = lines.find_map(|line| {
            line.split_once("listening on port ").map(|(_, port)| port.trim().to_owned())
        });
        let port = port.expect("it names its port").parse().expect("a port");
        let log = Arc::new(Mutex::new(Vec::new()));
        let kept = log.clone();
        std::thread::spawn(move || lines.for_each(|line| kept.lock().unwrap().push(line)));
        Self { process, address: SocketAddr::from(([127, 0, 0, 1], port)), log }
    }

    pub fn logs(&self, what: &str) -> Result<(), Failure> {
        wait_until(Duration::from_secs(5), &format!("the log says nothing of {what:?}"), || {
            self.log.lock().unwrap().iter().any(|line| line.contains(what))
        })
    }

    /// Alice and Bob, logged in, with nothing left to read.
    pub fn pair(&self) -> Result<(Ws, Ws), Failure> {
        let mut alice = self.person("alice", "a@x")?;
        let bob = self.person("bob", "b@x")?;
        same("bob is in", alice.next()?, text(r#"42["login","bob"]"#))?;
        Ok((alice, bob))
    }

    /// Somebody who has just logged in.
    pub fn person(&self, name: &str, userid: &str) -> Result<Ws, Failure> {
        let (mut ws, _) = Ws::connect(self.address)?;
        ws.text(&format!(r#"42["login",{{"name":"{name}","userid":"{userid}"}}]"#));
        same("the login", ws.next()?, text(&format!(r#"42["login","{name}"]"#)))?;
        Ok(ws)
    }
}

pub fn text(text: &str) -> Got {
    Got::Text(text.to_owned())
}

/// What others receive when Alice says `msg`, which is JSON.
pub fn from_alice(msg: &str) -> Got {
    text(&format!(r#"42["chat",{{"from":{{"name":"alice","userid":"a@x"}},"msg":{msg}}}]"#))
}

/// Bob receives from Alice what she says now, and nothing of what she sent before.
pub fn nothing_came(alice: &mut Ws, bob: &mut Ws) -> Result<(), Failure> {
    alice.text(r#"42["chat",{"msg":"and now?"}]"#);
    same("what bob receives", bob.next()?, from_alice("\"and now?\""))
}

pub fn outcomes() -> &'static [Outcome] {
    static OUTCOMES: OnceLock<Vec<Outcome>> = OnceLock::new();
    OUTCOMES.get_or_init(|| {
        let _alone = alone();
        let chat = Chat::start();
        let vitals = Vitals::of_process(chat.address, chat.process.0.id());
        let played = STORIES.map(|(id, required, story, absent)| {
            let outcome = vitals.watch(id, required, || {
                let seen = story(&chat)?;
                let panicked =
                    chat.log.lock().unwrap().iter().any(|line| line.contains("panicked"));
                same("a panic in the log", panicked, false)?;
                Ok(seen)
            });
            Outcome { absent, ..outcome }
        });
        let unplayed = ABSENT.map(|(id, required, absent)| Outcome {
            id,
            required,
            seen: Ok(String::new()),
            absent: Some(absent),
        });
        played.into_iter().chain(unplayed).collect()
    })
}

#[test]
fn every_row_that_the_chat_has_a_feature_for() {
    all_are_met(outcomes());
}
