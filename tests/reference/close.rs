//! How sessions are closed, by either side.

use crate::support::*;
use async_std::channel::unbounded;
use async_std::future::timeout;
use std::sync::Arc;
use std::time::Duration;
use tide::listener::Listener as _;
use tide_socketio::{Edge, SocketIo};

#[test]
fn closing_the_server_disconnects_everyone_and_empties_the_tables() {
    run(async {
        let io = SocketIo::new();
        let (sender, reasons) = unbounded();
        io.on_connection(move |socket| {
            let sender = sender.clone();
            socket.on("disconnect", move |_, reason: String| {
                let _ = sender.try_send(reason);
                async {}
            });
            async {}
        });
        let address = serve(&io).await;
        let (mut ws, _) = Ws::connect(address).await;
        let (polling, _) = Polling::connect(address).await;
        let in_no_namespace = Polling::open(address).await;
        assert_eq!((io.sockets_count(), io.engine().clients_count()), (2, 3));
        io.close();
        assert_eq!(io.sockets_count(), 0);
        for _ in 0..2 {
            assert_eq!(reasons.recv().await.unwrap(), "server shutting down");
        }
        assert_eq!(ws.closed().await, Some((1001, "server shutting down".to_owned())));
        assert_eq!(polling.poll().await, "6\x1e1");
        assert_eq!(in_no_namespace.poll().await, "6\x1e1");
        eventually("no session is left", || io.engine().clients_count() == 0).await;
    });
}

#[test]
fn a_server_that_stops_lets_its_clients_go_frees_its_port_and_keeps_nothing() {
    run(async {
        let io = SocketIo::new();
        let mut app = tide::new();
        io.attach(&mut app);
        let closing = io.clone();
        let edge = Edge::new("127.0.0.1:0").on_stop(async move || closing.close());
        let stopper = edge.stopper();
        let mut listener = app.bind(edge).await.unwrap();
        let address = listener.info()[0].connection().trim_start_matches("http://").to_owned();
        let address = address.parse().unwrap();
        let serving = async_std::task::spawn(async move { listener.accept().await });
        let (mut ws, _) = Ws::connect(address).await;
        let (_polling, _) = Polling::connect(address).await;
        stopper.stop();
        assert_eq!(ws.closed().await, Some((1001, "server shutting down".to_owned())));
        drop(ws);
        // The listener would give those who are left ten seconds.
        timeout(Duration::from_secs(5), serving).await.expect("nobody is left").unwrap();
        std::net::TcpListener::bind(address).expect("the port is free");
        // The sessions, the timer that looks after them, and what the handlers captured, all hang on these two.
        let engine = Arc::downgrade(io.engine());
        drop(io);
        eventually("the server is gone", || engine.strong_count() == 0).await;
    });
}

#[test]
fn closing_a_server_without_clients_and_closing_it_again_do_no_harm() {
    run(async {
        let io = SocketIo::new();
        io.close();
        let address = serve(&io).await;
        let (mut ws, _) = Ws::connect(address).await;
        io.close();
        io.close();
        assert_eq!(ws.closed().await, Some((1001, "server shutting down".to_owned())));
        Ws::connect(address).await;
    });
}

async fn ends_the_session(packet: &str, connects_first: bool) {
    let address = serve(&SocketIo::new()).await;
    let polling = Polling::open(address).await;
    if connects_first {
        assert_eq!(polling.post("40").await.text(), "ok");
        assert!(polling.poll().await.starts_with(r#"40{"sid":""#));
    }
    assert_eq!(polling.post(packet).await.text(), "ok");
    assert_eq!(polling.poll().await, "6\x1e1");
    let gone = polling.get().await;
    assert_eq!(gone.status, 400);
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
