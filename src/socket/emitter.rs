//! One event for one socket, with what `timeout` and `volatile` say about it.

use super::ack::{AckError, Expected};
use super::adapter::Audience;
use super::broadcast::{encode, event_message, outgoing_event};
use super::handler::BoxFuture;
use super::socket::Socket;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::time::Duration;

/// An event to be sent to one socket: what [`Socket::timeout`] and [`Socket::volatile`] return.
///
/// ```no_run
/// # use std::time::Duration;
/// # use tide_socketio::{AckError, Socket};
/// # async fn example(socket: Socket) -> Result<(), AckError> {
/// let answer: String = socket.timeout(Duration::from_secs(5)).emit_with_ack("question", "why?").await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
#[must_use = "nothing is sent before `emit`"]
pub struct Emitter {
    socket: Socket,
    volatile: bool,
    timeout: Option<Duration>,
}

impl Emitter {
    pub(super) fn new(socket: Socket) -> Self {
        Self { socket, volatile: false, timeout: None }
    }

    /// The event is dropped if it cannot go at once.
    pub fn volatile(mut self) -> Self {
        self.volatile = true;
        self
    }

    /// How long to wait for the ack.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = Some(limit);
        self
    }

    /// Sends the event: see [`Socket::emit`].
    ///
    /// # Panics
    /// As [`Socket::emit`].
    #[track_caller]
    pub fn emit(&self, event: &str, data: impl Serialize) {
        let args = encode(event, &data);
        let (socket, nsp) = (&self.socket, self.socket.nsp());
        if !socket.connected() {
            return;
        }
        if nsp.keeps() && !self.volatile {
            // Recovery has to find it again, so it goes the way of a broadcast to one.
            let only = Audience { rooms: vec![socket.id().to_owned()], ..Audience::default() };
            nsp.adapter().broadcast_kept(&only, |offset| {
                event_message(nsp.name(), event, &args, None, Some(offset))
            });
        } else {
            let offset = nsp.volatile_offset(&args);
            let message = event_message(nsp.name(), event, &args, None, offset);
            match self.volatile {
                true => socket.conn().send_volatile(message),
                false => socket.conn().send(message),
            }
        }
        self.show(event, &args);
    }

    /// Sends the event and waits for the ack: see [`Socket::emit_with_ack`].
    ///
    /// It is sent when this is called, not when the future is first polled.
    ///
    /// # Errors
    /// [`AckError::Timeout`], [`AckError::Disconnected`] or [`AckError::Unexpected`].
    ///
    /// # Panics
    /// As [`Socket::emit`].
    #[track_caller]
    pub fn emit_with_ack<R: DeserializeOwned + Send + 'static>(
        &self,
        event: &str,
        data: impl Serialize,
    ) -> BoxFuture<Result<R, AckError>> {
        let args = encode(event, &data);
        let (socket, nsp) = (&self.socket, self.socket.nsp());
        let id = nsp.next_ack_id();
        let expected = Expected::new(socket.clone(), id);
        if socket.connected() {
            socket.conn().send(event_message(nsp.name(), event, &args, Some(id), None));
        } else {
            socket.acks().forget(id);
        }
        self.show(event, &args);
        let limit = self.timeout;
        Box::pin(async move { expected.answer(limit).await })
    }

    fn show(&self, event: &str, args: &super::encoded::Encoded) {
        if self.socket.nsp().watched().load(std::sync::atomic::Ordering::Relaxed) > 0
            && let Some(shown) = outgoing_event(event, args)
        {
            self.socket.show_outgoing(&shown);
        }
    }
}
