use super::*;
use proptest::prelude::*;

fn packet<'a>(kind: Kind, nsp: &'a str, id: Option<u64>, data: &'a str) -> Packet<'a> {
    Packet { kind, nsp, id, attachments: 0, data }
}

#[test]
fn packets_are_read() {
    let cases = [
        ("0", packet(Kind::Connect, "/", None, "")),
        ("0{\"token\":1}", packet(Kind::Connect, "/", None, "{\"token\":1}")),
        ("0/chat", packet(Kind::Connect, "/chat", None, "")),
        ("0/chat,", packet(Kind::Connect, "/chat", None, "")),
        ("0/chat?x=1,{}", packet(Kind::Connect, "/chat?x=1", None, "{}")),
        ("05", packet(Kind::Connect, "/", Some(5), "")),
        ("1/chat,", packet(Kind::Disconnect, "/chat", None, "")),
        ("2[\"a\",1]", packet(Kind::Event, "/", None, "[\"a\",1]")),
        ("2/chat,12[\"a\"]", packet(Kind::Event, "/chat", Some(12), "[\"a\"]")),
        ("312[1,\"2\"]", packet(Kind::Ack, "/", Some(12), "[1,\"2\"]")),
        ("4{\"message\":\"no\"}", packet(Kind::ConnectError, "/", None, "{\"message\":\"no\"}")),
        ("2[5]", packet(Kind::Event, "/", None, "[5]")),
        ("29007199254740991[\"a\"]", packet(Kind::Event, "/", Some(MAX_ID), "[\"a\"]")),
    ];
    for (text, expected) in cases {
        assert_eq!(Packet::decode(text), Ok(expected), "{text}");
    }
    let binary = Packet::decode("52-/chat,7[\"a\"]").unwrap();
    assert_eq!((binary.attachments, binary.nsp, binary.id), (2, "/chat", Some(7)));
    assert_eq!(Packet::decode("61-7[]").unwrap().kind, Kind::Ack);
}

#[test]
fn what_is_no_packet_is_refused() {
    let deep = format!("2[\"a\",{}{}]", "[".repeat(127), "]".repeat(127));
    let cases = [
        ("", DecodeError::UnknownType),
        ("7", DecodeError::UnknownType),
        ("abc", DecodeError::UnknownType),
        ("é", DecodeError::UnknownType),
        ("0[]", DecodeError::Payload),
        ("0null", DecodeError::Payload),
        ("0{", DecodeError::Payload),
        ("1{}", DecodeError::Payload),
        ("2", DecodeError::Payload),
        ("2{}", DecodeError::Payload),
        ("2 [\"a\"]", DecodeError::Payload),
        ("21.5[\"a\"]", DecodeError::Payload),
        ("2abc[\"a\"]", DecodeError::Payload),
        ("31{}", DecodeError::Payload),
        ("29007199254740992[\"a\"]", DecodeError::Id),
        ("5-[\"a\"]", DecodeError::Attachments),
        ("50-[\"a\"]", DecodeError::Attachments),
        ("511-[\"a\"]", DecodeError::Attachments),
        ("5999999999-[\"a\"]", DecodeError::Attachments),
        ("51e1-[\"a\"]", DecodeError::Attachments),
        ("51[\"a\"]", DecodeError::Attachments),
        (&deep, DecodeError::Depth),
    ];
    for (text, expected) in cases {
        assert_eq!(Packet::decode(text), Err(expected), "{text}");
    }
    for text in ["2[\"a\",1", "2[\"a\",1]zzz", "2[\"a\",NaN]", "51-[\"a\",]", "3[1"] {
        let packet = Packet::decode(text).unwrap();
        assert_eq!(packet.args().unwrap_err(), DecodeError::Payload, "{text}");
    }
    let digits = format!("2{}[\"a\"]", "9".repeat(400));
    assert_eq!(Packet::decode(&digits), Err(DecodeError::Id));
    let long = format!("0/{},", "a".repeat(MAX_NAMESPACE));
    assert_eq!(Packet::decode(&long), Err(DecodeError::Namespace));
    let endless = format!("2{}", "[".repeat(100_000));
    assert_eq!(Packet::decode(&endless), Err(DecodeError::Depth));
}

#[test]
fn depth_counts_what_nests_and_not_what_stands_in_strings() {
    let fits = format!("2[\"a\",{}{}]", "[".repeat(126), "]".repeat(126));
    assert!(Packet::decode(&fits).is_ok());
    let strings = format!("2[\"a\",\"\\\"{}\"]", "[".repeat(200));
    assert!(Packet::decode(&strings).is_ok());
    let wide = format!("2[\"a\"{}]", ",[]".repeat(200));
    assert!(Packet::decode(&wide).is_ok());
}

fn kind() -> impl Strategy<Value = Kind> {
    prop_oneof![Just(Kind::Event), Just(Kind::Ack)]
}

proptest! {
    #[test]
    fn decoding_undoes_encoding(
        kind in kind(),
        nsp in prop_oneof![Just("/".to_owned()), "/[a-z?=é-]{1,10}"],
        id in prop::option::of(0..MAX_ID),
        attachments in 0..=MAX_ATTACHMENTS,
        words in prop::collection::vec(".{0,10}", 1..4),
    ) {
        let data = serde_json::json!(words).to_string();
        let mut text = head(kind, attachments, &nsp, id, data.len());
        text.push_str(&data);
        let expected = Packet { kind, nsp: &nsp, id, attachments, data: &data };
        prop_assert_eq!(Packet::decode(text.strip_prefix('4').unwrap()), Ok(expected));
    }

    #[test]
    fn any_text_is_read_or_refused(text in ".{0,100}", start in "[0-9]{0,2}") {
        let _ = Packet::decode(&format!("{start}{text}"));
    }
}
