//! One connection: what was read from it and not used yet, shared by all who read.
//!
//! While a handler runs, up to three parties read: the handler its body, a [`Peer`](super::Peer) to learn
//! that the client has gone, and later whoever takes over an upgraded connection. What one of them reads
//! too much stays in a buffer for the next.

use super::input::{Input, SHORT_BODY};
use super::lookout::{Lookout, Next};
use super::refusal::Refusal;
use super::table::Place;
use super::waiters::Waiters;
use async_io::Async;
use async_std::task::sleep;
use futures_lite::FutureExt;
use futures_lite::future::yield_now;
use futures_lite::io::AsyncWrite;
use std::cell::RefCell;
use std::future::poll_fn;
use std::io::{self, Read};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker, ready};
use std::time::Duration;

/// How many bytes are read before anybody has asked for them.
const READ_AHEAD: usize = 8 * 1024;
/// How long a client may go on sending when it has had its answer.
const LINGER: Duration = Duration::from_secs(1);
const CONTINUE: &[u8] = b"HTTP/1.1 100 Continue\r\n\r\n";

thread_local! {
    // Shared by all connections of a thread, so that an idle one needs no buffer of its own.
    static SCRATCH: RefCell<[u8; 2 * READ_AHEAD]> = const { RefCell::new([0; 2 * READ_AHEAD]) };
}

/// One connection. It is closed when its last owner drops it.
#[derive(Debug)]
pub struct Conn {
    stream: Async<TcpStream>,
    lookout: Lookout,
    input: Mutex<Input>,
    waiters: Arc<Waiters>,
    /// Wakes all the waiters: the stream itself remembers one waker only.
    waker: Waker,
    place: Place,
}

impl Drop for Conn {
    fn drop(&mut self) {
        self.waiters.wake_all();
    }
}

impl Conn {
    pub fn new(stream: Async<TcpStream>, place: Place) -> Arc<Self> {
        let waiters = Arc::new(Waiters::default());
        let conn = Arc::new(Self {
            stream,
            lookout: Lookout::default(),
            input: Mutex::default(),
            waker: waiters.clone().into(),
            waiters,
            place,
        });
        conn.place.take(&conn);
        conn
    }

    pub fn input(&self) -> MutexGuard<'_, Input> {
        // No foreign code runs under this lock.
        self.input.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn peer_addr(&self) -> SocketAddr {
        self.place.peer_addr
    }

    pub fn local_addr(&self) -> Option<SocketAddr> {
        self.stream.get_ref().local_addr().ok()
    }

    pub fn is_stopping(&self) -> bool {
        self.place.table().is_stopping()
    }

    /// Has everybody who waits look again.
    pub fn wake(&self) {
        self.waiters.wake_all();
    }

    /// Ends the connection whatever is going on.
    pub fn shut_down(&self) {
        let _ = self.stream.get_ref().shutdown(Shutdown::Both);
    }

    /// Reads what the system has. All waiters are woken when there is more.
    fn poll_stream(&self, output: &mut [u8]) -> Poll<io::Result<usize>> {
        let cx = &mut Context::from_waker(&self.waker);
        match self.lookout.next() {
            Next::Ask => {}
            Next::Turn => {
                self.waker.wake_by_ref();
                return Poll::Pending;
            }
            Next::Wait => ready!(self.stream.poll_readable(cx))?,
        }
        loop {
            match self.stream.get_ref().read(output) {
                Ok(count) => {
                    self.lookout.came(count < output.len());
                    return Poll::Ready(Ok(count));
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    self.lookout.missed();
                    ready!(self.stream.poll_readable(cx))?;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
    }

    /// Reads once, so that at most `most` bytes wait in the buffer. Zero bytes are the end.
    pub fn poll_fill(&self, input: &mut Input, cx: &mut Context<'_>, most: usize) -> Poll<usize> {
        if input.ended {
            return Poll::Ready(0);
        }
        self.waiters.add(cx);
        let room = most.saturating_sub(input.bytes.len());
        if room == 0 {
            return Poll::Pending;
        }
        let count = SCRATCH.with_borrow_mut(|scratch| {
            let room = room.min(scratch.len());
            // To the reader a broken connection is an ended one.
            let count = ready!(self.poll_stream(&mut scratch[..room])).unwrap_or(0);
            input.bytes.extend_from_slice(&scratch[..count]);
            Poll::Ready(count)
        });
        let count = ready!(count);
        input.ended = count == 0;
        self.waiters.wake_others(cx);
        Poll::Ready(count)
    }

    /// Reads some of the body of the present request. Zero bytes are its end.
    pub fn poll_body(
        &self,
        input: &mut Input,
        cx: &mut Context<'_>,
        output: &mut [u8],
    ) -> Poll<Result<usize, Refusal>> {
        loop {
            if let Some(count) = input.decode(output)? {
                self.waiters.wake_others(cx);
                return Poll::Ready(Ok(count));
            }
            if input.expects_continue {
                let written = ready!(self.poll_write(cx, CONTINUE)).unwrap_or(0);
                if written != CONTINUE.len() {
                    return Poll::Ready(Err(Refusal::CUT_OFF));
                }
                input.expects_continue = false;
            }
            if ready!(self.poll_fill(input, cx, 2 * READ_AHEAD)) == 0 {
                return Poll::Ready(Err(Refusal::CUT_OFF));
            }
        }
    }

    /// Reads the rest of a body that nobody wanted. `false` if there was too much of it.
    pub async fn discard_body(&self) -> bool {
        let mut left = SHORT_BODY;
        let rest = poll_fn(|cx| {
            let mut input = self.input();
            let mut sink = [0; 1024];
            while !input.is_done() {
                match ready!(self.poll_body(&mut input, cx, &mut sink)) {
                    Ok(count) if count <= left => left -= count,
                    _ => return Poll::Ready(false),
                }
            }
            Poll::Ready(true)
        });
        rest.or(async {
            sleep(LINGER).await;
            false
        })
        .await
    }

    /// Waits until the client has gone.
    pub fn poll_gone(&self, cx: &mut Context<'_>) -> Poll<()> {
        let mut input = self.input();
        while ready!(self.poll_fill(&mut input, cx, READ_AHEAD)) > 0 {}
        Poll::Ready(())
    }

    /// Reads for whoever took the connection over: first what is left in the buffer.
    pub fn poll_read(&self, cx: &mut Context<'_>, output: &mut [u8]) -> Poll<io::Result<usize>> {
        let mut input = self.input();
        if input.bytes.is_empty() && !input.ended {
            self.waiters.add(cx);
            return self.poll_stream(output);
        }
        let count = input.bytes.len().min(output.len());
        output[..count].copy_from_slice(&input.bytes[..count]);
        input.consume(count);
        self.waiters.wake_others(cx);
        Poll::Ready(Ok(count))
    }

    pub fn poll_write(&self, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut &self.stream).poll_write(cx, bytes)
    }

    /// Closes this side; the client may still send.
    pub fn close_writing(&self) -> io::Result<()> {
        self.stream.get_ref().shutdown(Shutdown::Write)
    }

    /// Writes all of `bytes` to a client that may stand still for `patience` at most.
    pub async fn write_all(&self, mut bytes: &[u8], patience: Duration) -> io::Result<()> {
        while !bytes.is_empty() {
            let write = poll_fn(|cx| self.poll_write(cx, bytes));
            // The timer is made only if the write has to wait.
            let timeout = async {
                sleep(patience).await;
                Err(io::ErrorKind::TimedOut.into())
            };
            match write.or(timeout).await? {
                0 => return Err(io::ErrorKind::WriteZero.into()),
                written => bytes = &bytes[written..],
            }
        }
        Ok(())
    }

    /// Closes so that the last answer arrives: input that nobody has read would make the system reset the
    /// connection, and the reset overtakes the answer.
    pub async fn linger(&self) {
        let _ = self.close_writing();
        let rest = async {
            while poll_fn(|cx| self.poll_discard(cx)).await > 0 {
                // However fast the client sends, others have their turn, and the time runs out.
                yield_now().await;
            }
        };
        rest.or(sleep(LINGER)).await;
    }

    fn poll_discard(&self, cx: &mut Context<'_>) -> Poll<usize> {
        let mut input = self.input();
        let waiting = input.bytes.len();
        input.consume(waiting);
        self.poll_fill(&mut input, cx, READ_AHEAD)
    }
}
