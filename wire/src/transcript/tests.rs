use super::*;

fn parse(text: &str) -> Vec<Act> {
    let transcript = Transcript::parse("a.wire", text).unwrap();
    transcript.steps.into_iter().map(|step| step.act).collect()
}

fn refused(text: &str) -> String {
    Transcript::parse("a.wire", text).unwrap_err().to_string()
}

fn pattern(text: &str) -> Pattern {
    Pattern::parse(text).unwrap()
}

#[test]
fn comments_console_and_messages() {
    let text = "# words\n\n= log: «n»\n=\nann> 2probe\nann< 3probe\n> hello\n";
    let ann = "ann".to_owned();
    let text_of = |text| Message::Text(pattern(text));
    assert_eq!(
        parse(text),
        [
            Act::Comment("words".to_owned()),
            Act::Console(pattern("log: «n»")),
            Act::Console(pattern("")),
            Act::Send { client: ann.clone(), message: text_of("2probe") },
            Act::Receive { client: ann, message: text_of("3probe") },
            Act::Send { client: String::new(), message: text_of("hello") },
        ]
    );
}

#[test]
fn the_last_request_without_an_answer_is_answered_first() {
    let text =
        "a> GET /poll\nb> GET /other\na> POST /poll 42[\"a b\"]\na< 200 ok\na< 200 6\nb< 404";
    let acts = parse(text);
    let answered: Vec<_> = acts
        .iter()
        .filter_map(|act| match act {
            Act::Answer { to, status, body, .. } => Some((*to, *status, body.to_string())),
            _ => None,
        })
        .collect();
    assert_eq!(
        answered,
        [(3, 200, "ok".to_owned()), (1, 200, "6".to_owned()), (2, 404, String::new())]
    );
    let Act::Request { method: Method::Post, target, body, .. } = &acts[2] else { panic!() };
    assert_eq!((target.to_string(), body.to_string()), ("/poll".into(), "42[\"a b\"]".into()));
}

#[test]
fn without_a_request_three_digits_are_a_message() {
    let Act::Receive { message, .. } = &parse("< 200 ok")[0] else { panic!() };
    assert_eq!(message, &Message::Text(pattern("200 ok")));
    let acts = parse("> WS /\n< 101\n< 430[1]\n> BINARY 00 fF\n> CLOSE\n< CLOSE 1000");
    let Act::Receive { message: Message::Text(text), .. } = &acts[2] else { panic!() };
    assert_eq!(text.to_string(), "430[1]");
    let Act::Send { message, .. } = &acts[3] else { panic!() };
    assert_eq!(message, &Message::Binary(vec![0, 255]));
    let Act::Send { message, .. } = &acts[4] else { panic!() };
    assert_eq!(message, &Message::Close(None));
    let Act::Receive { message, .. } = &acts[5] else { panic!() };
    assert_eq!(message, &Message::Close(Some(1000)));
}

#[test]
fn errors_name_file_and_line() {
    assert!(refused("# a\nhello\n").starts_with("a.wire:2: a line begins with"));
    assert!(refused("a>hello").starts_with("a.wire:1: a blank belongs"));
    assert_eq!(refused("# a\n> GET /\n"), "a.wire:2: this request has no answer");
    assert_eq!(refused("> GET /\n< 101"), "a.wire:2: 101 is no answer to the request of line 1");
    assert_eq!(refused("> WS /\n< 200 ok"), "a.wire:2: 200 is no answer to the request of line 1");
    assert!(refused("> BINARY 0x").starts_with("a.wire:1: no hexadecimal"));
    assert!(refused("< CLOSE soon").starts_with("a.wire:1: no code"));
    assert!(refused("< «sid").starts_with("a.wire:1: a name that begins"));
}
