//! How sessions are closed, by either side.

use crate::support::*;
use tide_socketio::SocketIo;

#[test]
fn closing_the_server_disconnects_everyone_and_empties_the_table() {
    run(async {
        let io = SocketIo::new();
        let address = serve(&io).await;
        let (mut ws, _) = Ws::connect(address).await;
        let (polling, _) = Polling::connect(address).await;
        assert_eq!(io.sockets_count(), 2);
        io.close();
        assert!(ws.closed().await.is_some());
        assert_eq!(polling.poll().await, "6\x1e1");
        assert_eq!(io.sockets_count(), 0);
        eventually("no session is left", || io.engine().clients_count() == 0).await;
    });
}

async fn ends_the_session(packet: &str, connects_first: bool) {
    let address = serve(&SocketIo::new()).await;
    let polling = Polling::open(address).await;
    if connects_first {
        polling.post("40").await;
        assert!(polling.poll().await.starts_with("40{"));
    }
    polling.post(packet).await;
    assert_eq!(polling.poll().await, "6\x1e1");
    let gone = polling.get().await;
    assert_eq!(gone.text(), r#"{"code":1,"message":"Session ID unknown"}"#);
}

#[test]
fn a_second_connect_ends_the_session() {
    run(ends_the_session("40", true));
}

#[test]
fn an_event_before_the_connect_ends_the_session() {
    run(ends_the_session(r#"42["some event"]"#, false));
}

#[test]
fn an_invalid_packet_ends_the_session() {
    run(ends_the_session("4abc", true));
}
