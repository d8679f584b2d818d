//! A message written once. Each copy that is sent carries the time at which it was.

use std::sync::LazyLock;
use std::time::Instant;

/// The one argument of each message: an object with a time of sixteen hexadecimal digits and filler.
const ARGUMENT: &str = r#"{"m":"................xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}"#;
const DIGITS: usize = 16;
const BEFORE_DIGITS: usize = r#"{"m":""#.len();

static ORIGIN: LazyLock<Instant> = LazyLock::new(Instant::now);

/// Nanoseconds since the load began.
pub fn now() -> u64 {
    ORIGIN.elapsed().as_nanos() as u64
}

#[derive(Debug)]
pub struct Prepared {
    bytes: Vec<u8>,
    digits: usize,
}

impl Prepared {
    /// The packet that `before` begins, in what `wrap` makes of it: a frame, or a request.
    pub fn new(before: &str, wrap: impl FnOnce(&[u8], &mut Vec<u8>)) -> Self {
        let mut bytes = Vec::new();
        wrap(format!("{before}{ARGUMENT}]").as_bytes(), &mut bytes);
        let end = bytes.len() - "]".len();
        Self { digits: end - ARGUMENT.len() + BEFORE_DIGITS, bytes }
    }

    /// Adds a copy sent at `now` to what goes out.
    pub fn push(&self, now: u64, out: &mut Vec<u8>) {
        const HEX: &[u8; 16] = b"0123456789abcdef";
        let digits = out.len() + self.digits;
        out.extend(&self.bytes);
        for (index, digit) in out[digits..digits + DIGITS].iter_mut().enumerate() {
            *digit = HEX[(now >> (60 - 4 * index)) as usize & 0xf];
        }
    }
}

/// When the message in a packet that begins with `before` was sent; `None` when it is another packet.
pub fn sent(packet: &[u8], before: &[u8]) -> Option<u64> {
    let argument = packet.strip_prefix(before)?;
    let digits = argument.get(BEFORE_DIGITS..BEFORE_DIGITS + DIGITS)?;
    digits.iter().try_fold(0, |time, digit| {
        let value = (*digit as char).to_digit(16)?;
        Some(time << 4 | u64::from(value))
    })
}

#[cfg(test)]
mod tests;
