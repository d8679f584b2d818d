//! A session over a WebSocket, or a WebSocket that tries to take a polling session over.
//!
//! One task per connection reads and writes. Whatever has gathered for the client goes out in one write.

use super::frame::{self, FrameReader, Incoming, Violation};
use super::wire::Wire;
use crate::engine::close::CloseReason;
use crate::engine::conn::Conn;
use crate::engine::flusher;
use crate::engine::packet::Packet;
use crate::engine::session::{Probe, Session};
use crate::engine::waiting::Waiter;
use crate::notice::Notice;
use async_std::io::{Read, Write, WriteExt};
use std::cell::Cell;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker, ready};
use std::time::{Duration, Instant};
use tide::http::upgrade::Connection;

/// How much is read at once.
const BATCH: usize = 64 * 1024;
/// How long the last words may take.
const GOODBYE: Duration = Duration::from_secs(2);
/// Pings of the WebSocket protocol a client may send in a second. Browsers send none.
const MAX_PINGS: u32 = 100;

static VIOLATION: Notice = Notice::new();

thread_local! {
    /// One read buffer per thread: an idle connection holds none.
    static SCRATCH: Cell<Option<Box<[u8]>>> = const { Cell::new(None) };
}

/// Why the connection has to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// The bytes have ended: nothing can be said.
    Lost,
    /// The client said goodbye, with this code.
    Goodbye(Option<u16>),
    /// The client broke the rules of RFC 6455.
    Violation(Violation),
    /// The session is over, for this reason.
    Closed(CloseReason),
    /// The upgrade failed; the session lives on elsewhere.
    Refused,
}

enum Event {
    Input(Box<[u8]>, usize),
    End(End),
}

/// The reading side, and the task that serves both.
pub struct WebSocket {
    wire: Arc<Wire>,
    conn: Arc<Conn>,
    reader: FrameReader,
    /// The beginning of a frame whose end has not come yet.
    rest: Vec<u8>,
    pings: (u32, Instant),
    probing: bool,
}

impl WebSocket {
    /// Serves `conn` over `io`. With `probing` the session is still on its polling transport.
    pub fn new(
        io: Connection,
        conn: Arc<Conn>,
        max_message: usize,
        base64: bool,
        probing: bool,
    ) -> Self {
        let wire = Wire::new(io, base64);
        if !probing {
            conn.set_wire(&wire);
        }
        let (reader, rest) = (FrameReader::new(max_message), Vec::new());
        Self { wire, conn, reader, rest, pings: (0, Instant::now()), probing }
    }

    /// Runs until the connection has ended.
    #[allow(clippy::manual_async_fn)] // An `async fn` would have room for `self` twice.
    pub fn run(mut self) -> impl Future<Output = ()> + Send {
        async move {
            let end = loop {
                let taken = match poll_fn(|cx| self.poll_event(cx)).await {
                    Event::Input(scratch, length) => self.take(scratch, length),
                    Event::End(end) => Err(end),
                };
                match taken {
                    // A client that floods shares the thread with the others.
                    Ok(BATCH) => async_std::task::yield_now().await,
                    Ok(_) => {}
                    Err(end) => break end,
                }
            };
            // Boxed, so that a connection that lives does not hold the room for its end.
            Box::pin(self.leave(end)).await;
        }
    }

    /// Takes what was read, and gives the buffer back to the thread.
    fn take(&mut self, mut scratch: Box<[u8]>, length: usize) -> Result<usize, End> {
        let conn = self.conn.clone();
        let result = flusher::serve(&conn, || self.input(&mut scratch[..length]));
        SCRATCH.set(Some(scratch));
        result.map(|()| length)
    }

    /// Writes what there is to write; then reads.
    fn poll_event(&mut self, cx: &mut Context<'_>) -> Poll<Event> {
        let given_up = |session: &mut Session| (!session.is_upgrading()).then_some(());
        if self.probing && self.conn.poll_ready(cx, Waiter::WebSocket, given_up).is_ready() {
            return Poll::Ready(Event::End(End::Refused));
        }
        if let Poll::Ready(reason) = self.wire.poll_flush(cx, &self.conn) {
            return Poll::Ready(Event::End(End::Closed(reason)));
        }
        let may_read = |session: &mut Session| (!session.is_backlogged()).then_some(());
        ready!(self.conn.poll_ready(cx, Waiter::WebSocket, may_read));
        let mut scratch = SCRATCH.take().unwrap_or_else(|| vec![0; BATCH].into());
        match self.wire.poll_read(cx, &mut scratch) {
            Poll::Ready(Ok(length)) if length > 0 => Poll::Ready(Event::Input(scratch, length)),
            Poll::Ready(_) => Poll::Ready(Event::End(End::Lost)),
            Poll::Pending => {
                SCRATCH.set(Some(scratch));
                Poll::Pending
            }
        }
    }

    /// Takes the bytes that came, message by message, and keeps the beginning of the next.
    fn input(&mut self, bytes: &mut [u8]) -> Result<(), End> {
        if self.rest.is_empty() {
            let used = self.messages(bytes)?;
            self.rest.extend_from_slice(&bytes[used..]);
        } else {
            let mut all = std::mem::take(&mut self.rest);
            all.extend_from_slice(bytes);
            let used = self.messages(&mut all)?;
            if used < all.len() {
                all.drain(..used);
                self.rest = all;
            }
        }
        Ok(())
    }

    fn messages(&mut self, bytes: &mut [u8]) -> Result<usize, End> {
        let mut used = 0;
        loop {
            let (length, message) = self.reader.read(&mut bytes[used..]).map_err(End::Violation)?;
            if length == 0 {
                return Ok(used);
            }
            used += length;
            match message {
                None | Some(Incoming::Pong) => {}
                Some(Incoming::Text(text)) => match Packet::decode(&text) {
                    Ok(packet) if self.probing => self.probe(&packet)?,
                    Err(_) if self.probing => return Err(End::Refused),
                    packet => {
                        self.conn.receive(packet);
                    }
                },
                Some(Incoming::Binary(_)) if self.probing => return Err(End::Refused),
                Some(Incoming::Binary(data)) => {
                    self.conn.receive(Ok(Packet::Binary(data)));
                }
                Some(Incoming::Ping(data)) => self.pinged(data)?,
                Some(Incoming::Close(code)) => return Err(End::Goodbye(code)),
            }
        }
    }

    fn pinged(&mut self, data: &[u8]) -> Result<(), End> {
        if self.pings.1.elapsed() >= Duration::from_secs(1) {
            self.pings = (0, Instant::now());
        }
        self.pings.0 += 1;
        if self.pings.0 > MAX_PINGS {
            return Err(End::Violation(Violation { code: 1008, reason: "too many pings" }));
        }
        self.wire.pong(data);
        Ok(())
    }

    fn probe(&mut self, packet: &Packet<'_>) -> Result<(), End> {
        match self.conn.update(|session| session.probe(packet, Instant::now())) {
            Probe::Answer => self.wire.say("3probe"),
            Probe::Done => {
                self.probing = false;
                self.conn.set_wire(&self.wire);
            }
            Probe::Refuse => return Err(End::Refused),
        }
        Ok(())
    }

    /// Tells the session, says goodbye if that is still possible, and lets the connection go.
    async fn leave(self, end: End) {
        // While it probes, what waits is not its to send.
        if end != End::Lost && !self.probing {
            // What the client was answered before its mistake still goes out, as far as it goes at once.
            let _ = self.wire.poll_flush(&mut Context::from_waker(Waker::noop()), &self.conn);
        }
        let (code, reason) = match end {
            End::Lost => (None, String::new()),
            End::Goodbye(code) => (code, String::new()),
            End::Violation(violation) => {
                let what = match violation.code {
                    1009 => "a message over max_http_buffer_size",
                    _ => violation.reason,
                };
                let (sid, code) = (self.conn.sid(), violation.code);
                VIOLATION.warn(format_args!("session {sid}: WebSocket closed with {code}: {what}"));
                (Some(violation.code), violation.reason.to_owned())
            }
            End::Closed(reason) => (Some(reason.code()), reason.to_string()),
            End::Refused => (Some(1002), REFUSED.to_owned()),
        };
        self.conn.update(|session| match end {
            _ if self.probing => session.upgrade_lost(),
            End::Lost | End::Goodbye(_) => session.abort(CloseReason::TransportClose),
            End::Violation(_) => session.abort(CloseReason::TransportError),
            End::Closed(reason) => session.abort(reason),
            End::Refused => session.abort(CloseReason::ForcedClose),
        });
        // After half a frame nothing can be said that the client would understand.
        if let Some((io, is_cut)) = self.wire.take()
            && !is_cut
            && end != End::Lost
        {
            goodbye(io, code, &reason).await;
        }
    }
}

/// Closes a WebSocket that came for a session which another one carries, or is about to.
pub async fn refuse(io: Connection) {
    goodbye(io, Some(1002), REFUSED).await;
}

const REFUSED: &str = "upgrade refused";

/// Says goodbye, in a time that a client cannot draw out.
async fn goodbye(io: Connection, code: Option<u16>, reason: &str) {
    let _ = async_std::future::timeout(GOODBYE, close(io, code, reason)).await;
}

/// Sends the close frame and waits for the client to close: a connection dropped with unread bytes is
/// reset, and a reset takes the close frame with it.
async fn close(mut io: Connection, code: Option<u16>, reason: &str) -> std::io::Result<()> {
    let mut last = Vec::new();
    frame::encode_close(code, reason, &mut last);
    io.write_all(&last).await?;
    poll_fn(|cx| Pin::new(&mut io).poll_close(cx)).await?;
    let mut rest = [0; 1024];
    while poll_fn(|cx| Pin::new(&mut io).poll_read(cx, &mut rest)).await? > 0 {}
    Ok(())
}
