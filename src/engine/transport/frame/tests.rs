use super::*;
use proptest::prelude::*;

/// A frame as a client sends it.
fn client(first: u8, payload: &[u8], mask: [u8; 4]) -> Vec<u8> {
    let mut out = vec![first];
    match payload.len() {
        length @ 0..=125 => out.push(0x80 | length as u8),
        length @ 126..=0xffff => {
            out.push(0x80 | 126);
            out.extend((length as u16).to_be_bytes());
        }
        length => {
            out.push(0x80 | 127);
            out.extend((length as u64).to_be_bytes());
        }
    }
    out.extend(mask);
    out.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    out
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Seen {
    Text(String),
    Binary(Vec<u8>),
    Ping(Vec<u8>),
    Pong,
    Close(Option<u16>),
    Bad(u16),
}

/// Reads a stream that comes in pieces of these lengths.
fn read(bytes: &[u8], pieces: &[usize], limit: usize) -> Vec<Seen> {
    let mut reader = FrameReader::new(limit);
    let (mut seen, mut buffer, mut rest) = (Vec::new(), Vec::new(), bytes);
    let mut pieces = pieces.iter().cycle();
    while !rest.is_empty() {
        let length = pieces.next().map_or(rest.len(), |length| (*length).clamp(1, rest.len()));
        buffer.extend_from_slice(&rest[..length]);
        rest = &rest[length..];
        loop {
            let used = match reader.read(&mut buffer) {
                Ok((0, _)) => break,
                Ok((used, message)) => {
                    seen.extend(message.map(|message| match message {
                        Incoming::Text(text) => Seen::Text(text.into_owned()),
                        Incoming::Binary(data) => Seen::Binary(data.into_owned()),
                        Incoming::Ping(data) => Seen::Ping(data.to_vec()),
                        Incoming::Pong => Seen::Pong,
                        Incoming::Close(code) => Seen::Close(code),
                    }));
                    used
                }
                Err(violation) => {
                    seen.push(Seen::Bad(violation.code));
                    return seen;
                }
            };
            buffer.drain(..used);
        }
    }
    seen
}

fn read_hex(hex: &str) -> Vec<Seen> {
    let bytes: Vec<u8> = hex.split(' ').map(|byte| u8::from_str_radix(byte, 16).unwrap()).collect();
    read(&bytes, &[bytes.len()], 1_000_000)
}

#[test]
fn broken_frames_name_their_close_code() {
    let cases = [
        ("unmasked", "81 07 34 32 5b 22 78 22 5d", 1002),
        ("RSV1 set", "c1 87 00 00 00 00 34 32 5b 22 78 22 5d", 1002),
        ("opcode 3", "83 81 00 00 00 00 78", 1002),
        ("opcode 11", "8b 81 00 00 00 00 78", 1002),
        ("fragmented ping", "09 81 00 00 00 00 78", 1002),
        ("ping of 126 bytes", "89 fe 00 7e 00 00 00 00", 1002),
        (
            "pong with the long form of the length 0",
            "8a ff 00 00 00 00 00 00 00 00 00 00 00 00",
            1002,
        ),
        ("text inside fragments", "01 82 00 00 00 00 34 32 81 85 00 00 00 00", 1002),
        ("continuation of nothing", "80 80 00 00 00 00", 1002),
        ("not UTF-8", "81 82 00 00 00 00 34 ff", 1007),
        ("length 2^63", "82 ff 80 00 00 00 00 00 00 00 00 00 00 00", 1009),
        ("length 1,000,001", "82 ff 00 00 00 00 00 0f 42 41 00 00 00 00", 1009),
        ("close of one byte", "88 81 00 00 00 00 03", 1002),
        ("close 999", "88 82 00 00 00 00 03 e7", 1002),
        ("close 1005", "88 82 00 00 00 00 03 ed", 1002),
        ("close 1016", "88 82 00 00 00 00 03 f8", 1002),
        ("close with a reason not UTF-8", "88 83 00 00 00 00 03 e8 ff", 1007),
    ];
    for (name, hex, code) in cases {
        assert_eq!(read_hex(hex).last(), Some(&Seen::Bad(code)), "{name}");
    }
}

#[test]
fn good_frames_are_read() {
    assert_eq!(read_hex("88 82 00 00 00 00 03 e8"), [Seen::Close(Some(1000))]);
    assert_eq!(read_hex("88 80 00 00 00 00"), [Seen::Close(None)]);
    assert_eq!(read_hex("8a 81 00 00 00 00 78"), [Seen::Pong]);
    assert_eq!(read_hex("81 80 00 00 00 00"), [Seen::Text(String::new())]);
}

#[test]
fn a_character_cut_by_two_fragments_is_whole() {
    let mut bytes = client(0x01, b"caf\xc3", [1, 2, 3, 4]);
    bytes.extend(client(0x89, b"ping", [9; 4]));
    bytes.extend(client(0x80, b"\xa9", [5, 6, 7, 8]));
    let expected = [Seen::Ping(b"ping".to_vec()), Seen::Text("café".to_owned())];
    assert_eq!(read(&bytes, &[bytes.len()], 100), expected);
}

#[test]
fn the_limit_is_inclusive_and_counts_the_whole_message() {
    let exact = client(0x82, &[7; 100], [1; 4]);
    assert_eq!(read(&exact, &[1000], 100), [Seen::Binary(vec![7; 100])]);
    let over = client(0x82, &[7; 101], [1; 4]);
    assert_eq!(read(&over, &[1000], 100), [Seen::Bad(1009)]);
    let mut parts = client(0x02, &[7; 60], [1; 4]);
    parts.extend(client(0x80, &[7; 41], [1; 4]));
    assert_eq!(read(&parts, &[1000], 100), [Seen::Bad(1009)]);
}

#[test]
fn empty_fragments_do_not_go_on_for_ever() {
    let mut bytes = client(0x01, b"", [0; 4]);
    for _ in 0..MAX_FRAGMENTS {
        bytes.extend(client(0x00, b"", [0; 4]));
    }
    assert_eq!(read(&bytes, &[4096], 100), [Seen::Bad(1008)]);
}

#[test]
fn lengths_are_written_in_their_shortest_form() {
    for (length, header) in [
        (0, vec![0x81, 0]),
        (125, vec![0x81, 125]),
        (126, vec![0x81, 126, 0, 126]),
        (65_535, vec![0x81, 126, 0xff, 0xff]),
        (65_536, vec![0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0]),
    ] {
        let mut out = Vec::new();
        encode(Opcode::Text, &vec![b'x'; length], &mut out);
        assert_eq!(&out[..header.len()], header, "length {length}");
        assert_eq!(out.len(), header.len() + length);
    }
}

#[test]
fn a_long_reason_is_cut_at_a_character() {
    let mut out = Vec::new();
    encode_close(Some(1008), &"é".repeat(100), &mut out);
    assert_eq!(out[1], 2 + 122, "61 characters of two bytes");
    assert!(std::str::from_utf8(&out[4..]).is_ok());
    out.clear();
    encode_close(None, "no code, no reason", &mut out);
    assert_eq!(out, [0x88, 0]);
}

/// A message, in fragments of which some may be followed by a ping.
fn message() -> impl Strategy<Value = (bool, Vec<Vec<u8>>, [u8; 4])> {
    let parts = prop::collection::vec(prop::collection::vec(0..128_u8, 0..300), 1..4);
    (any::<bool>(), parts, any::<[u8; 4]>())
}

proptest! {
    #[test]
    fn what_a_client_sends_is_read_wherever_the_stream_is_cut(
        messages in prop::collection::vec(message(), 0..5),
        pieces in prop::collection::vec(1..200_usize, 1..10),
    ) {
        let (mut bytes, mut expected) = (Vec::new(), Vec::new());
        for (is_text, parts, mask) in messages {
            let opcode = if is_text { 1 } else { 2 };
            for (index, part) in parts.iter().enumerate() {
                let fin = if index + 1 == parts.len() { 0x80 } else { 0 };
                bytes.extend(client(fin | if index == 0 { opcode } else { 0 }, part, mask));
            }
            let whole = parts.concat();
            expected.push(if is_text {
                Seen::Text(String::from_utf8(whole).unwrap())
            } else {
                Seen::Binary(whole)
            });
        }
        prop_assert_eq!(read(&bytes, &pieces, 1_000_000), expected);
    }

    #[test]
    fn any_bytes_are_read_or_refused_and_cutting_changes_nothing(
        bytes in prop::collection::vec(any::<u8>(), 0..300),
        pieces in prop::collection::vec(1..50_usize, 1..10),
    ) {
        prop_assert_eq!(read(&bytes, &pieces, 1000), read(&bytes, &[bytes.len()], 1000));
    }
}
