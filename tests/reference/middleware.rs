//! What stands before a namespace, and before the listeners of a socket.

use crate::support::*;
use async_std::channel::{bounded, unbounded};
use async_std::task::sleep;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tide_socketio::{Args, ConnectError, SocketIo};

#[test]
fn all_are_asked_in_their_order_however_long_they_take() {
    run(async {
        let io = SocketIo::new();
        let order = Arc::new(Mutex::new(Vec::new()));
        let chat = io.of("/chat");
        for (name, delay) in [("first", 60), ("second", 10), ("third", 30)] {
            let order = order.clone();
            chat.use_(move |socket| {
                let order = order.clone();
                async move {
                    assert!(!socket.connected());
                    assert_eq!(socket.nsp().sockets_count(), 0, "not in the table yet");
                    sleep(Duration::from_millis(delay)).await;
                    order.lock().unwrap().push(name);
                    socket.data().set(name);
                    Ok(())
                }
            });
        }
        io.use_(async |_| Err("not asked".into()));
        chat.on_connection(async |socket| {
            assert!(socket.connected());
            assert_eq!(socket.nsp().sockets_count(), 1);
            let last = *socket.data().get::<&str>().unwrap();
            socket.emit("last", last);
        });
        let mut ws = Ws::open(serve(&io).await).await;
        ws.enter("/chat", "").await;
        assert_eq!(ws.text().await, r#"42/chat,["last","third"]"#);
        assert_eq!(*order.lock().unwrap(), ["first", "second", "third"]);
    });
}

#[test]
fn an_error_is_told_with_its_data_and_ends_the_row() {
    run(async {
        let io = SocketIo::new();
        let asked = Arc::new(AtomicUsize::new(0));
        io.use_(async |socket| match socket.auth()["with"].as_str() {
            Some("data") => Err(ConnectError::new("nope", serde_json::json!({ "a": "b", "c": 3 }))),
            _ => Err(ConnectError::from("nope")),
        });
        let count = asked.clone();
        io.use_(move |_| {
            count.fetch_add(1, Ordering::SeqCst);
            async { Ok(()) }
        });
        let mut ws = Ws::open(serve(&io).await).await;
        ws.send("40").await;
        assert_eq!(ws.text().await, r#"44{"message":"nope"}"#);
        ws.send(r#"40{"with":"data"}"#).await;
        assert_eq!(ws.text().await, r#"44{"message":"nope","data":{"a":"b","c":3}}"#);
        assert_eq!(asked.load(Ordering::SeqCst), 0);
        assert_eq!(io.sockets_count(), 0);
    });
}

#[test]
fn a_slow_one_delays_the_connect_of_its_namespace_only() {
    run(async {
        let (open, gate) = bounded::<()>(1);
        let io = SocketIo::new();
        io.of("/slow").use_(move |_| {
            let gate = gate.clone();
            async move {
                let _ = gate.recv().await;
                Ok(())
            }
        });
        let mut ws = Ws::open(serve(&io).await).await;
        ws.send("40/slow,").await;
        ws.enter("/", "").await;
        ws.silent().await;
        assert_eq!(io.of("/slow").sockets_count(), 0);
        open.send(()).await.unwrap();
        assert!(ws.text().await.starts_with("40/slow,{"));
        assert_eq!(io.of("/slow").sockets_count(), 1);
    });
}

#[test]
fn a_client_that_goes_meanwhile_is_never_connected() {
    run(async {
        let (open, gate) = bounded::<()>(1);
        let (sender, seen) = unbounded();
        let note = move |what: &'static str| {
            let sender = sender.clone();
            move || {
                let _ = sender.try_send(what);
            }
        };
        let io = SocketIo::new();
        let (asked, let_in, connected) = (note("asked"), note("let in"), note("connected"));
        io.use_(move |_| {
            asked();
            let (gate, let_in) = (gate.clone(), let_in.clone());
            async move {
                let _ = gate.recv().await;
                let_in();
                Ok(())
            }
        });
        io.on_connection(move |_| {
            connected();
            async {}
        });
        let address = serve(&io).await;
        let mut ws = Ws::open(address).await;
        ws.send("40").await;
        assert_eq!(seen.recv().await, Ok("asked"));
        ws.drop_tcp();
        eventually("the session is gone", || io.engine().clients_count() == 0).await;
        open.send(()).await.unwrap();
        assert_eq!(seen.recv().await, Ok("let in"));
        // Had it been connected, that would have been noted before the next is asked.
        open.send(()).await.unwrap();
        Ws::connect(address).await;
        for next in ["asked", "let in", "connected"] {
            assert_eq!(seen.recv().await, Ok(next));
        }
    });
}

#[test]
fn packets_can_be_seen_changed_and_refused_before_the_listeners() {
    run(async {
        let io = SocketIo::new();
        let errors = Arc::new(Mutex::new(Vec::new()));
        let seen = errors.clone();
        io.on_error(move |_, error| seen.lock().unwrap().push(error.to_owned()));
        io.on_connection(async |socket| {
            socket.use_(async |mut event| {
                if event.name == "join" {
                    event.name = "wrap".to_owned();
                    event.args = Args::of(("join", event.args)).map_err(|e| e.to_string())?;
                }
                Ok(event)
            });
            socket.use_(async |event| match &*event.name {
                "bad" => Err("refused".to_owned()),
                _ => Ok(event),
            });
            socket.use_(async |event| {
                assert_ne!(event.name, "bad", "not asked any more");
                Ok(event)
            });
            socket.on("wrap", async |socket, (name, args): (String, Vec<String>)| {
                socket.emit("seen", (name, args));
            });
            socket.on("bad", async |socket, ()| socket.emit("seen", "never"));
        });
        let (mut ws, _) = Ws::connect(serve(&io).await).await;
        ws.send(r#"42["bad"]"#).await;
        ws.send(r#"42["join","woot"]"#).await;
        assert_eq!(ws.text().await, r#"42["seen","join",["woot"]]"#);
        assert_eq!(*errors.lock().unwrap(), ["refused"]);
        ws.silent().await;
    });
}
