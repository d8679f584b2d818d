//! The chunked coding (RFC 9112, section 7.1): decoded bytes and the end of the body out of raw bytes.

use super::refusal::Refusal;
use tide::http::StatusCode;

/// What a chunk's extensions, or all trailers together, may take. Nobody acts on either.
const MAX_EXTENSION: usize = 256;
const MAX_TRAILERS: usize = 4096;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Size,
    Extension,
    SizeLf,
    Data,
    DataCr,
    DataLf,
    LineStart,
    Trailer,
    TrailerLf,
    LastLf,
    Done,
}

/// A decoder, fed with pieces of any size.
#[derive(Debug)]
pub struct Chunked {
    state: State,
    /// What is still to come of this chunk.
    size: u64,
    /// Length of the size's digits, of the extension or of the trailers, as the state is.
    seen: usize,
    /// How much data the body may still bring.
    room: u64,
}

impl Chunked {
    pub fn new(max_body: u64) -> Self {
        Self { state: State::Size, size: 0, seen: 0, room: max_body }
    }

    pub fn is_done(&self) -> bool {
        self.state == State::Done
    }

    /// Decodes until the input is used up, the output is full or the body has ended.
    /// Says how much was read and how much written.
    pub fn decode(&mut self, input: &[u8], output: &mut [u8]) -> Result<(usize, usize), Refusal> {
        let (mut read, mut written) = (0, 0);
        while read < input.len() && !self.is_done() {
            if self.state != State::Data {
                self.state = self.step(input[read])?;
                read += 1;
                continue;
            }
            let left = usize::try_from(self.size).unwrap_or(usize::MAX);
            let count = left.min(input.len() - read).min(output.len() - written);
            if count == 0 {
                break;
            }
            output[written..written + count].copy_from_slice(&input[read..read + count]);
            read += count;
            written += count;
            self.size -= count as u64;
            if self.size == 0 {
                self.state = State::DataCr;
            }
        }
        Ok((read, written))
    }

    /// One byte of what is around the data.
    fn step(&mut self, byte: u8) -> Result<State, Refusal> {
        self.seen += 1;
        let digit = char::from(byte).to_digit(16);
        Ok(match (self.state, byte) {
            // Fifteen digits cannot overflow, and no chunk needs more.
            (State::Size, _) if digit.is_some() && self.seen <= 15 => {
                self.size = self.size << 4 | u64::from(digit.unwrap_or_default());
                State::Size
            }
            (State::Size, b'\r') if self.seen > 1 => State::SizeLf,
            (State::Size, b';') if self.seen > 1 => self.enter(State::Extension),
            (State::Extension, b'\r') => State::SizeLf,
            (State::Extension, b' '..=b'~' | b'\t' | 0x80..) if self.seen <= MAX_EXTENSION => {
                State::Extension
            }
            (State::SizeLf, b'\n') if self.size == 0 => self.enter(State::LineStart),
            (State::SizeLf, b'\n') => {
                self.room = self.room.checked_sub(self.size).ok_or(Refusal::TOO_LARGE)?;
                State::Data
            }
            (State::DataCr, b'\r') => State::DataLf,
            (State::DataLf, b'\n') => self.enter(State::Size),
            (State::LineStart, b'\r') => State::LastLf,
            (State::LastLf, b'\n') => State::Done,
            (State::Trailer, b'\r') => State::TrailerLf,
            (State::TrailerLf, b'\n') => State::LineStart,
            (State::LineStart | State::Trailer, b' '..=b'~' | b'\t' | 0x80..) => {
                if self.seen > MAX_TRAILERS {
                    let status = StatusCode::RequestHeaderFieldsTooLarge;
                    return Err(Refusal::new(status, "the trailers of the body are too large"));
                }
                State::Trailer
            }
            _ => return Err(Refusal::bad("the chunked body is malformed")),
        })
    }

    fn enter(&mut self, state: State) -> State {
        self.seen = 0;
        state
    }
}

#[cfg(test)]
mod tests;
