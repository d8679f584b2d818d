//! Clients of older protocols.

use crate::support::*;
use async_std::channel::unbounded;
use tide_socketio::SocketIo;
use tide_socketio::engine::RefusalCode;

#[test]
fn a_client_of_protocol_3_is_told_so_over_either_transport() {
    run(async {
        let io = SocketIo::new();
        let (sender, refused) = unbounded();
        io.on_connection_error(move |refusal, _| {
            let _ = sender.try_send(refusal.code);
        });
        let address = serve(&io).await;
        let answer = get(address, "/socket.io/?EIO=3&transport=polling").await;
        assert_eq!(answer.status, 400);
        assert_eq!(answer.text(), r#"{"code":5,"message":"Unsupported protocol version"}"#);
        let websocket = Ws::open_target(address, "/socket.io/?EIO=3&transport=websocket").await;
        let error = websocket.err().expect("a refusal");
        assert!(error.contains("400"), "{error}");
        for _ in 0..2 {
            assert_eq!(refused.recv().await, Ok(RefusalCode::UnsupportedProtocolVersion));
        }
        assert_eq!(io.engine().clients_count(), 0);
    });
}
