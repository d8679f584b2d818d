use super::*;
use crate::engine::packet::Packet;
use proptest::prelude::*;
use std::borrow::Cow;

fn all(body: &str) -> Result<Vec<Packet<'_>>, ParseError> {
    decode(body, 1000).collect()
}

#[test]
fn types_have_their_digits() {
    let packets = all("0{}\x1e1\x1e2probe\x1e3\x1e4text\x1e5\x1e6\x1ebAQI=").unwrap();
    let expected = [
        Packet::Open("{}"),
        Packet::Close,
        Packet::Ping("probe"),
        Packet::Pong(""),
        Packet::Text("text"),
        Packet::Upgrade,
        Packet::Noop,
        Packet::Binary(Cow::Borrowed(&[1, 2])),
    ];
    assert_eq!(packets, expected);
}

#[test]
fn what_is_no_packet_is_an_error() {
    assert_eq!(all(""), Err(ParseError::Empty));
    assert_eq!(all("\x1e4a"), Err(ParseError::Empty));
    assert_eq!(all("4a\x1e"), Err(ParseError::Empty));
    assert_eq!(all("7"), Err(ParseError::UnknownType));
    assert_eq!(all("é"), Err(ParseError::UnknownType));
    assert_eq!(all("b!!!!"), Err(ParseError::Base64));
}

#[test]
fn packets_before_the_error_are_read_and_none_after() {
    let read: Vec<_> = decode("4a\x1e9\x1e4b", 1000).collect();
    assert_eq!(read, [Ok(Packet::Text("a")), Err(ParseError::UnknownType)]);
}

#[test]
fn one_payload_holds_so_many_packets() {
    assert_eq!(decode("6\x1e6\x1e6", 3).filter(Result::is_ok).count(), 3);
    let last = decode("6\x1e6\x1e6\x1e6", 3).last();
    assert_eq!(last, Some(Err(ParseError::TooManyPackets)));
}

fn packet() -> impl Strategy<Value = (u8, String, Vec<u8>)> {
    (0..8_u8, "[^\x1e]{0,20}", prop::collection::vec(any::<u8>(), 0..20))
}

fn built<'a>((kind, text, data): &'a (u8, String, Vec<u8>)) -> Packet<'a> {
    match kind {
        0 => Packet::Open(text),
        1 => Packet::Close,
        2 => Packet::Ping(text),
        3 => Packet::Pong(text),
        4 => Packet::Text(text),
        5 => Packet::Upgrade,
        6 => Packet::Noop,
        _ => Packet::Binary(Cow::Borrowed(data)),
    }
}

proptest! {
    #[test]
    fn decoding_undoes_encoding(parts in prop::collection::vec(packet(), 1..10)) {
        let packets: Vec<_> = parts.iter().map(built).collect();
        let mut body = String::new();
        packets.iter().for_each(|packet| push(&mut body, packet));
        prop_assert_eq!(all(&body), Ok(packets));
    }

    #[test]
    fn any_text_is_read_or_refused(body in ".{0,200}") {
        let _ = all(&body);
    }
}
