//! Frames that no honest client sends, and what must come of each.

use crate::ws::frame;

pub enum Expect {
    /// A close frame with this code, and the end of the connection.
    Close(u16),
    /// This message, and the socket lives.
    Answer(&'static str),
}

pub struct Row {
    pub id: &'static str,
    pub required: &'static str,
    /// What is written to the connection of a connected socket, as it stands.
    pub send: Vec<u8>,
    pub expect: Expect,
}

const VIOLATION: &str = "close 1002 sent, then the connection closed";

pub fn frames() -> Vec<Row> {
    use Expect::{Answer, Close};
    let row = |id, required, send: &[u8], expect| Row { id, required, send: send.into(), expect };
    let violation = |id, send: &[u8]| row(id, VIOLATION, send, Close(1002));
    let event = br#"42["echo","x"]"#;
    let unmasked = [&[0x81, event.len() as u8][..], event].concat();
    let split = [frame(0x01, b"42[\"echo\",\"\xc3"), frame(0x80, b"\xa9\"]")].concat();
    let empty = [frame(0x01, b""), frame(0x00, b"").repeat(99_999)].concat();
    let length = |length: u64| [&[0x82, 0xff][..], &length.to_be_bytes(), &[0; 4]].concat();
    vec![
        violation("W01", &unmasked),
        violation("W02", &frame(0xc1, event)),
        violation("W03", &frame(0x83, b"x")),
        violation("W05", &frame(0x09, b"x")),
        violation("W06", &frame(0x89, &[b'a'; 126])),
        violation("W08", &[frame(0x01, b"42"), frame(0x81, br#"["x"]"#)].concat()),
        row("W09", "close 1007 sent", &frame(0x81, b"42[\"echo\",\"\xff\"]"), Close(1007)),
        row("W11", "the message arrives whole", &split, Answer(r#"42["echo","é"]"#)),
        row("W12", "close 1009, from the header alone", &length(1 << 63), Close(1009)),
        row("W13", "close 1009, from the header alone", &length(1_000_001), Close(1009)),
        row("W15", "close 1008 after 1,000 fragments", &empty, Close(1008)),
        violation("W16", &frame(0x88, &[3])),
        violation("W17", &frame(0x88, &999_u16.to_be_bytes())),
        violation("W18", &frame(0x88, &1005_u16.to_be_bytes())),
        row(
            "W20",
            "close 1000 echoed once, what follows ignored",
            &[frame(0x88, &1000_u16.to_be_bytes()), frame(0x81, event)].concat(),
            Close(1000),
        ),
        row(
            "W21",
            "close 1008 above 100 pings in a second",
            &frame(0x89, b"p").repeat(20_000),
            Close(1008),
        ),
        row("W24", "closed: an empty packet", &frame(0x81, b""), Close(1002)),
    ]
}
