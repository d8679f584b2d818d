//! One client and its events.

use crate::support::*;
use serde_json::{Value, json};
use std::convert::Infallible;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tide_socketio::{AckError, Args, Binary, Socket, SocketIo};

/// A server that sends back what it gets.
fn echo() -> SocketIo {
    let io = SocketIo::new();
    io.on_connection(async |socket| {
        socket.on("back", async |socket, args: Args| socket.emit("back", args));
        socket.on("ack", async |_, args: Args| Ok::<_, Infallible>(args));
    });
    io
}

#[test]
fn arguments_arrive_as_they_were_sent() {
    run(async {
        let (mut ws, _) = Ws::connect(serve(&echo()).await).await;
        for args in [r#""a",1,"2",[3]"#, "null", r#""てすと","Я Б Г","Ä ä ß""#, r#"{"b":{"c":[]}}"#]
        {
            ws.send(&format!(r#"42["back",{args}]"#)).await;
            assert_eq!(ws.text().await, format!(r#"42["back",{args}]"#));
        }
    });
}

#[test]
fn send_is_the_event_message() {
    run(async {
        let io = SocketIo::new();
        io.on_connection(async |socket| {
            socket.on("message", async |socket, text: String| socket.emit("message", text));
        });
        let (mut ws, _) = Ws::connect(serve(&io).await).await;
        ws.send(r#"42["message","a"]"#).await;
        assert_eq!(ws.text().await, r#"42["message","a"]"#);
    });
}

#[test]
fn binary_arrives_whole_alone_and_nested() {
    run(async {
        let (mut ws, _) = Ws::connect(serve(&echo()).await).await;
        let big: Vec<u8> = (0..33_000_u32).map(|n| n as u8).collect();
        ws.send(r#"451-["back",{"_placeholder":true,"num":0}]"#).await;
        ws.send_binary(&big).await;
        assert_eq!(ws.text().await, r#"451-["back",{"_placeholder":true,"num":0}]"#);
        assert_eq!(ws.binary().await, big);
        let nested = r#"452-["back",1,"2",[{"_placeholder":true,"num":0},{"b":{"_placeholder":true,"num":1}}]]"#;
        ws.send(nested).await;
        ws.send_binary(&[1, 2]).await;
        ws.send_binary(&[3]).await;
        assert_eq!(ws.text().await, nested);
        assert_eq!((ws.binary().await, ws.binary().await), (vec![1, 2], vec![3]));
    });
}

#[test]
fn large_messages_go_back_and_forth() {
    run(async {
        let (mut ws, _) = Ws::connect(serve(&echo()).await).await;
        let large = json!(vec!["some text with é in it"; 20_000]).to_string();
        ws.send(&format!(r#"42["back",{large}]"#)).await;
        assert_eq!(ws.text().await, format!(r#"42["back",{large}]"#));
        let data = vec![7; 900_000];
        ws.send(r#"451-["back",{"_placeholder":true,"num":0}]"#).await;
        ws.send_binary(&data).await;
        ws.text().await;
        assert_eq!(ws.binary().await, data);
    });
}

#[test]
fn acks_carry_any_arguments() {
    run(async {
        let (mut ws, _) = Ws::connect(serve(&echo()).await).await;
        for args in ["", "1,2", r#"{"a":"b"}"#] {
            let comma = if args.is_empty() { "" } else { "," };
            ws.send(&format!(r#"421["ack"{comma}{args}]"#)).await;
            assert_eq!(ws.text().await, format!("431[{args}]"));
        }
        ws.send(r#"451-7["ack",{"_placeholder":true,"num":0}]"#).await;
        ws.send_binary(&[9]).await;
        assert_eq!(ws.text().await, r#"461-7[{"_placeholder":true,"num":0}]"#);
        assert_eq!(ws.binary().await, [9]);
    });
}

async fn one(io: &SocketIo) -> (Ws, Socket) {
    let (ws, id) = Ws::connect(serve(io).await).await;
    let socket = io.socket(&id).unwrap();
    (ws, socket)
}

#[test]
fn the_server_can_ask_for_acks_too() {
    run(async {
        let io = SocketIo::new();
        let (mut ws, socket) = one(&io).await;
        let asked = async_std::task::spawn(socket.emit_with_ack::<(u64, String)>("hi", (1, 2)));
        assert_eq!(ws.text().await, r#"420["hi",1,2]"#);
        ws.send(r#"430[3,"four"]"#).await;
        assert_eq!(asked.await, Ok((3, "four".to_owned())));
        let data = Binary::from(vec![1, 2]);
        let asked = async_std::task::spawn(socket.emit_with_ack::<Binary>("bin", data));
        assert_eq!(ws.text().await, r#"451-1["bin",{"_placeholder":true,"num":0}]"#);
        assert_eq!(ws.binary().await, [1, 2]);
        ws.send(r#"461-1[{"_placeholder":true,"num":0}]"#).await;
        ws.send_binary(&[3]).await;
        assert_eq!(asked.await, Ok(Binary::from(vec![3])));
        let asked = async_std::task::spawn(socket.emit_with_ack::<()>("hi", ()));
        ws.text().await;
        ws.drop_tcp();
        assert_eq!(asked.await, Err(AckError::Disconnected));
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

/// Emits in one go over polling, where nothing leaves before the poll is answered.
async fn emitted_in_one_go(emit: impl Fn(&Socket) + Send + Sync + 'static) -> Vec<String> {
    let io = SocketIo::new();
    let address = serve(&io).await;
    let (polling, answer) = Polling::connect(address).await;
    let id: Value = serde_json::from_str(&answer[2..]).unwrap();
    let socket = io.socket(id["sid"].as_str().unwrap()).unwrap();
    let poll = async_std::task::spawn({
        let polling = polling.clone();
        async move { polling.poll().await }
    });
    // Volatile events want a poll to be waiting.
    async_std::task::sleep(SILENCE).await;
    emit(&socket);
    let mut got = poll.await;
    socket.emit("end", ());
    while !got.ends_with(r#"42["end"]"#) {
        got.push('\x1e');
        got.push_str(&polling.poll().await);
    }
    let all = got.split('\x1e').map(str::to_owned);
    all.filter(|packet| packet != r#"42["end"]"#).collect()
}

#[test]
fn volatile_events_go_at_once_or_not_at_all() {
    run(async {
        let got = emitted_in_one_go(|socket| socket.volatile().emit("v", 1)).await;
        assert_eq!(got, [r#"42["v",1]"#]);
        // The queue of one session is looked at under one lock, so these hold wherever it is not written
        // between two of them; a poll that is being answered is not writable.
        let got = emitted_in_one_go(|socket| {
            socket.emit("r", 1);
            socket.volatile().emit("v", 2);
        })
        .await;
        assert_eq!(got, [r#"42["r",1]"#]);
        let got = emitted_in_one_go(|socket| {
            socket.volatile().emit("v", 1);
            socket.volatile().emit("v", Binary::from(vec![2]));
        })
        .await;
        assert_eq!(got, [r#"42["v",1]"#]);
        let got = emitted_in_one_go(|socket| {
            socket.emit("r", 1);
            socket.volatile().emit("v", 2);
            socket.emit("r", 3);
        })
        .await;
        assert_eq!(got, [r#"42["r",1]"#, r#"42["r",3]"#]);
    });
}

#[test]
fn a_volatile_event_goes_over_an_idle_websocket() {
    run(async {
        let io = SocketIo::new();
        let (mut ws, socket) = one(&io).await;
        async_std::task::sleep(SILENCE).await;
        socket.volatile().emit("v", Binary::from(vec![1]));
        assert_eq!(ws.text().await, r#"451-["v",{"_placeholder":true,"num":0}]"#);
        assert_eq!(ws.binary().await, [1]);
        async_std::task::sleep(SILENCE).await;
        io.volatile().emit("all", 1);
        assert_eq!(ws.text().await, r#"42["all",1]"#);
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
        assert_eq!(socket.request().query("key1"), Some("1"));
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

/// What the server says the disconnect was for, after the client sent `frames`.
async fn disconnected_by(frames: &[&str]) -> String {
    let io = SocketIo::new();
    let reason = Arc::new(Mutex::new(None));
    let seen = reason.clone();
    io.on_connection(move |socket| {
        let seen = seen.clone();
        async move {
            socket.on("disconnect", move |_, reason: String| {
                *seen.lock().unwrap() = Some(reason);
                async {}
            });
        }
    });
    let (mut ws, _) = Ws::connect(serve(&io).await).await;
    for frame in frames {
        ws.send(frame).await;
    }
    eventually("it is disconnected", || reason.lock().unwrap().is_some()).await;
    reason.lock().unwrap().take().unwrap()
}

#[test]
fn garbage_ends_the_connection_and_the_server_lives() {
    run(async {
        for garbage in ["4garbage", "45woooot", "45", r#"44["handle me please"]"#, r#"42["a"#] {
            assert_eq!(disconnected_by(&[garbage]).await, "forced close", "{garbage}");
        }
        assert_eq!(disconnected_by(&["x"]).await, "parse error");
        assert_eq!(disconnected_by(&["2"]).await, "transport error");
        assert_eq!(disconnected_by(&["1"]).await, "transport close");
        assert_eq!(disconnected_by(&["41"]).await, "client namespace disconnect");
    });
}

#[test]
fn a_server_that_stops_and_one_that_starts_in_its_place() {
    run(async {
        let io = SocketIo::new();
        let mut app = tide::new();
        io.attach(&mut app);
        let edge = tide_socketio::Edge::new("127.0.0.1:0");
        let stopper = edge.stopper();
        let mut listener = app.bind(edge).await.unwrap();
        use tide::listener::Listener as _;
        let address = listener.info()[0].connection().trim_start_matches("http://").to_owned();
        let serving = async_std::task::spawn(async move { listener.accept().await });
        let (mut ws, _) = Ws::connect(address.parse().unwrap()).await;
        io.close();
        stopper.stop();
        assert!(ws.closed().await.is_some());
        drop(ws);
        serving.await.unwrap();
        let again = echo();
        let mut app = tide::new();
        again.attach(&mut app);
        async_std::task::spawn(app.listen(tide_socketio::Edge::new(address.clone())));
        eventually("it listens again", || std::net::TcpStream::connect(&address).is_ok()).await;
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
        let events = Arc::new(AtomicUsize::new(0));
        let count = events.clone();
        io.on_connection(move |socket| {
            let count = count.clone();
            async move {
                socket.on("binary", move |_, _: Args| {
                    count.fetch_add(1, Ordering::SeqCst);
                    async {}
                });
            }
        });
        let (mut ws, socket) = one(&io).await;
        ws.send(r#"451-["binary",{"_placeholder":true,"num":0}]"#).await;
        ws.send("3").await;
        async_std::task::sleep(SILENCE).await;
        socket.disconnect();
        assert_eq!(ws.text().await, "41");
        ws.send_binary(&[1, 2, 3]).await;
        assert!(ws.closed().await.is_some());
        assert_eq!(events.load(Ordering::SeqCst), 0);
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

#[test]
fn whoever_listens_to_any_event_hears_them_all_until_told_off() {
    run(async {
        let io = SocketIo::new();
        io.on_connection(async |socket| {
            socket.on_any(async |socket, event| socket.emit("any", (event.name, event.args)));
            socket.on("known", async |socket, ()| socket.emit("listener", ()));
            socket.on("off", async |socket, ()| socket.off_any());
        });
        let (mut ws, _) = Ws::connect(serve(&io).await).await;
        ws.send(r#"42["known",1]"#).await;
        assert_eq!(ws.text().await, r#"42["any","known",[1]]"#);
        assert_eq!(ws.text().await, r#"42["listener"]"#);
        ws.send(r#"42["off"]"#).await;
        assert_eq!(ws.text().await, r#"42["any","off",[]]"#);
        ws.send(r#"42["known",1]"#).await;
        assert_eq!(ws.text().await, r#"42["listener"]"#);
    });
}

#[test]
fn whoever_watches_what_is_sent_sees_events_and_broadcasts_until_told_off() {
    run(async {
        let io = SocketIo::new();
        let (_ws, socket) = one(&io).await;
        let seen = Arc::new(Mutex::new(Vec::new()));
        let all = seen.clone();
        socket.on_any_outgoing(move |event| {
            let bytes = event.args.read::<Option<Binary>>().ok().flatten();
            all.lock().unwrap().push((event.name.clone(), bytes));
        });
        socket.emit("own", 1);
        io.emit("all", ());
        io.emit("bytes", Binary::from(vec![1]));
        socket.broadcast().emit("others", ());
        socket.off_any_outgoing();
        socket.emit("unseen", ());
        let seen: Vec<_> = std::mem::take(&mut *seen.lock().unwrap());
        let names: Vec<_> = seen.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["own", "all", "bytes"]);
        assert_eq!(seen[2].1, Some(Binary::from(vec![1])));
    });
}
