//! The body of a request: where it ends, and the reader through which a handler gets it.

use super::chunked::Chunked;
use super::conn::Conn;
use super::deadline::Deadline;
use super::refusal::Refusal;
use futures_lite::io::AsyncRead;
use std::io;
use std::pin::Pin;
use std::sync::Weak;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

/// A body that comes more slowly than this uses up the time it has.
const FLOOR_BYTES_PER_SECOND: u32 = 1000;

/// How a body's end is found.
#[derive(Debug)]
pub enum Framing {
    /// So many bytes are still to come.
    Length(u64),
    Chunked(Box<Chunked>),
}

impl Default for Framing {
    fn default() -> Self {
        Self::Length(0)
    }
}

impl Framing {
    pub fn chunked(max_body: u64) -> Self {
        Self::Chunked(Box::new(Chunked::new(max_body)))
    }

    /// How much is still to come, if that was announced.
    pub fn length(&self) -> Option<u64> {
        match self {
            Self::Length(left) => Some(*left),
            Self::Chunked(_) => None,
        }
    }

    pub fn is_done(&self) -> bool {
        match self {
            Self::Length(left) => *left == 0,
            Self::Chunked(chunked) => chunked.is_done(),
        }
    }

    /// Decodes from `input` into `output`. Says how much was read and how much written.
    pub fn decode(&mut self, input: &[u8], output: &mut [u8]) -> Result<(usize, usize), Refusal> {
        match self {
            Self::Length(left) => {
                let most = usize::try_from(*left).unwrap_or(usize::MAX);
                let count = most.min(input.len()).min(output.len());
                output[..count].copy_from_slice(&input[..count]);
                *left -= count as u64;
                Ok((count, count))
            }
            Self::Chunked(chunked) => chunked.decode(input, output),
        }
    }
}

/// What a handler reads a body from. It holds nothing open: when the request is over, reading fails.
#[derive(Debug)]
pub struct BodyReader {
    conn: Weak<Conn>,
    /// The number of the request on its connection.
    request: u64,
    /// How long the client may still keep the handler waiting; every byte that comes adds to it.
    patience: Duration,
    most_patience: Duration,
    waiting_since: Option<Instant>,
    deadline: Deadline,
}

impl BodyReader {
    pub(super) fn new(conn: Weak<Conn>, request: u64, patience: Duration) -> Self {
        Self {
            conn,
            request,
            patience,
            most_patience: patience,
            waiting_since: None,
            deadline: Deadline::default(),
        }
    }

    fn has_waited(&mut self, came: usize) {
        let bytes = u32::try_from(came).unwrap_or(u32::MAX);
        let earned = Duration::from_secs(1) * bytes / FLOOR_BYTES_PER_SECOND;
        let waited = self.waiting_since.take().map_or(Duration::ZERO, |since| since.elapsed());
        self.patience = (self.patience.saturating_sub(waited) + earned).min(self.most_patience);
    }
}

impl AsyncRead for BodyReader {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        output: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        let over = || io::Error::new(io::ErrorKind::NotConnected, "the request is over");
        let conn = self.conn.upgrade().ok_or_else(over)?;
        let mut input = conn.input();
        if input.request() != self.request {
            return Poll::Ready(Err(over()));
        }
        let refusal = match conn.poll_body(&mut input, cx, output) {
            Poll::Ready(Ok(count)) => {
                self.has_waited(count);
                return Poll::Ready(Ok(count));
            }
            Poll::Ready(Err(refusal)) => refusal,
            Poll::Pending => {
                let since = *self.waiting_since.get_or_insert_with(Instant::now);
                let until = since + self.patience;
                ready!(self.deadline.poll(cx, until));
                Refusal::BODY_TIMEOUT
            }
        };
        input.fail(refusal);
        Poll::Ready(Err(io::Error::other(refusal)))
    }
}

#[cfg(test)]
mod tests;
