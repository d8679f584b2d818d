//! Acks that come in time, late, or never.

use crate::support::*;
use async_std::task::spawn;
use std::time::Duration;
use tide_socketio::{AckError, SocketIo};

#[test]
fn a_silent_client_is_a_timeout_and_an_answer_after_it_changes_nothing() {
    run(async {
        let io = SocketIo::new();
        let (mut ws, id) = Ws::connect(serve(&io).await).await;
        let socket = io.socket(&id).unwrap();
        let limit = Duration::from_millis(50);
        let asked = socket.timeout(limit).emit_with_ack::<u64>("unknown", ());
        assert_eq!(asked.await, Err(AckError::Timeout));
        assert_eq!(ws.text().await, r#"420["unknown"]"#);
        let at_once = socket.timeout(Duration::ZERO).emit_with_ack::<u64>("echo", 42);
        assert_eq!(at_once.await, Err(AckError::Timeout));
        assert_eq!(ws.text().await, r#"421["echo",42]"#);
        ws.send("431[42]").await;
        // The late answer did no harm.
        let asked = spawn(socket.emit_with_ack::<u64>("echo", 7));
        assert_eq!(ws.text().await, r#"422["echo",7]"#);
        ws.send("432[7]").await;
        assert_eq!(asked.await, Ok(7));
    });
}

#[test]
fn an_answer_in_time_is_the_result() {
    run(async {
        let io = SocketIo::new();
        let (mut ws, id) = Ws::connect(serve(&io).await).await;
        let socket = io.socket(&id).unwrap();
        let asked = spawn(socket.timeout(PATIENCE).emit_with_ack::<u64>("echo", 42));
        assert_eq!(ws.text().await, r#"420["echo",42]"#);
        ws.send("430[42]").await;
        assert_eq!(asked.await, Ok(42));
    });
}
