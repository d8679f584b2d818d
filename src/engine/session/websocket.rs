//! A session over a WebSocket: what is written next, and since when nothing can be.

use super::Session;
use crate::engine::transport::TransportKind;
use bytes::Bytes;
use std::time::Instant;

impl Session {
    /// The next bytes to write to the WebSocket, about `limit` of them, in `batch` or, if they are a large
    /// message, as the result.
    pub fn take_frames(
        &mut self,
        limit: usize,
        base64: bool,
        batch: &mut Vec<u8>,
    ) -> Option<Bytes> {
        if self.transport == TransportKind::Polling {
            return None;
        }
        self.outbox.take_frames(limit, base64, batch)
    }

    /// The client takes no more from now on.
    pub fn stands_still(&mut self, now: Instant) {
        self.still_since = Some(now);
    }

    /// It has taken something again.
    pub fn goes_on(&mut self) {
        self.still_since = None;
    }
}
