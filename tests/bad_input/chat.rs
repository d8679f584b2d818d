//! The finished chat, as a process of its own. It is the tutorial's: for a row that asks for what the
//! tutorial has not, the list says what is open.

use crate::client::request;
use crate::outcome::{Failure, Outcome, Seen, all_are_met, same};
use crate::server::wait_until;
use crate::vitals::{Vitals, alone};
use crate::ws::{Got, Ws};
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

struct Chat {
    process: Process,
    address: SocketAddr,
    log: Arc<Mutex<Vec<String>>>,
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
        let mut lines = BufReader::new(stdout).lines().map_while(Result::ok);
        let port = lines.find_map(|line| {
            line.split_once("listening on port ").map(|(_, port)| port.trim().to_owned())
        });
        let port = port.expect("it names its port").parse().expect("a port");
        let log = Arc::new(Mutex::new(Vec::new()));
        let kept = log.clone();
        std::thread::spawn(move || lines.for_each(|line| kept.lock().unwrap().push(line)));
        Self { process, address: SocketAddr::from(([127, 0, 0, 1], port)), log }
    }

    fn logs(&self, what: &str) -> Result<(), Failure> {
        wait_until(Duration::from_secs(5), &format!("the log says nothing of {what:?}"), || {
            self.log.lock().unwrap().iter().any(|line| line.contains(what))
        })
    }

    /// Alice and Bob, logged in, with nothing left to read.
    fn pair(&self) -> Result<(Ws, Ws), Failure> {
        let (mut alice, _) = Ws::connect(self.address)?;
        alice.text(r#"42["login",{"name":"alice","userid":"a@x"}]"#);
        same("alice is in", alice.next()?, text(r#"42["login","alice"]"#))?;
        let (mut bob, _) = Ws::connect(self.address)?;
        bob.text(r#"42["login",{"name":"bob","userid":"b@x"}]"#);
        for one in [&mut alice, &mut bob] {
            same("bob is in", one.next()?, text(r#"42["login","bob"]"#))?;
        }
        Ok((alice, bob))
    }
}

fn text(text: &str) -> Got {
    Got::Text(text.to_owned())
}

/// What others receive when Alice says `msg`, which is JSON.
fn from_alice(msg: &str) -> Got {
    text(&format!(r#"42["chat",{{"from":{{"name":"alice","userid":"a@x"}},"msg":{msg}}}]"#))
}

/// Bob receives from Alice what she says now, and nothing of what she sent before.
fn nothing_came(alice: &mut Ws, bob: &mut Ws) -> Result<(), Failure> {
    alice.text(r#"42["chat",{"msg":"and now?"}]"#);
    same("what bob receives", bob.next()?, from_alice("\"and now?\""))
}

const MARKUP: [&str; 3] =
    ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "\\\"><svg onload=alert(1)>"];

fn markup_in_messages(chat: &Chat) -> Seen {
    let (mut alice, mut bob) = chat.pair()?;
    for html in MARKUP {
        alice.text(&format!(r#"42["chat",{{"msg":"{html}"}}]"#));
        same("what bob receives", bob.next()?, from_alice(&format!("\"{html}\"")))?;
    }
    Ok("delivered as it came".to_owned())
}

fn markup_in_names(chat: &Chat) -> Seen {
    for html in MARKUP {
        let (mut ws, _) = Ws::connect(chat.address)?;
        ws.text(&format!(r#"42["login",{{"name":"{html}","userid":"x"}}]"#));
        same("the name", ws.next()?, text(&format!(r#"42["login","{html}"]"#)))?;
    }
    Ok("delivered as it came".to_owned())
}

fn page_headers(chat: &Chat) -> Seen {
    for page in ["/", "/chat.js", "/style.css"] {
        let answer = request(chat.address, "GET", page, b"")?;
        same("the status", answer.status, 200)?;
        let policy =
            answer.head.lines().find_map(|line| line.strip_prefix("content-security-policy: "));
        let policy = policy.ok_or(format!("{page} has no policy"))?;
        same("inline scripts", policy.contains("unsafe-inline"), false)?;
        same("a default", policy.contains("default-src 'self'"), true)?;
        same("frames", policy.contains("frame-ancestors 'none'"), true)?;
        same("nosniff", answer.head.contains("x-content-type-options: nosniff\r\n"), true)?;
    }
    Ok("on the page, its script and its style".to_owned())
}

fn forged_sender(chat: &Chat) -> Seen {
    let (mut alice, mut bob) = chat.pair()?;
    alice.text(r#"42["chat",{"user":"bob","from":{"name":"bob","userid":"b@x"},"msg":"hi"}]"#);
    same("what bob receives", bob.next()?, from_alice("\"hi\""))?;
    Ok("the sender is the session's".to_owned())
}

fn before_login(chat: &Chat) -> Seen {
    let (mut alice, mut bob) = chat.pair()?;
    let (mut stranger, _) = Ws::connect(chat.address)?;
    stranger.text(r#"42["chat",{"msg":"hi"}]"#);
    stranger.text(r#"42["login",{"name":"late","userid":"l@x"}]"#);
    for one in [&mut alice, &mut bob] {
        same("what comes first", one.next()?, text(r#"42["login","late"]"#))?;
    }
    chat.logs("chat before login")?;
    Ok("nothing delivered, an error in the log".to_owned())
}

fn wrong_messages(chat: &Chat) -> Seen {
    let (mut alice, mut bob) = chat.pair()?;
    let keys: Vec<_> = (0..90_000).map(|n| format!("\"{n:x}\":0")).collect();
    let deep = format!("{}{}", "{\"a\":".repeat(50), "1".to_owned() + &"}".repeat(50));
    let many = format!("{{{}}}", keys.join(","));
    for msg in ["7", "null", "[\"a\"]", "true", &deep, &many] {
        alice.text(&format!(r#"42["chat",{{"msg":{msg}}}]"#));
    }
    for said in ["7", "null", "[]", "\"a\"", &deep, &many] {
        alice.text(&format!(r#"42["chat",{said}]"#));
    }
    nothing_came(&mut alice, &mut bob)?;
    chat.logs("wrong arguments")?;
    Ok("dropped with an error in the log, the socket lives".to_owned())
}

fn wrong_arguments(chat: &Chat) -> Seen {
    let (mut alice, mut bob) = chat.pair()?;
    for event in
        [r#"42["chat"]"#, r#"421["chat"]"#, r#"42["login"]"#, r#"42["chat","x",{"msg":"y"}]"#]
    {
        alice.text(event);
    }
    nothing_came(&mut alice, &mut bob)?;
    alice.text(r#"42["chat",{"msg":"one"},2,{"three":3}]"#);
    same("what bob receives", bob.next()?, from_alice("\"one\""))?;
    Ok("dropped with an error in the log; arguments beyond the first ignored".to_owned())
}

fn strange_text(chat: &Chat) -> Seen {
    let (mut alice, mut bob) = chat.pair()?;
    let zalgo = format!("a{}", "\u{301}".repeat(500));
    for msg in ["👩\u{200d}👩\u{200d}👧\u{200d}👦", &zalgo, "\u{5e9}\u{5dc}\u{5d5}\u{5dd}"]
    {
        alice.text(&format!(r#"42["chat",{{"msg":"{msg}"}}]"#));
        same("what bob receives", bob.next()?, from_alice(&format!("\"{msg}\"")))?;
    }
    Ok("delivered unchanged".to_owned())
}

fn line_break_in_a_name(chat: &Chat) -> Seen {
    let (mut ws, _) = Ws::connect(chat.address)?;
    ws.text(r#"42["login",{"name":"mallory\n[ERROR] fake","userid":"m@x"}]"#);
    same("the login", ws.next()?, text(r#"42["login","mallory\n[ERROR] fake"]"#))?;
    chat.logs("fake")?;
    let alone = chat.log.lock().unwrap().iter().any(|line| line.starts_with("[ERROR] fake"));
    same("a line of its own in the log (if not, the row is met)", alone, true)?;
    Ok("written to the log as it is".to_owned())
}

/// A row, what it asks for, how it is played, and what of it is open.
type Story = (&'static str, &'static str, fn(&Chat) -> Seen, Option<&'static str>);

const STORIES: [Story; 9] = [
    ("A01", "delivered as it came, shown as text (browser tests)", markup_in_messages, None),
    ("A02", "the same in names", markup_in_names, None),
    ("A04", "a policy without inline script, nosniff, no frames", page_headers, None),
    ("A10", "the sender is filled in from the session", forged_sender, None),
    (
        "A11",
        "nothing delivered; an error ack; the socket closed after 10 s",
        before_login,
        Some("no error ack, and a socket may stay that never logs in"),
    ),
    ("A17", "refused, no panic", wrong_messages, Some("no error ack")),
    ("A18", "refused or ignored", wrong_arguments, None),
    ("A23", "delivered unchanged", strange_text, None),
    (
        "A26",
        "one line in the log, escaped",
        line_break_in_a_name,
        Some("a name with a line break makes two lines in the log"),
    ),
];

/// What the tutorial's chat has nothing of.
const ABSENT: [(&str, &str, &str); 17] = [
    ("A03", "never an `href`", "messages hold no links"),
    ("A05", "error ack, at most 32 characters", "no limit but that of a message"),
    ("A06", "refused after NFKC and trim", "any name is taken"),
    ("A07", "refused", "any name is taken"),
    ("A08", "refused in names, isolated in messages", "any name is taken"),
    ("A09", "refused: taken or confusable", "names need not be unique"),
    ("A12", "refused, presence right", "a second login renames; no presence"),
    ("A13", "one rule for it", "names may be shared; no leave event"),
    ("A14", "error ack, nothing told", "no rooms"),
    ("A15", "own charset, never a raw room", "no rooms"),
    ("A16", "error ack, at most 2,000 characters", "the page stops at 1,000, the server does not"),
    ("A19", "five messages a second, then refused", "no rate limit"),
    ("A20", "a cap of sessions by address", "the edge's cap by address only"),
    ("A21", "same limit, presence converges", "no rooms, no presence"),
    ("A22", "once a second and user", "no typing event"),
    ("A24", "refused, bound parameters", "no history"),
    ("A25", "stored once", "no history"),
];

pub fn outcomes() -> &'static [Outcome] {
    static OUTCOMES: OnceLock<Vec<Outcome>> = OnceLock::new();
    OUTCOMES.get_or_init(|| {
        let _alone = alone();
        let chat = Chat::start();
        let vitals = Vitals::of_process(chat.address, chat.process.0.id());
        let played = STORIES.map(|(id, required, story, open)| {
            let outcome = vitals.watch(id, required, || {
                let seen = story(&chat)?;
                let panicked =
                    chat.log.lock().unwrap().iter().any(|line| line.contains("panicked"));
                same("a panic in the log", panicked, false)?;
                Ok(seen)
            });
            Outcome { open, ..outcome }
        });
        let absent = ABSENT.map(|(id, required, open)| Outcome {
            id,
            required,
            seen: Ok("not played".to_owned()),
            open: Some(open),
        });
        played.into_iter().chain(absent).collect()
    })
}

#[test]
fn every_row_that_the_chat_has_a_feature_for() {
    all_are_met(outcomes());
}
