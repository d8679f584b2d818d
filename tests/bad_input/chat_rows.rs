//! The rows of the finished chat, one by one.

use crate::chat::{Chat, from_alice, nothing_came, text};
use crate::client::request;
use crate::outcome::{Seen, same};
use crate::ws::{Got, Ws};

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
        chat.person(html, "x")?;
    }
    Ok("delivered as it came".to_owned())
}

fn links(chat: &Chat) -> Seen {
    let (mut alice, mut bob) = chat.pair()?;
    for link in ["javascript:alert(1)", "data:text/html,<script>alert(1)</script>"] {
        alice.text(&format!(r#"42["chat",{{"msg":"{link}"}}]"#));
        same("what bob receives", bob.next()?, from_alice(&format!("\"{link}\"")))?;
    }
    let script = request(chat.address, "GET", "/chat.js", b"")?.body;
    same("the script makes a line", script.contains(".textContent = "), true)?;
    for word in ["href", ".innerHTML", ".outerHTML", "insertAdjacentHTML"] {
        same(&format!("the script has {word}"), script.contains(word), false)?;
    }
    Ok("delivered as it came; the page makes no links and no HTML".to_owned())
}

fn long_names(chat: &Chat) -> Seen {
    chat.person(&"n".repeat(10_001), "x")?;
    let (mut ws, _) = Ws::connect(chat.address)?;
    ws.text(&format!(r#"42["login",{{"name":"{}","userid":"x"}}]"#, "n".repeat(1_000_000)));
    ws.is_closed(1009)?;
    Ok("10,001 characters taken; over the largest message close 1009".to_owned())
}

fn empty_names(chat: &Chat) -> Seen {
    for name in ["", "   ", "\u{200b}\u{feff}"] {
        chat.person(name, "x")?;
    }
    Ok("taken as they are".to_owned())
}

fn control_characters_in_names(chat: &Chat) -> Seen {
    let said = r"\u0000\u0007\u001b[31m\u007f\u0085\u2028";
    let (mut ws, _) = Ws::connect(chat.address)?;
    ws.text(&format!(r#"42["login",{{"name":"bell{said}","userid":"x"}}]"#));
    let name: String = serde_json::from_str(&format!("\"bell{said}\"")).map_err(|_| "JSON")?;
    let Got::Text(login) = ws.next()? else { return Err("no login".into()) };
    let login: (String, String) = serde_json::from_str(&login[2..]).map_err(|_| "no login")?;
    same("the name", login.1, name)?;
    chat.logs("bell   [31m  \u{2028}")?;
    Ok("taken as they are, blanks in the log".to_owned())
}

fn right_to_left(chat: &Chat) -> Seen {
    let (mut alice, mut bob) = chat.pair()?;
    let said = "\u{202e}abc\u{2066}def";
    alice.text(&format!(r#"42["chat",{{"msg":"{said}"}}]"#));
    same("what bob receives", bob.next()?, from_alice(&format!("\"{said}\"")))?;
    let script = request(chat.address, "GET", "/chat.js", b"")?.body;
    same("a message is isolated", script.contains("element(\"bdi\", msg)"), true)?;
    Ok("delivered unchanged, isolated by the page in `<bdi>`".to_owned())
}

fn names_of_others(chat: &Chat) -> Seen {
    let (mut alice, mut bob) = chat.pair()?;
    let names = ["Alice", "alice ", "\u{430}lice", "ALICE", "alice"];
    for name in names {
        chat.person(name, "x")?;
        for one in [&mut alice, &mut bob] {
            same("everybody is told", one.next()?, text(&format!(r#"42["login","{name}"]"#)))?;
        }
    }
    Ok("taken: the user id tells people apart, the name does not".to_owned())
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

fn another_login(chat: &Chat) -> Seen {
    let (mut alice, mut bob) = chat.pair()?;
    alice.text(r#"42["login",{"name":"ada","userid":"ada@x"}]"#);
    for one in [&mut alice, &mut bob] {
        same("everybody is told", one.next()?, text(r#"42["login","ada"]"#))?;
    }
    alice.text(r#"42["chat",{"msg":"hi"}]"#);
    let hi = r#"42["chat",{"from":{"name":"ada","userid":"ada@x"},"msg":"hi"}]"#;
    same("what bob receives", bob.next()?, text(hi))?;
    Ok("a new name, of which everybody is told".to_owned())
}

fn one_name_twice(chat: &Chat) -> Seen {
    let (mut alice, mut bob) = chat.pair()?;
    let mut twin = chat.person("alice", "a@x")?;
    for one in [&mut alice, &mut bob] {
        same("everybody is told", one.next()?, text(r#"42["login","alice"]"#))?;
    }
    twin.text(r#"42["chat",{"msg":"it is me"}]"#);
    for one in [&mut alice, &mut bob] {
        same("what the others receive", one.next()?, from_alice("\"it is me\""))?;
    }
    drop(twin);
    chat.logs("user disconnected: alice")?;
    nothing_came(&mut alice, &mut bob)?;
    Ok("shared; the others are told of no leaving".to_owned())
}

fn sizes(chat: &Chat) -> Seen {
    let (mut alice, mut bob) = chat.pair()?;
    for said in [String::new(), "   ".to_owned(), "m".repeat(2_001), "m".repeat(200_000)] {
        alice.text(&format!(r#"42["chat",{{"msg":"{said}"}}]"#));
        same("what bob receives", bob.next()?, from_alice(&format!("\"{said}\"")))?;
    }
    alice.text(&format!(r#"42["chat",{{"msg":"{}"}}]"#, "m".repeat(1_000_000)));
    alice.is_closed(1009)?;
    Ok("any size is delivered; over the largest message close 1009".to_owned())
}

fn a_thousand_at_once(chat: &Chat) -> Seen {
    let (mut alice, mut bob) = chat.pair()?;
    for number in 0..1000 {
        alice.text(&format!(r#"42["chat",{{"msg":"{number}"}}]"#));
    }
    for number in 0..1000 {
        same("what bob receives", bob.next()?, from_alice(&format!("\"{number}\"")))?;
    }
    Ok("all delivered in order, the others do not wait".to_owned())
}

fn many_from_one_address(chat: &Chat) -> Seen {
    let people = (0..200).map(|_| Ws::connect(chat.address)).collect::<Result<Vec<_>, _>>()?;
    same("let in", people.len(), 200)?;
    Ok("200 are let in; the edge stops at 1,000".to_owned())
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

fn line_breaks_in_the_log(chat: &Chat) -> Seen {
    let mut mallory = chat.person(r"mallory\n[ERROR] fake", r"m@x\r\n[ERROR] fake")?;
    mallory.text(r#"42["chat",{"msg":"hi\n[ERROR] fake"}]"#);
    mallory.text(r#"42["forceDisconnect"]"#);
    chat.logs(" name:mallory [ERROR] fake")?;
    chat.logs(" userid: m@x  [ERROR] fake")?;
    chat.logs("Message from mallory [ERROR] fake: hi [ERROR] fake")?;
    chat.logs("user disconnected: mallory [ERROR] fake")?;
    let alone = chat.log.lock().unwrap().iter().any(|line| line.starts_with("[ERROR] fake"));
    same("a line of its own in the log", alone, false)?;
    Ok("blanks, in the line they belong to".to_owned())
}

/// A row, what it asks for, how it is played, and what of it this chat has nothing of.
type Story = (&'static str, &'static str, fn(&Chat) -> Seen, Option<&'static str>);

const NAMES: &str = "rules for names";

pub const STORIES: [Story; 20] = [
    ("A01", "delivered as it came, shown as text (browser tests)", markup_in_messages, None),
    ("A02", "the same in names", markup_in_names, None),
    ("A03", "never an `href`", links, None),
    ("A04", "a policy without inline script, nosniff, no frames", page_headers, None),
    ("A05", "error ack, at most 32 characters", long_names, Some(NAMES)),
    ("A06", "refused after NFKC and trim", empty_names, Some(NAMES)),
    ("A07", "refused", control_characters_in_names, Some(NAMES)),
    ("A08", "refused in names, isolated in messages", right_to_left, Some(NAMES)),
    ("A09", "refused: taken or confusable", names_of_others, Some(NAMES)),
    ("A10", "the sender is filled in from the session", forged_sender, None),
    (
        "A11",
        "nothing delivered; an error ack; the socket closed after 10 s",
        before_login,
        Some("acks, and a time by which a client has to log in"),
    ),
    ("A12", "refused or a new name, presence right", another_login, Some("presence")),
    ("A13", "one rule for it", one_name_twice, None),
    ("A16", "error ack, at most 2,000 characters", sizes, Some("a limit but the page's, 1,000")),
    ("A17", "refused, no panic", wrong_messages, Some("acks")),
    ("A18", "refused or ignored", wrong_arguments, None),
    ("A19", "five messages a second, then refused", a_thousand_at_once, Some("a rate limit")),
    ("A20", "a cap of sessions by address", many_from_one_address, Some("a smaller cap")),
    ("A23", "delivered unchanged", strange_text, None),
    ("A26", "one line in the log, escaped", line_breaks_in_the_log, None),
];

/// What of these rows the tutorial's chat has is nothing at all.
pub const ABSENT: [(&str, &str, &str); 6] = [
    ("A14", "error ack, nothing told", "rooms"),
    ("A15", "own charset, never a raw room", "rooms"),
    ("A21", "same limit, presence converges", "rooms and presence"),
    ("A22", "once a second and user", "a typing event"),
    ("A24", "refused, bound parameters", "history"),
    ("A25", "stored once", "history"),
];
