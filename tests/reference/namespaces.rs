//! Namespaces with a name of their own.

use crate::support::*;
use async_std::channel::unbounded;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tide_socketio::{Options, Socket, SocketIo};

#[test]
fn the_server_is_its_main_namespace() {
    run(async {
        let io = SocketIo::new();
        assert_eq!((io.name(), io.of("/").name()), ("/", "/"));
        let (_ws, socket) = one(&io).await;
        assert_eq!(io.of("/").socket(socket.id()), Some(socket.clone()));
        assert_eq!(io.of("/").fetch_sockets(), io.fetch_sockets());
        assert_eq!(socket.nsp().name(), "/");
    });
}

#[test]
fn the_server_has_what_a_namespace_has() {
    run(async {
        let io = SocketIo::new();
        io.use_(async |socket| {
            socket.join("asked");
            Ok(())
        });
        let (mut ws, socket) = one(&io).await;
        io.to("nobody").in_("nobody").emit("x", 0);
        io.except("asked").emit("x", 0);
        io.emit("x", 1);
        io.to("asked").emit("x", 2);
        io.in_("asked").emit("x", 3);
        io.except("nobody").emit("x", 4);
        io.local().emit("x", 5);
        for n in 1..=5 {
            assert_eq!(ws.text().await, format!(r#"42["x",{n}]"#));
        }
        io.volatile().emit("x", 6);
        assert_eq!(ws.text().await, r#"42["x",6]"#);
        let none = io.to("nobody").timeout(PATIENCE).emit_with_ack::<u64>("x", 7).await;
        assert_eq!(none, Ok(Vec::new()));
        let asked = async_std::task::spawn(io.timeout(PATIENCE).emit_with_ack::<u64>("x", 8));
        assert_eq!(ws.text().await, r#"421["x",8]"#);
        ws.send("431[9]").await;
        assert_eq!(asked.await, Ok(vec![9]));
        assert_eq!(io.fetch_sockets(), [socket]);
    });
}

#[test]
fn a_client_enters_the_main_namespace_by_each_of_its_names() {
    run(async {
        let io = SocketIo::new();
        let address = serve(&io).await;
        for connect in ["40", "40/,", "40/"] {
            let mut ws = Ws::open(address).await;
            ws.send(connect).await;
            let answer = ws.text().await;
            let id = answer.strip_prefix(r#"40{"sid":""#).and_then(|id| id.strip_suffix(r#""}"#));
            let id = id.unwrap_or_else(|| panic!("{connect} was answered {answer}"));
            assert_ne!(id, ws.sid);
            assert!(io.socket(id).is_some_and(|socket| socket.connected()));
        }
    });
}

#[test]
fn every_handler_runs_once_for_each_client_in_their_order() {
    run(async {
        let io = SocketIo::new();
        let (sender, seen) = unbounded();
        for handler in ["first", "second"] {
            let sender = sender.clone();
            io.on_connection(move |socket| {
                let _ = sender.try_send((handler, socket));
                async {}
            });
        }
        let address = serve(&io).await;
        for _ in 0..2 {
            let (_ws, id) = Ws::connect(address).await;
            for handler in ["first", "second"] {
                let (ran, socket) = seen.recv().await.unwrap();
                assert_eq!((ran, socket.id()), (handler, &*id));
                assert!(!socket.recovered());
            }
        }
        assert!(seen.is_empty());
    });
}

#[test]
fn one_namespace_has_several_spellings() {
    run(async {
        let io = SocketIo::new();
        let (sender, seen) = unbounded();
        for name in ["", "/", "abc", "/abc"] {
            let sender = sender.clone();
            io.of(name).on_connection(move |socket| {
                let _ = sender.try_send((name, socket.nsp().name().to_owned()));
                async {}
            });
        }
        let mut ws = Ws::open(serve(&io).await).await;
        ws.enter("/", "").await;
        assert_eq!(seen.recv().await, Ok(("", "/".to_owned())));
        assert_eq!(seen.recv().await, Ok(("/", "/".to_owned())));
        ws.enter("/abc", "").await;
        assert_eq!(seen.recv().await, Ok(("abc", "/abc".to_owned())));
        assert_eq!(seen.recv().await, Ok(("/abc", "/abc".to_owned())));
        assert!(seen.is_empty());
    });
}

#[test]
fn two_namespaces_share_a_connection() {
    run(async {
        let io = SocketIo::new();
        let (sender, ended) = unbounded();
        for name in ["/", "/chat", "/news"] {
            let sender = sender.clone();
            io.of(name).on_connection(move |socket| {
                socket.emit("in", socket.nsp().name());
                let sender = sender.clone();
                socket.on("disconnect", move |socket, reason: String| {
                    let _ = sender.try_send(format!("{}: {reason}", socket.nsp().name()));
                    async {}
                });
                async {}
            });
        }
        let mut ws = Ws::open(serve(&io).await).await;
        ws.enter("/", "").await;
        assert_eq!(ws.text().await, r#"42["in","/"]"#);
        let chat = ws.enter("/chat", "").await;
        assert_eq!(ws.text().await, r#"42/chat,["in","/chat"]"#);
        let news = ws.enter("/news", "").await;
        assert_eq!(ws.text().await, r#"42/news,["in","/news"]"#);
        assert_ne!(chat, news);
        assert_eq!(io.engine().clients_count(), 1);
        let chat = io.of("/chat").socket(&chat).unwrap();
        let news = io.of("/news").socket(&news).unwrap();
        assert!(Arc::ptr_eq(chat.conn(), news.conn()));
        chat.disconnect_transport();
        let left: BTreeSet<String> = [ws.text().await, ws.text().await, ws.text().await].into();
        assert_eq!(left, ["41", "41/chat,", "41/news,"].map(str::to_owned).into());
        assert_eq!(ws.closed().await, Some((1000, "forced close".to_owned())));
        let mut reasons = BTreeSet::new();
        for _ in 0..3 {
            reasons.insert(ended.recv().await.unwrap());
        }
        let expected =
            ["/", "/chat", "/news"].map(|name| format!("{name}: server namespace disconnect"));
        assert_eq!(reasons, expected.into());
        assert!(!news.connected());
    });
}

#[test]
fn disconnecting_still_sees_the_rooms_and_disconnect_no_more() {
    run(async {
        let io = SocketIo::new();
        let (sender, seen) = unbounded();
        io.on_connection(move |socket| {
            socket.join("a");
            for event in ["disconnecting", "disconnect"] {
                let sender = sender.clone();
                socket.on(event, move |socket, reason: String| {
                    let _ = sender.try_send((event, reason, socket.rooms()));
                    async {}
                });
            }
            async {}
        });
        let (ws, id) = Ws::connect(serve(&io).await).await;
        ws.drop_tcp();
        let reason = || "transport close".to_owned();
        let rooms = vec![id, "a".to_owned()];
        assert_eq!(seen.recv().await, Ok(("disconnecting", reason(), rooms)));
        assert_eq!(seen.recv().await, Ok(("disconnect", reason(), vec![])));
        assert!(io.rooms().is_empty());
    });
}

#[test]
fn an_unknown_namespace_is_refused_and_the_connection_stays() {
    run(async {
        let mut ws = Ws::open(serve(&SocketIo::new()).await).await;
        for connect in ["40/doesnotexist,", "40/doesnotexist", r#"40/doesnotexist,{"token":1}"#] {
            ws.send(connect).await;
            assert_eq!(ws.text().await, r#"44/doesnotexist,{"message":"Invalid namespace"}"#);
        }
        ws.enter("/", "").await;
    });
}

#[test]
fn two_clients_of_one_namespace_are_two_sockets() {
    run(async {
        let io = SocketIo::new();
        let chat = io.of("/chat");
        let (sender, welcomed) = unbounded();
        chat.on_connection(move |socket| {
            let _ = sender.try_send(socket);
            async {}
        });
        let address = serve(&io).await;
        let (mut a, mut b) = (Ws::open(address).await, Ws::open(address).await);
        let ids = [a.enter("/chat", "").await, b.enter("/chat", "").await];
        let [one, two] = [welcomed.recv().await.unwrap(), welcomed.recv().await.unwrap()];
        assert!(ids == [one.id(), two.id()] && one != two);
        assert!(!Arc::ptr_eq(one.conn(), two.conn()));
        assert_eq!((chat.sockets_count(), io.sockets_count()), (2, 0));
    });
}

fn ids(sockets: Vec<Socket>) -> BTreeSet<String> {
    sockets.iter().map(|socket| socket.id().to_owned()).collect()
}

#[test]
fn the_sockets_of_a_namespace_or_of_its_rooms_are_known() {
    run(async {
        let io = SocketIo::new();
        let chat = io.of("/chat");
        let address = serve(&io).await;
        let mut clients = Vec::new();
        let mut all = Vec::new();
        for room in ["foo", "bar", "baz"] {
            let mut ws = Ws::open(address).await;
            let id = ws.enter("/chat", "").await;
            chat.socket(&id).unwrap().join(room);
            clients.push(ws);
            all.push(id);
        }
        let (_elsewhere, id) = Ws::connect(address).await;
        let socket = io.socket(&id).unwrap();
        socket.join("foo");
        let expected = |range: std::ops::Range<usize>| all[range].iter().cloned().collect();
        assert_eq!(ids(chat.fetch_sockets()), expected(0..3));
        assert_eq!(ids(chat.in_("foo").fetch_sockets()), expected(0..1));
        assert_eq!(ids(chat.in_("foo").in_("bar").fetch_sockets()), expected(0..2));
        assert_eq!(io.in_("foo").fetch_sockets(), [socket], "rooms belong to their namespace");
    });
}

#[test]
#[should_panic(expected = "\"connect\" is a reserved event name")]
fn a_reserved_event_name_cannot_be_emitted() {
    SocketIo::new().emit("connect", ());
}

#[test]
fn a_client_that_enters_nothing_is_closed() {
    run(async {
        let options = Options { connect_timeout: Duration::from_millis(10), ..Options::default() };
        let io = SocketIo::with(options);
        let mut ws = Ws::open(serve(&io).await).await;
        assert_eq!(ws.closed().await, Some((1000, "forced close".to_owned())));
        eventually("no session is left", || io.engine().clients_count() == 0).await;
    });
}

/// What the first and the second client get when `emit` is given the first one's id; the second is in "room1".
async fn both_get(name: &str, emit: impl Fn(&SocketIo, &str), expected: [Option<&str>; 2]) {
    let io = SocketIo::new();
    let nsp = io.of(name);
    let address = serve(&io).await;
    let (mut a, mut b) = (Ws::open(address).await, Ws::open(address).await);
    let (one, two) = (a.enter(name, "").await, b.enter(name, "").await);
    nsp.socket(&two).unwrap().join("room1");
    emit(&io, &one);
    nsp.emit("end", ());
    let prefix = format!("{name},").replace("/,", "");
    for (ws, expected) in [&mut a, &mut b].into_iter().zip(expected) {
        for event in expected.into_iter().chain(["end"]) {
            assert_eq!(ws.text().await, format!(r#"42{prefix}["{event}"]"#));
        }
    }
}

#[test]
fn an_event_to_all_but_one_id_leaves_out_that_socket() {
    run(both_get("/", |io, id| io.except(id).emit("e", ()), [None, Some("e")]));
}

#[test]
fn in_any_namespace_an_id_can_be_left_out() {
    run(both_get("/n", |io, id| io.of("/n").except(id).emit("e", ()), [None, Some("e")]));
}

#[test]
fn an_event_to_all_but_a_room_leaves_out_who_is_in_it() {
    run(both_get("/", |io, _| io.except("room1").emit("e", ()), [Some("e"), None]));
}
