//! What the fuzz targets drive. Each takes any bytes and panics if something does not hold.

pub use crate::engine::fuzz_session as session;

use crate::edge::{FuzzChunked as Chunked, fuzz_head};
use crate::engine::fuzz_frame::{FrameReader, Incoming, Opcode, encode, encode_close};
use crate::engine::{Packet, payload};
use crate::socket::{Args, FuzzPacket, fuzz_head as fuzz_packet_head};

/// Engine.IO payloads: what is read is written again as something that reads the same, and no more packets are
/// read than may be.
pub fn payload(body: &str) {
    let some: Vec<_> = payload::decode(body, 3).take_while(Result::is_ok).collect();
    assert!(some.len() <= 3);
    let all: Vec<_> = payload::decode(body, 1000).collect();
    assert!(all.starts_with(&some));
    let Ok(packets) = all.into_iter().collect::<Result<Vec<_>, _>>() else { return };
    let mut again = String::new();
    packets.iter().for_each(|packet| payload::push(&mut again, packet));
    let read: Result<Vec<Packet<'_>>, _> = payload::decode(&again, 1000).collect();
    assert_eq!(read, Ok(packets));
}

/// Socket.IO packets: what is read is within its limits, can be looked into, and is written again as something
/// that reads the same.
pub fn packet(text: &str) {
    let Ok(packet) = FuzzPacket::decode(text) else { return };
    assert!(packet.nsp.len() <= 256 && packet.attachments <= 10);
    assert!(packet.id.is_none_or(|id| id < 1 << 53));
    let FuzzPacket { kind, attachments, nsp, id, data } = packet;
    let again = fuzz_packet_head(kind, attachments, nsp, id, data.len()) + data;
    let again = again.strip_prefix('4').expect("a message of the session below");
    assert_eq!(FuzzPacket::decode(again).as_ref(), Ok(&packet));
    if let Ok(args) = packet.args() {
        let args = Args::found(&args);
        let _ = args.are_attachments_sound();
        let _ = args.read::<(Option<String>, serde_json::Value)>();
        let again = Args::of(&args).expect("what was read can be written");
        assert_eq!(again.len(), args.len());
    }
}

/// Heads of requests: however much of one has come, the verdict never changes; and what was read is written
/// again as something that is understood in the same way.
pub fn head(bytes: &[u8]) {
    let verdict = fuzz_head(bytes).map(|head| head.map(|(.., end)| end));
    let mut is_refused = false;
    for cut in (0..bytes.len()).step_by(bytes.len() / 16 + 1) {
        match (fuzz_head(&bytes[..cut]), &verdict) {
            (Ok(None), Ok(Some(end))) => assert!(cut < *end, "not read at its end"),
            (Ok(None), _) => assert!(!is_refused, "refused, and then not"),
            (Ok(Some((.., early))), Ok(Some(end))) => assert_eq!(early, *end),
            (Err(_), Err(_)) => is_refused = true,
            (early, last) => panic!("{early:?} is {last:?} after all"),
        }
    }
    let Ok(Some((head, request, _))) = fuzz_head(bytes) else { return };
    let (path, query) = (request.url().path(), request.url().query());
    let target = query.map_or(path.to_owned(), |query| format!("{path}?{query}"));
    let mut again = format!("{} {target} HTTP/1.1\r\n", request.method());
    for (name, values) in request.iter() {
        for value in values {
            again.push_str(&format!("{name}: {value}\r\n"));
        }
    }
    again.push_str("\r\n");
    let (read, same) = match fuzz_head(again.as_bytes()) {
        Ok(Some((read, same, length))) if length == again.len() => (read, same),
        // What a request may not hold was percent-encoded, and is longer now.
        Err(refusal) if again.len() > bytes.len() && refusal.status as u16 == 431 => return,
        other => panic!("{again:?} is read as {other:?}"),
    };
    assert_eq!(same.url(), request.url());
    assert_eq!(same.method(), request.method());
    assert_eq!(read.framing.length(), head.framing.length());
    let asked = |head: &crate::edge::FuzzHead<'_>| {
        (head.keep_alive, head.expects_continue, head.upgrade, head.framing.is_done())
    };
    assert_eq!(asked(&read), asked(&head));
    let lengths = ["content-length", "transfer-encoding"];
    let count = lengths.iter().filter_map(|name| request.header(*name));
    assert!(count.map(|values| values.iter().count()).sum::<usize>() <= 1, "two lengths");
}

/// Chunked bodies: the first two bytes say in what pieces the others come, and what there is room for. Neither
/// changes what is read, nor where it ends; and what was read is written again as something that reads the same.
pub fn chunked(bytes: &[u8]) {
    let [piece, room, body @ ..] = bytes else { return };
    let whole = decode(body, body.len().max(1), 4096);
    let (piece, room) = (usize::from(*piece).max(1), usize::from(*room).max(1));
    assert_eq!(decode(body, piece, room), whole);
    let (data, end, Ok(true)) = whole else { return };
    assert!(data.len() as u64 <= MAX_BODY && body[..end].ends_with(b"\r\n"));
    let mut again = Vec::new();
    for chunk in data.chunks(piece) {
        again.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
        again.extend_from_slice(chunk);
        again.extend_from_slice(b"\r\n");
    }
    again.extend_from_slice(b"0\r\n\r\n");
    assert_eq!(decode(&again, again.len(), room), (data, again.len(), Ok(true)));
}

const MAX_BODY: u64 = 1000;

/// The data, how much of the body it took, and whether that was all or why it was refused.
fn decode(body: &[u8], piece: usize, room: usize) -> (Vec<u8>, usize, Result<bool, u16>) {
    let (mut chunked, mut data, mut used) = (Chunked::new(MAX_BODY), Vec::new(), 0);
    for end in (0..body.len()).step_by(piece).map(|at| (at + piece).min(body.len())) {
        loop {
            let mut output = vec![0; room];
            match chunked.decode(&body[used..end], &mut output) {
                Ok((0, 0)) => break,
                Ok((read, written)) => {
                    used += read;
                    data.extend_from_slice(&output[..written]);
                }
                // Nobody sees the data of a body that is refused.
                Err(refusal) => return (Vec::new(), 0, Err(refusal.status as u16)),
            }
        }
    }
    (data, used, Ok(chunked.is_done()))
}

/// Streams of WebSocket frames: the first two bytes say in what pieces the others come, and how long a message
/// may be. The pieces change nothing; no message is longer; and what was read is written again as something that
/// reads the same.
pub fn frames(bytes: &[u8]) {
    let [piece, limit, stream @ ..] = bytes else { return };
    let (piece, limit) = (usize::from(*piece).max(1), usize::from(*limit) * 8);
    let seen = read(stream, stream.len().max(1), limit);
    assert_eq!(read(stream, piece, limit), seen);
    let mut again = Vec::new();
    for one in &seen {
        let mut frame = Vec::new();
        match one {
            Seen::Message(opcode, data) => {
                let is_message = matches!(opcode, Opcode::Text | Opcode::Binary);
                assert!(data.len() <= if is_message { limit } else { 125 });
                encode(*opcode, data, &mut frame);
            }
            Seen::Close(code) => encode_close(*code, "", &mut frame),
            Seen::Refused(_) => {}
        }
        again.extend(masked(frame));
    }
    let last = seen.iter().position(|one| matches!(one, Seen::Refused(_)));
    assert_eq!(read(&again, again.len().max(1), limit), seen[..last.unwrap_or(seen.len())]);
}

#[derive(Debug, PartialEq, Eq)]
enum Seen {
    Message(Opcode, Vec<u8>),
    Close(Option<u16>),
    Refused(u16),
}

fn read(stream: &[u8], piece: usize, limit: usize) -> Vec<Seen> {
    let (mut reader, mut seen, mut buffer) = (FrameReader::new(limit), Vec::new(), Vec::new());
    for piece in stream.chunks(piece) {
        buffer.extend_from_slice(piece);
        loop {
            let used = match reader.read(&mut buffer) {
                Ok((0, _)) => break,
                Ok((used, message)) => {
                    seen.extend(message.map(|message| match message {
                        Incoming::Text(text) => Seen::Message(Opcode::Text, text.as_bytes().into()),
                        Incoming::Binary(data) => Seen::Message(Opcode::Binary, data.into_owned()),
                        Incoming::Ping(data) => Seen::Message(Opcode::Ping, data.into()),
                        Incoming::Pong => Seen::Message(Opcode::Pong, Vec::new()),
                        Incoming::Close(code) => Seen::Close(code),
                    }));
                    used
                }
                Err(violation) => {
                    seen.push(Seen::Refused(violation.code));
                    return seen;
                }
            };
            buffer.drain(..used);
        }
    }
    seen
}

/// A frame of the server's, as a client sends it: with a mask of zeros.
fn masked(mut frame: Vec<u8>) -> Vec<u8> {
    let Some(length) = frame.get_mut(1) else { return frame };
    let header = match length {
        126 => 4,
        127 => 10,
        _ => 2,
    };
    *length |= 0x80;
    frame.splice(header..header, [0; 4]);
    frame
}

#[cfg(test)]
mod tests;
