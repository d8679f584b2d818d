//! WebSocket frames, RFC 6455 section 5: read from a client, written for one.
//!
//! Pure: bytes in, messages out. The reader bounds what a client can make the server hold, and says with
//! which close code a connection must end.

use std::borrow::Cow;

/// Fragments one message may come in. A browser never needs more than a few.
const MAX_FRAGMENTS: usize = 1_000;

/// What a frame is (section 5.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opcode {
    Continuation = 0,
    Text = 1,
    Binary = 2,
    Close = 8,
    Ping = 9,
    Pong = 10,
}

/// A whole message or a control frame from the client.
#[derive(Debug, PartialEq, Eq)]
pub enum Incoming<'a> {
    Text(Cow<'a, str>),
    Binary(Cow<'a, [u8]>),
    Ping(&'a [u8]),
    Pong,
    /// The close code, if the client gave one.
    Close(Option<u16>),
}

/// What the client did that ends the connection: the close code to send, and why (section 7.4.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Violation {
    pub code: u16,
    pub reason: &'static str,
}

const fn protocol(reason: &'static str) -> Violation {
    Violation { code: 1002, reason }
}

const NOT_UTF8: Violation = Violation { code: 1007, reason: "text is not UTF-8" };
const TOO_MANY_FRAGMENTS: Violation =
    Violation { code: 1008, reason: "more than 1000 fragments in one message" };
/// The client library shows the reason of this code as it came, and its own test wants none; the limit
/// is in the handshake (`maxPayload`) and in the log.
const TOO_BIG: Violation = Violation { code: 1009, reason: "" };

/// The beginning of a message that comes in fragments.
#[derive(Debug)]
struct Partial {
    opcode: Opcode,
    data: Vec<u8>,
    fragments: usize,
}

/// Reads a client's frames.
#[derive(Debug)]
pub struct FrameReader {
    max_message: usize,
    partial: Option<Partial>,
}

struct Header {
    fin: bool,
    opcode: Opcode,
    mask: [u8; 4],
    /// Where the payload begins and ends in the buffer.
    start: usize,
    end: usize,
}

impl FrameReader {
    /// A reader that takes messages of up to `max_message` bytes.
    pub fn new(max_message: usize) -> Self {
        Self { max_message, partial: None }
    }

    /// Reads the first frame in `buffer`: how many bytes it took, and the message it completed.
    /// `(0, None)` asks for more bytes.
    ///
    /// The payload is unmasked in place, so a message in one frame is not copied.
    pub fn read<'a>(
        &mut self,
        buffer: &'a mut [u8],
    ) -> Result<(usize, Option<Incoming<'a>>), Violation> {
        let Some(header) = self.header(buffer)? else { return Ok((0, None)) };
        if buffer.len() < header.end {
            return Ok((0, None));
        }
        let payload = &mut buffer[header.start..header.end];
        unmask(payload, header.mask);
        let message = match header.opcode {
            Opcode::Ping => Some(Incoming::Ping(payload)),
            Opcode::Pong => Some(Incoming::Pong),
            Opcode::Close => Some(Incoming::Close(close_code(payload)?)),
            Opcode::Text | Opcode::Binary if header.fin => {
                Some(complete(header.opcode, Cow::Borrowed(payload))?)
            }
            _ => self.fragment(&header, payload)?,
        };
        Ok((header.end, message))
    }

    fn header(&self, buffer: &[u8]) -> Result<Option<Header>, Violation> {
        let &[first, second, ..] = buffer else {
            return match buffer.first() {
                Some(&first) => self.opcode(first).map(|_| None),
                None => Ok(None),
            };
        };
        let opcode = self.opcode(first)?;
        if second & 0x80 == 0 {
            return Err(protocol("a client must mask its frames"));
        }
        if is_control(opcode) && second & 0x7f > 125 {
            return Err(protocol("a control frame holds at most 125 bytes"));
        }
        let (length, mask_at) = match second & 0x7f {
            126 => match buffer.get(2..4) {
                Some(bytes) => (u16::from_be_bytes([bytes[0], bytes[1]]) as u64, 4),
                None => return Ok(None),
            },
            127 => match buffer.get(2..10).and_then(|bytes| bytes.try_into().ok()) {
                Some(bytes) => (u64::from_be_bytes(bytes), 10),
                None => return Ok(None),
            },
            length => (length as u64, 2),
        };
        let held = self.partial.as_ref().map_or(0, |partial| partial.data.len());
        if !is_control(opcode) && length > (self.max_message - held) as u64 {
            return Err(TOO_BIG);
        }
        let start = mask_at + 4;
        let Some(mask) = buffer.get(mask_at..start).and_then(|mask| mask.try_into().ok()) else {
            return Ok(None);
        };
        let end = start + length as usize;
        Ok(Some(Header { fin: first & 0x80 != 0, opcode, mask, start, end }))
    }

    /// Checks the first byte, all of it, as soon as it is there.
    fn opcode(&self, first: u8) -> Result<Opcode, Violation> {
        if first & 0x70 != 0 {
            return Err(protocol("reserved bits set, but no extension was agreed"));
        }
        let opcode = match first & 0x0f {
            0 => Opcode::Continuation,
            1 => Opcode::Text,
            2 => Opcode::Binary,
            8 => Opcode::Close,
            9 => Opcode::Ping,
            10 => Opcode::Pong,
            _ => return Err(protocol("unknown opcode")),
        };
        if is_control(opcode) {
            if first & 0x80 == 0 {
                return Err(protocol("control frames cannot be fragmented"));
            }
        } else if (opcode == Opcode::Continuation) != self.partial.is_some() {
            return Err(protocol("fragments out of order"));
        }
        Ok(opcode)
    }

    fn fragment(
        &mut self,
        header: &Header,
        payload: &[u8],
    ) -> Result<Option<Incoming<'static>>, Violation> {
        let partial = self.partial.get_or_insert_with(|| Partial {
            opcode: header.opcode,
            data: Vec::new(),
            fragments: 0,
        });
        partial.fragments += 1;
        if partial.fragments > MAX_FRAGMENTS {
            return Err(TOO_MANY_FRAGMENTS);
        }
        partial.data.extend_from_slice(payload);
        if !header.fin {
            return Ok(None);
        }
        match self.partial.take() {
            Some(whole) => complete(whole.opcode, Cow::Owned(whole.data)).map(Some),
            None => Ok(None),
        }
    }
}

fn is_control(opcode: Opcode) -> bool {
    opcode as u8 >= 8
}

fn complete(opcode: Opcode, data: Cow<'_, [u8]>) -> Result<Incoming<'_>, Violation> {
    if opcode == Opcode::Binary {
        return Ok(Incoming::Binary(data));
    }
    Ok(Incoming::Text(match data {
        Cow::Borrowed(data) => std::str::from_utf8(data).map_err(|_| NOT_UTF8)?.into(),
        Cow::Owned(data) => String::from_utf8(data).map_err(|_| NOT_UTF8)?.into(),
    }))
}

/// Section 5.5.1: nothing, or a code and a reason in UTF-8.
fn close_code(payload: &[u8]) -> Result<Option<u16>, Violation> {
    let [high, low, reason @ ..] = payload else {
        return if payload.is_empty() { Ok(None) } else { Err(protocol("half a close code")) };
    };
    let code = u16::from_be_bytes([*high, *low]);
    if !matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999) {
        return Err(protocol("no such close code"));
    }
    std::str::from_utf8(reason).map_err(|_| NOT_UTF8)?;
    Ok(Some(code))
}

/// Section 5.3. Eight bytes at a time: a megabyte is unmasked in well under a millisecond.
fn unmask(payload: &mut [u8], mask: [u8; 4]) {
    let [a, b, c, d] = mask;
    let wide = u64::from_ne_bytes([a, b, c, d, a, b, c, d]);
    let mut chunks = payload.chunks_exact_mut(8);
    for chunk in &mut chunks {
        let mut bytes = [0; 8];
        bytes.copy_from_slice(chunk);
        chunk.copy_from_slice(&(u64::from_ne_bytes(bytes) ^ wide).to_ne_bytes());
    }
    for (byte, mask) in chunks.into_remainder().iter_mut().zip(mask.iter().cycle()) {
        *byte ^= mask;
    }
}

/// Writes one whole, unmasked frame at the end of `out`.
pub fn encode(opcode: Opcode, payload: &[u8], out: &mut Vec<u8>) {
    out.push(0x80 | opcode as u8);
    match payload.len() {
        length @ 0..=125 => out.push(length as u8),
        length @ 126..=0xffff => {
            out.push(126);
            out.extend_from_slice(&(length as u16).to_be_bytes());
        }
        length => {
            out.push(127);
            out.extend_from_slice(&(length as u64).to_be_bytes());
        }
    }
    out.extend_from_slice(payload);
}

/// Writes a close frame. A reason longer than a control frame holds is cut at a character.
pub fn encode_close(code: Option<u16>, reason: &str, out: &mut Vec<u8>) {
    let mut payload = Vec::new();
    if let Some(code) = code {
        payload.extend_from_slice(&code.to_be_bytes());
        let mut end = reason.len().min(123);
        while !reason.is_char_boundary(end) {
            end -= 1;
        }
        payload.extend_from_slice(&reason.as_bytes()[..end]);
    }
    encode(Opcode::Close, &payload, out);
}

#[cfg(test)]
mod tests;
