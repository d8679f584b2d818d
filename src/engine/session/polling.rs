//! A session over long-polling: one GET waits, one POST brings.

use super::{Farewell, Phase, Refused, Session, Upgrade};
use crate::engine::close::CloseReason;
use crate::engine::packet::Packet;
use crate::engine::payload;
use crate::engine::transport::TransportKind;

impl Session {
    /// A GET has come; its answer is [`poll_answer`](Self::poll_answer), as soon as there is one.
    pub fn poll(&mut self) -> Result<(), Refused> {
        self.check(TransportKind::Polling)?;
        if self.polling {
            self.abort(CloseReason::TransportError);
            return Err(Refused::Overlap);
        }
        self.polling = true;
        self.poll_is_late = matches!(self.upgrade, Upgrade::Trying { next_noop: Some(_), .. });
        Ok(())
    }

    /// Whether a poll waits for its answer.
    pub fn is_polling(&self) -> bool {
        self.polling
    }

    /// The body that answers the waiting poll, if it is time to. A poll that overtook the end of an upgrade,
    /// on another connection, is refused as if it had come after.
    pub fn poll_answer(&mut self) -> Option<Result<String, Refused>> {
        if !self.polling {
            return None;
        }
        if std::mem::take(&mut self.poll_refused) {
            self.polling = false;
            return Some(Err(Refused::WrongTransport));
        }
        let mut body = String::new();
        if let Some(farewell) = self.farewell.take() {
            let packet = match farewell {
                Farewell::Close => Packet::Close,
                Farewell::Noop => Packet::Noop,
            };
            packet.encode_into(&mut body);
        } else if let Some(packets) = self.outbox.take_payload() {
            body = packets;
        } else if matches!(self.phase, Phase::Closing { .. }) {
            payload::push(&mut body, &Packet::Noop);
            payload::push(&mut body, &Packet::Close);
            self.phase = Phase::Closed;
        } else if self.transport == TransportKind::WebSocket || std::mem::take(&mut self.noop) {
            Packet::Noop.encode_into(&mut body);
        } else {
            return None;
        }
        self.polling = false;
        Some(Ok(body))
    }

    /// The client has gone while its poll waited.
    pub fn poll_lost(&mut self) {
        self.polling = false;
        self.abort(CloseReason::TransportClose);
    }

    /// A POST has come; [`posted`](Self::posted) when its body has been read.
    pub fn post(&mut self) -> Result<(), Refused> {
        self.check(TransportKind::Polling)?;
        if self.posting {
            self.abort(CloseReason::TransportError);
            return Err(Refused::Overlap);
        }
        self.posting = true;
        Ok(())
    }

    /// The body of a POST has been read, or has failed.
    pub fn posted(&mut self) {
        self.posting = false;
    }

    pub(super) fn check(&self, transport: TransportKind) -> Result<(), Refused> {
        match self.phase {
            Phase::Closed => Err(Refused::Gone),
            _ if self.transport != transport => Err(Refused::WrongTransport),
            _ => Ok(()),
        }
    }
}
