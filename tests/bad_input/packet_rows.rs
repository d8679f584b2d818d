//! Socket.IO packets that no honest client sends, and what must come of each.

use crate::server::ON_PURPOSE;

/// One message as it is sent or awaited.
pub enum Frame {
    Text(String),
    Binary(Vec<u8>),
}

use Frame::{Binary, Text};

pub enum Expect {
    /// The connection is closed, and nothing else comes.
    Closed,
    /// Nothing comes of it, and the socket lives.
    Nothing,
    /// Exactly this comes, and the socket lives.
    Answers(Vec<Frame>),
    /// A message that begins so comes, and the socket lives.
    Begins(&'static str),
    /// An event is dropped with an error that contains this, others are answered, and the socket lives.
    Dropped(&'static str, Vec<Frame>),
}

use Expect::{Answers, Begins, Closed, Dropped, Nothing};

pub struct Row {
    pub id: &'static str,
    pub required: &'static str,
    pub send: Vec<Frame>,
    pub expect: Expect,
}

fn row<const N: usize>(
    id: &'static str,
    required: &'static str,
    send: [Frame; N],
    expect: Expect,
) -> Row {
    Row { id, required, send: send.into(), expect }
}

fn t(text: impl Into<String>) -> Frame {
    Text(text.into())
}

fn answer(text: impl Into<String>) -> Expect {
    Answers(vec![Text(text.into())])
}

fn echo(arguments: &str) -> (Frame, Expect) {
    let event = format!("42[\"echo\",{arguments}]");
    (t(event.clone()), answer(event))
}

fn nested(depth: usize) -> String {
    format!("{}{}", "[".repeat(depth), "]".repeat(depth))
}

/// An event with one attachment and a placeholder of this number.
fn placeholder(num: &str) -> [Frame; 2] {
    let event = format!(r#"451-["echo",{{"_placeholder":true,"num":{num}}}]"#);
    [t(event), Binary(vec![1])]
}

const ORDINARY: &str = "an event like any other that nobody listens to";
const RESERVED: &str = "closed: a reserved name reaches no handler";
const PLACEHOLDER: &str = "closed: no such attachment";
const COUNT: &str = "closed: the count is one or two digits, and at least 1";
const NOT_READ: &str = "handler of \"read\": wrong arguments";
const ACCEPTED: &str = "accepted as data";

pub fn packets() -> Vec<Row> {
    let mut rows = vec![
        row("S02", "closed", [t("40")], Closed),
        row(
            "S03",
            "connect error, the connection stays, no namespace is made",
            [t("40/nope,")],
            answer(r#"44/nope,{"message":"Invalid namespace"}"#),
        ),
        row("S04", "closed", [t("40/chat,[]")], Closed),
        row("S06", "closed", [t("40/chat,{")], Closed),
        row("S07", "closed", [t(r#"44{"message":"x"}"#)], Closed),
        row("S09", "closed", [t(r#"42/chat,["echo",1]"#)], Closed),
        row("S10", "ignored or closed", [t("42")], Closed),
        row("S11", "closed", [t("42[]")], Closed),
        row("S12", "closed", [t(r#"42{"a":1}"#)], Closed),
        row("S14", "closed", [t(r#"42[{"toString":"foo"}]"#)], Closed),
        row(
            "S15",
            "a number names an event as its text does",
            [t("42[1,2]")],
            answer(r#"42["one",2]"#),
        ),
        row("S18", "closed", [t(r#"42["echo",1"#)], Closed),
        row("S19", "closed", [t(r#"42["echo",1]zzz"#)], Closed),
        row("S20", "closed", [t("47")], Closed),
        row("S22", "closed", [t("9")], Closed),
        row(
            "S23",
            "closed: JavaScript cannot count so far",
            [t(r#"429007199254740993["echo",1]"#)],
            Closed,
        ),
        row("S24", "closed", [t(format!(r#"42{}["echo",1]"#, "9".repeat(400)))], Closed),
        row("S26", "closed", [t(r#"421.5["echo",1]"#)], Closed),
        row("S27", "ignored", [t(r#"43999["x"]"#)], Nothing),
        row("S28", "closed", [t(r#"431{"a":1}"#)], Closed),
        row("S32", "closed", [Binary(vec![1, 2])], Closed),
        row("S34", "closed at the header: at most 10", [t(r#"4511-["echo"]"#)], Closed),
        row("S35", "closed at the header", [t(r#"45999999999-["echo"]"#)], Closed),
        row("S36", COUNT, [t(r#"450-["echo",1]"#)], Closed),
        row("S37", COUNT, [t(r#"45-["echo"]"#)], Closed),
        row("S39", COUNT, [t(r#"451e1-["echo"]"#)], Closed),
        row(
            "S41",
            "closed: an attachment is used once",
            [
                t(r#"451-["echo",{"_placeholder":true,"num":0},{"_placeholder":true,"num":0}]"#),
                Binary(vec![1]),
            ],
            Closed,
        ),
        row(
            "S42",
            ACCEPTED,
            [t(r#"452-["echo",1]"#), Binary(vec![1]), Binary(vec![2])],
            Answers(vec![t(r#"452-["echo",1]"#), Binary(vec![1]), Binary(vec![2])]),
        ),
        row(
            "S46",
            "closed: more than 127 deep",
            [t(format!("42[\"echo\",{}]", nested(5000)))],
            Closed,
        ),
        row(
            "S47",
            "dropped where it is read, passed on where it is not",
            [t(r#"42["read","\ud800"]"#), t(r#"42["echo","\ud800"]"#)],
            Dropped(NOT_READ, vec![t(r#"42["echo","\ud800"]"#)]),
        ),
        row(
            "S49",
            "dropped where it is read, passed on where it is not",
            [t(r#"42["read",1e400]"#), t(r#"42["echo",1e400]"#)],
            Dropped(NOT_READ, vec![t(r#"42["echo",1e400]"#)]),
        ),
        row(
            "S52",
            "accepted: the last one counts",
            [t(r#"42["read",{"a":1,"a":2}]"#)],
            answer(r#"42["read",{"a":2}]"#),
        ),
        row("S54", "closed", [t(r#"42["echo",NaN]"#)], Closed),
        row("S55", "closed: a blank is no ack id", [t(r#"42 ["echo",1]"#)], Closed),
        row(
            "S56",
            "the whole rest is the namespace",
            [t("40/chat")],
            Begins("40/chat,{\"sid\":\""),
        ),
        row(
            "S57",
            "connect error, the connection stays",
            [t("40/chat?x=1,")],
            answer(r#"44/chat?x=1,{"message":"Invalid namespace"}"#),
        ),
        row(
            "S58",
            "closed: more than 256 bytes",
            [t(format!("40/{},", "a".repeat(10_000)))],
            Closed,
        ),
        row(
            "S62",
            "connect error: at most 16 KiB of auth",
            [t(format!(r#"40/chat,{{"a":"{}"}}"#, "x".repeat(900_000)))],
            Begins(r#"44/chat,{"message":"auth is larger than "#),
        ),
        row(
            "S65",
            "the panic stays in its handler, all go on",
            [t(r#"42["throw"]"#)],
            Dropped(ON_PURPOSE, Vec::new()),
        ),
    ];
    let reserved = ["connect", "connect_error", "disconnect", "newListener", "removeListener"];
    for (id, name) in ["S17a", "S17b", "S17c", "S17e", "S17f"].into_iter().zip(reserved) {
        rows.push(row(id, RESERVED, [t(format!("42[\"{name}\",\"x\"]"))], Closed));
    }
    for (id, name) in
        ["S17g", "S17i", "S17j", "S17k"].into_iter().zip(["error", "toString", "constructor", ""])
    {
        rows.push(row(id, ORDINARY, [t(format!("42[\"{name}\",\"x\"]"))], Nothing));
    }
    let numbers = ["5", "-1", "\"0\"", "null", "\"__proto__\"", "\"splice\"", "true"];
    for (id, num) in
        ["S33a", "S33b", "S33d", "S33e", "S33g", "S33h", "S33i"].into_iter().zip(numbers)
    {
        rows.push(row(id, PLACEHOLDER, placeholder(num), Closed));
    }
    let [header, _] = placeholder("0");
    rows.push(row("S31", "closed, the half packet freed", [header, t(r#"42["echo",1]"#)], Closed));
    for (id, arguments) in [
        ("S43", r#"{"_placeholder":true,"num":0}"#),
        ("S46b", &*nested(126)),
        ("S50", "18446744073709551616"),
        ("S51", "-0,1.0"),
    ] {
        let (event, expect) = echo(arguments);
        rows.push(row(id, ACCEPTED, [event], expect));
    }
    rows
}
