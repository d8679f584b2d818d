//! Clients of older protocols.

use crate::support::*;
use tide_socketio::SocketIo;

#[test]
fn a_client_of_protocol_3_is_told_so() {
    run(async {
        let address = serve(&SocketIo::new()).await;
        let answer = get(address, "/socket.io/?EIO=3&transport=polling").await;
        assert_eq!(answer.status, 400);
        assert_eq!(answer.text(), r#"{"code":5,"message":"Unsupported protocol version"}"#);
    });
}
