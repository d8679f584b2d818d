//! Events that go at once or not at all.
//!
//! A handler runs where the events of its client are read, and over a WebSocket what it sends is written when
//! it has returned. Over polling an event goes at once if a poll waits. So what is dropped is no matter of luck.

use crate::support::*;
use tide_socketio::{Binary, Socket, SocketIo};

type Emit = fn(&Socket);

/// A server that emits so at "go".
fn emitting(emit: Emit) -> SocketIo {
    let io = SocketIo::new();
    for name in ["/", "/chat"] {
        io.of(name).on_connection(move |socket| {
            socket.on("go", move |socket, ()| {
                emit(&socket);
                async {}
            });
            socket.on("end", async |socket, ()| socket.emit("end", ()));
            async {}
        });
    }
    io
}

/// What comes of it over a WebSocket, binary as a list of bytes.
async fn over_websocket(emit: Emit) -> Vec<String> {
    let (mut ws, _) = Ws::connect(serve(&emitting(emit)).await).await;
    ws.send(r#"42["go"]"#).await;
    ws.taken().await;
    ws.send(r#"42["end"]"#).await;
    let mut got = Vec::new();
    loop {
        match ws.next().await.expect("the connection is open") {
            Message::Text(text) if text == r#"42["end"]"# => return got,
            Message::Text(text) => got.push(text),
            Message::Binary(data) => got.push(format!("{data:?}")),
            other => panic!("expected a message, got {other:?}"),
        }
    }
}

/// What comes of it over polling, while a poll waits.
async fn over_polling(emit: Emit) -> Vec<String> {
    let (address, waiting) = serve_polls(&emitting(emit)).await;
    let (polling, _) = Polling::connect(address).await;
    // The poll that brought the answer to CONNECT may have waited too.
    while waiting.try_recv().is_ok() {}
    let poll = async_std::task::spawn({
        let polling = polling.clone();
        async move { polling.poll().await }
    });
    waiting.recv().await.unwrap();
    polling.post(r#"42["go"]"#).await;
    polling.post(r#"42["end"]"#).await;
    let mut got = poll.await;
    while !got.ends_with(r#"42["end"]"#) {
        got = format!("{got}\x1e{}", polling.poll().await);
    }
    let packets = got.split('\x1e').filter(|packet| *packet != r#"42["end"]"#);
    packets.map(str::to_owned).collect()
}

async fn over_both(emit: Emit, expected: &[&str]) {
    assert_eq!(over_websocket(emit).await, expected, "WebSocket");
    assert_eq!(over_polling(emit).await, expected, "polling");
}

#[test]
fn a_volatile_event_goes_if_it_can_go_at_once() {
    run(async {
        let emit: Emit = |socket| socket.volatile().emit("v", 1);
        over_both(emit, &[r#"42["v",1]"#]).await;
        let (polling, _) = Polling::connect(serve(&emitting(emit)).await).await;
        polling.post(r#"42["go"]"#).await;
        polling.post(r#"42["end"]"#).await;
        assert_eq!(polling.poll().await, r#"42["end"]"#, "no poll waited");
    });
}

#[test]
fn a_volatile_event_behind_another_is_dropped() {
    run(async {
        let emit: Emit = |socket| {
            socket.emit("r", 1);
            socket.volatile().emit("v", 2);
        };
        over_both(emit, &[r#"42["r",1]"#]).await;
    });
}

#[test]
fn of_two_volatile_events_the_second_is_dropped() {
    run(async {
        let emit: Emit = |socket| {
            socket.volatile().emit("v", 1);
            socket.volatile().emit("v", 2);
        };
        over_both(emit, &[r#"42["v",1]"#]).await;
    });
}

#[test]
fn of_two_volatile_binary_events_the_second_is_dropped() {
    run(async {
        let one: Emit = |socket| {
            for n in [1, 2] {
                socket.volatile().emit("v", Binary::from(vec![n]));
            }
        };
        let all: Emit = |socket| {
            for n in [1, 2] {
                socket.nsp().volatile().emit("v", Binary::from(vec![n]));
            }
        };
        for emit in [one, all] {
            let expected = [r#"451-["v",{"_placeholder":true,"num":0}]"#, "[1]"];
            assert_eq!(over_websocket(emit).await, expected);
        }
    });
}

#[test]
fn events_around_a_volatile_one_all_arrive() {
    run(async {
        let emit: Emit = |socket| {
            socket.emit("r", 1);
            socket.volatile().emit("v", 2);
            socket.emit("r", 3);
        };
        over_both(emit, &[r#"42["r",1]"#, r#"42["r",3]"#]).await;
    });
}

#[test]
fn a_volatile_event_to_a_namespace_follows_the_same_rule() {
    run(async {
        let io = emitting(|socket| {
            socket.nsp().emit("ev", "regular");
            socket.nsp().volatile().emit("ev", "volatile");
        });
        let mut ws = Ws::open(serve(&io).await).await;
        ws.enter("/chat", "").await;
        ws.send(r#"42/chat,["go"]"#).await;
        assert_eq!(ws.text().await, r#"42/chat,["ev","regular"]"#);
        io.of("/chat").volatile().emit("ev", "idle");
        assert_eq!(ws.text().await, r#"42/chat,["ev","idle"]"#);
    });
}
