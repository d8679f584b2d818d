//! One client and its events.

use crate::arguments::echo;
use crate::support::*;
use async_std::channel::{Receiver, unbounded};
use serde_json::json;
use std::sync::{Arc, Mutex};
use tide::listener::Listener as _;
use tide_socketio::{Args, Edge, SocketIo};

/// Why the sockets of this server were disconnected, one after another.
fn reasons(io: &SocketIo) -> Receiver<String> {
    let (sender, reasons) = unbounded();
    io.on_connection(move |socket| {
        let sender = sender.clone();
        socket.on("disconnect", move |_, reason: String| {
            let _ = sender.try_send(reason);
            async {}
        });
        async {}
    });
    reasons
}

#[test]
fn a_client_that_leaves_comes_back_with_another_id_and_one_answer() {
    run(async {
        let io = echo();
        let reasons = reasons(&io);
        let (mut ws, before) = one(&io).await;
        ws.send("41").await;
        let after = ws.enter("/", "").await;
        assert_eq!(reasons.recv().await.unwrap(), "client namespace disconnect");
        assert_ne!(before.id(), after);
        assert!(!before.connected());
        assert_eq!(io.sockets_count(), 1);
        ws.send(r#"42["back",1]"#).await;
        assert_eq!(ws.text().await, r#"42["back",1]"#);
    });
}

#[test]
fn events_of_a_namespace_are_in_order() {
    run(async {
        let io = SocketIo::new();
        io.of("/chat").on_connection(async |socket| {
            for n in 0..3 {
                socket.emit("n", n);
            }
        });
        let mut ws = Ws::open(serve(&io).await).await;
        ws.enter("/chat", "").await;
        for n in 0..3 {
            assert_eq!(ws.text().await, format!(r#"42/chat,["n",{n}]"#));
        }
    });
}

#[test]
fn the_socket_shows_its_request_and_its_auth() {
    run(async {
        let io = SocketIo::new();
        let mut ws = Ws::open_at(serve(&io).await, "/socket.io/", "&key1=1&%26key2=%262").await;
        io.of("/chat");
        let id = ws.enter("/chat", r#"{"aa":1,"&=bb":2}"#).await;
        let socket = io.of("/chat").socket(&id).unwrap();
        assert_eq!(socket.request().query("key1").as_deref(), Some("1"));
        assert_eq!(socket.request().header("upgrade"), Some("websocket"));
        assert_eq!(socket.conn().sid(), ws.sid);
        assert_ne!(socket.conn().sid(), socket.id());
        let handshake = socket.handshake();
        assert_eq!(handshake["query"]["EIO"], "4");
        assert_eq!(handshake["query"]["&key2"], "&2");
        assert_eq!(handshake["query"].get("aa"), None);
        assert_eq!(handshake["auth"], json!({ "aa": 1, "&=bb": 2 }));
        assert_eq!(handshake["xdomain"], false);
        assert!(handshake["issued"].as_u64().is_some_and(|at| at > 1_700_000_000_000));
    });
}

#[test]
fn garbage_ends_its_connection_and_no_other() {
    run(async {
        let io = echo();
        let reasons = reasons(&io);
        let address = serve(&io).await;
        let (mut neighbour, _) = Ws::connect(address).await;
        for (garbage, reason, code) in [
            ("4garbage", "forced close", 1000),
            ("45woooot", "forced close", 1000),
            ("45", "forced close", 1000),
            (r#"44["handle me please"]"#, "forced close", 1000),
            (r#"42["a"#, "forced close", 1000),
            (r#"42["disconnect"]"#, "forced close", 1000),
            (r#"42["connect_error"]"#, "forced close", 1000),
            ("x", "parse error", 1002),
            ("2", "transport error", 1002),
            ("1", "transport close", 1000),
        ] {
            let (mut ws, _) = Ws::connect(address).await;
            ws.send(garbage).await;
            assert_eq!(ws.closed().await, Some((code, reason.to_owned())), "{garbage}");
            assert_eq!(reasons.recv().await.unwrap(), reason, "{garbage}");
        }
        neighbour.send(r#"42["back",1]"#).await;
        assert_eq!(neighbour.text().await, r#"42["back",1]"#);
        assert_eq!(io.sockets_count(), 1);
    });
}

#[test]
fn a_server_that_has_stopped_refuses_everyone_until_another_takes_its_place() {
    run(async {
        let io = SocketIo::new();
        let reasons = reasons(&io);
        let mut app = tide::new();
        io.attach(&mut app);
        let edge = Edge::new("127.0.0.1:0");
        let stopper = edge.stopper();
        let mut listener = app.bind(edge).await.unwrap();
        let address = listener.info()[0].connection().trim_start_matches("http://").to_owned();
        let serving = async_std::task::spawn(async move { listener.accept().await });
        let (mut ws, _) = Ws::connect(address.parse().unwrap()).await;
        io.close();
        stopper.stop();
        assert_eq!(ws.closed().await, Some((1001, "server shutting down".to_owned())));
        assert_eq!(reasons.recv().await.unwrap(), "server shutting down");
        drop(ws);
        serving.await.unwrap();
        for _ in 0..3 {
            assert!(async_std::net::TcpStream::connect(&address).await.is_err());
        }
        let mut app = tide::new();
        echo().attach(&mut app);
        let mut listener = app.bind(Edge::new(address.clone())).await.unwrap();
        async_std::task::spawn(async move { listener.accept().await });
        let (mut ws, _) = Ws::connect(address.parse().unwrap()).await;
        ws.send(r#"42["back",1]"#).await;
        assert_eq!(ws.text().await, r#"42["back",1]"#);
    });
}

#[test]
#[should_panic(expected = "\"connect_error\" is a reserved event name")]
fn a_reserved_name_cannot_be_emitted() {
    let io = SocketIo::new();
    run(async {
        let (_ws, socket) = one(&io).await;
        socket.emit("connect_error", ());
    });
}

#[test]
fn an_attachment_after_the_disconnect_is_ignored() {
    run(async {
        let io = SocketIo::new();
        let (sender, events) = unbounded();
        io.on_connection(move |socket| {
            let sender = sender.clone();
            socket.on("binary", move |_, _: Args| {
                let _ = sender.try_send(());
                async {}
            });
            async {}
        });
        let (mut ws, socket) = one(&io).await;
        ws.send(r#"451-["binary",{"_placeholder":true,"num":0}]"#).await;
        ws.taken().await;
        socket.disconnect();
        assert_eq!(ws.text().await, "41");
        ws.send_binary(&[1, 2, 3]).await;
        assert_eq!(ws.closed().await, Some((1000, "forced close".to_owned())));
        assert!(events.is_empty());
    });
}

#[test]
fn rooms_joined_before_a_refusal_or_after_the_end_are_nobodys() {
    run(async {
        let io = SocketIo::new();
        let refused = Arc::new(Mutex::new(None));
        let seen = refused.clone();
        let closed = io.of("/closed");
        closed.use_(move |socket| {
            socket.join("room");
            *seen.lock().unwrap() = Some(socket);
            async { Err("no".into()) }
        });
        let (mut ws, socket) = one(&io).await;
        ws.send("40/closed,").await;
        assert_eq!(ws.text().await, r#"44/closed,{"message":"no"}"#);
        assert!(closed.rooms().is_empty());
        socket.disconnect();
        socket.join("room");
        assert!(io.rooms().is_empty());
        assert!(socket.rooms().is_empty());
    });
}
