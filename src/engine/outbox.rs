//! What waits to be written to one client: shared messages, bounded.

use super::packet::Packet;
use super::payload;
use super::transport::frame::{self, Opcode};
use bytes::Bytes;
use std::borrow::Cow;
use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Arc;

/// One message on its way out, encoded once for all its receivers: a text packet, or a binary one, or a
/// text packet with the attachments that must follow it and nothing between them.
#[derive(Debug)]
pub struct Outgoing {
    /// The WebSocket frames. A server's frames carry no mask, so one encoding serves every receiver.
    frames: Vec<u8>,
    /// Where in `frames` the text is: what waits for slow clients is in memory once.
    text: Option<Range<usize>>,
    /// Where the attachments are.
    attachments: Vec<Range<usize>>,
}

impl Outgoing {
    /// A text message (packet type `4`) and its attachments. `packet` begins with the `4`, so that the
    /// caller writes the text in one go.
    pub fn message(packet: String, attachments: Vec<Bytes>) -> Arc<Self> {
        debug_assert!(packet.starts_with('4'));
        Self::of(Some(&packet), &attachments)
    }

    /// A binary message.
    pub fn binary(data: Bytes) -> Arc<Self> {
        Self::of(None, &[data])
    }

    /// A packet of the session itself.
    pub(super) fn packet(packet: &Packet<'_>) -> Arc<Self> {
        let mut text = String::new();
        packet.encode_into(&mut text);
        Self::of(Some(&text), &[])
    }

    // ANCHOR: frames
    fn of(text: Option<&str>, attachments: &[Bytes]) -> Arc<Self> {
        let size = text.map_or(0, str::len) + attachments.iter().map(Bytes::len).sum::<usize>();
        let mut out = Vec::with_capacity(size + 10 * (1 + attachments.len()));
        let mut add = |opcode, payload: &[u8]| {
            frame::encode(opcode, payload, &mut out);
            out.len() - payload.len()..out.len()
        };
        let text = text.map(|text| add(Opcode::Text, text.as_bytes()));
        let attachments = attachments.iter().map(|data| add(Opcode::Binary, data)).collect();
        Arc::new(Self { frames: out, text, attachments })
    }
    // ANCHOR_END: frames

    /// Bytes of memory this message stands for in a queue.
    pub fn size(&self) -> usize {
        self.frames.len()
    }

    fn text(&self) -> Option<&str> {
        // It was text when it came.
        self.text.clone().and_then(|range| std::str::from_utf8(&self.frames[range]).ok())
    }

    fn attachments(&self) -> impl Iterator<Item = &[u8]> {
        self.attachments.iter().map(|range| &self.frames[range.clone()])
    }

    /// The frames for a client that asked for `b64`: binary travels as text, even here.
    fn base64_frames(&self) -> Vec<u8> {
        let mut out = Vec::new();
        if let Some(text) = self.text() {
            frame::encode(Opcode::Text, text.as_bytes(), &mut out);
        }
        for data in self.attachments() {
            let mut text = String::new();
            Packet::Binary(Cow::Borrowed(data)).encode_into(&mut text);
            frame::encode(Opcode::Text, text.as_bytes(), &mut out);
        }
        out
    }

    fn push_payload(&self, body: &mut String) {
        if let Some(text) = self.text() {
            if !body.is_empty() {
                body.push(payload::SEPARATOR);
            }
            body.push_str(text);
        }
        for data in self.attachments() {
            payload::push(body, &Packet::Binary(Cow::Borrowed(data)));
        }
    }
}

/// The frames of a message that others get too.
struct Frames(Arc<Outgoing>);

impl AsRef<[u8]> for Frames {
    fn as_ref(&self) -> &[u8] {
        &self.0.frames
    }
}

/// The queue of one session.
#[derive(Debug, Default)]
pub struct Outbox {
    queue: VecDeque<Arc<Outgoing>>,
    bytes: usize,
}

impl Outbox {
    /// Adds a message. `false` when more than `limit` bytes wait already: this client does not keep up.
    ///
    /// What is looked at is the queue before this message, so one message of any size can be sent.
    pub fn push(&mut self, message: Arc<Outgoing>, limit: usize) -> bool {
        if self.bytes > limit {
            return false;
        }
        // A queue of tiny messages costs more than their text: count the slot and the allocation too.
        self.bytes += message.size() + 64;
        self.queue.push_back(message);
        true
    }

    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    /// Forgets everything, and gives the memory back.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Everything that waits, as one polling payload; `None` when nothing does.
    pub fn take_payload(&mut self) -> Option<String> {
        if self.queue.is_empty() {
            return None;
        }
        let mut body = String::with_capacity(self.bytes);
        for message in std::mem::take(self).queue {
            message.push_payload(&mut body);
        }
        Some(body)
    }

    /// What goes out in the next write to a WebSocket: small messages are put together in `batch`, up to about
    /// `limit` bytes; a large one is shared with its other receivers, and is the result.
    pub fn take_frames(
        &mut self,
        limit: usize,
        base64: bool,
        batch: &mut Vec<u8>,
    ) -> Option<Bytes> {
        // ANCHOR: batch
        while batch.len() < limit
            && let Some(next) = self.queue.front()
        {
            let is_large = next.size() >= limit;
            if is_large && !batch.is_empty() {
                break;
            }
            let message = self.pop()?;
            match (is_large, base64) {
                (true, false) => return Some(Bytes::from_owner(Frames(message))),
                (true, true) => return Some(message.base64_frames().into()),
                (false, false) => batch.extend_from_slice(&message.frames),
                (false, true) => batch.extend_from_slice(&message.base64_frames()),
            }
        }
        None
        // ANCHOR_END: batch
    }

    fn pop(&mut self) -> Option<Arc<Outgoing>> {
        let message = self.queue.pop_front()?;
        self.bytes -= message.size() + 64;
        if self.queue.is_empty() {
            // An idle connection keeps no buffer.
            self.queue = VecDeque::new();
        }
        Some(message)
    }
}
