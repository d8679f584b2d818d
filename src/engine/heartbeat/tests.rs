use crate::Options;
use crate::engine::handshake::ClientRequest;
use crate::engine::transport::TransportKind;
use crate::engine::{BadMessage, CloseReason, Conn, Engine, Inbox, Message, Service};
use std::sync::Arc;
use std::time::Duration;
use tide::http::{Method, Request};

struct Silence;

impl Service for Silence {
    fn open(&self, _: &Arc<Conn>) -> Box<dyn Inbox> {
        Box::new(Self)
    }
}

impl Inbox for Silence {
    fn message(&self, _: Message<'_>) -> Result<(), BadMessage> {
        Ok(())
    }
    fn closed(&self, _: CloseReason) {}
}

#[test]
fn a_session_that_has_ended_leaves_nothing_until_its_next_ping_would_be_due() {
    async_std::task::block_on(async {
        let engine = Engine::new(Options::default(), Silence);
        let about = Arc::new(ClientRequest::of(&Request::new(Method::Get, "http://a/")));
        let conn = engine.open(&about, TransportKind::Polling);
        assert_eq!(Arc::weak_count(&conn), 1, "the pacemaker");
        conn.update(|session| session.abort(CloseReason::TransportClose));
        assert_eq!(Arc::weak_count(&conn), 0);
    });
}

#[test]
fn nor_does_one_that_was_closed_for_being_too_slow() {
    async_std::task::block_on(async {
        let engine = Engine::new(Options { max_outbox: 0, ..Options::default() }, Silence);
        let about = Arc::new(ClientRequest::of(&Request::new(Method::Get, "http://a/")));
        let conn = engine.open(&about, TransportKind::Polling);
        conn.send_text("waits");
        conn.send_text("is one too many");
        while engine.clients_count() > 0 {
            async_std::task::sleep(Duration::from_millis(5)).await;
        }
        assert_eq!(Arc::weak_count(&conn), 0);
    });
}
