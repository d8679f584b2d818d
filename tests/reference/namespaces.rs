//! Namespaces, made by name or by a pattern.

use crate::support::*;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tide_socketio::{ConnectError, Options, SocketIo};

#[test]
fn the_server_is_its_main_namespace() {
    run(async {
        let io = SocketIo::new();
        assert_eq!(io.name(), "/");
        let (mut ws, id) = Ws::connect(serve(&io).await).await;
        assert_eq!(io.of("/").socket(&id).unwrap().id(), id);
        io.to("nobody").in_("nobody").emit("x", ());
        io.except("nobody").local().volatile().emit("x", ());
        assert_eq!(ws.text().await, r#"42["x"]"#);
        ws.silent().await;
    });
}

#[test]
fn a_client_enters_and_the_handlers_get_its_socket() {
    run(async {
        let io = SocketIo::new();
        let count = Arc::new(AtomicUsize::new(0));
        // Several handlers, and handles on one namespace by several spellings.
        for name in ["abc", "/abc"] {
            let count = count.clone();
            io.of(name).on_connection(move |socket| {
                assert_eq!(socket.nsp().name(), "/abc");
                count.fetch_add(1, Ordering::SeqCst);
                async {}
            });
        }
        assert_eq!(io.of("").name(), "/");
        let address = serve(&io).await;
        let mut ws = Ws::open(address).await;
        ws.enter("/abc", "").await;
        eventually("both ran", || count.load(Ordering::SeqCst) == 2).await;
        Ws::open(address).await.enter("/abc", "").await;
        eventually("for each client", || count.load(Ordering::SeqCst) == 4).await;
    });
}

#[test]
fn two_namespaces_share_a_connection() {
    run(async {
        let io = SocketIo::new();
        for name in ["/chat", "/news"] {
            io.of(name).on_connection(async |socket| socket.emit("in", socket.nsp().name()));
        }
        let mut ws = Ws::open(serve(&io).await).await;
        let chat = ws.enter("/chat", "").await;
        assert_eq!(ws.text().await, r#"42/chat,["in","/chat"]"#);
        let news = ws.enter("/news", "").await;
        assert_eq!(ws.text().await, r#"42/news,["in","/news"]"#);
        assert_ne!(chat, news);
        assert_eq!(io.engine().clients_count(), 1);
        let one = io.of("/chat").socket(&chat).unwrap();
        let two = io.of("/news").socket(&news).unwrap();
        assert!(Arc::ptr_eq(one.conn(), two.conn()));
        one.disconnect_transport();
        let both: BTreeSet<String> = [ws.text().await, ws.text().await].into();
        assert_eq!(both, ["41/chat,".to_owned(), "41/news,".to_owned()].into());
        assert!(ws.closed().await.is_some());
        assert!(!two.connected());
    });
}

#[test]
fn disconnecting_still_sees_the_rooms_and_disconnect_no_more() {
    run(async {
        let io = SocketIo::new();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let all = seen.clone();
        io.on_connection(move |socket| {
            let all = all.clone();
            async move {
                socket.join("a");
                for event in ["disconnecting", "disconnect"] {
                    let all = all.clone();
                    socket.on(event, move |socket, reason: String| {
                        all.lock().unwrap().push((event, reason, socket.rooms()));
                        async {}
                    });
                }
            }
        });
        let (ws, id) = Ws::connect(serve(&io).await).await;
        ws.drop_tcp();
        eventually("both came", || seen.lock().unwrap().len() == 2).await;
        let reason = || "transport close".to_owned();
        let expected = [
            ("disconnecting", reason(), vec![id, "a".to_owned()]),
            ("disconnect", reason(), vec![]),
        ];
        assert_eq!(*seen.lock().unwrap(), expected);
    });
}

#[test]
fn an_unknown_namespace_is_refused_and_the_connection_stays() {
    run(async {
        let io = SocketIo::new();
        io.of_dynamic(|name, _| name.starts_with("/dynamic-"));
        let mut ws = Ws::open(serve(&io).await).await;
        ws.send("40/doesnotexist,").await;
        assert_eq!(ws.text().await, r#"44/doesnotexist,{"message":"Invalid namespace"}"#);
        ws.enter("/", "").await;
    });
}

#[test]
fn the_sockets_of_a_namespace_or_of_its_rooms_are_known() {
    run(async {
        let io = SocketIo::new();
        let chat = io.of("/chat");
        let address = serve(&io).await;
        let mut all = Vec::new();
        for index in 0..3 {
            let mut ws = Ws::open(address).await;
            let id = ws.enter("/chat", "").await;
            let socket = chat.socket(&id).unwrap();
            if index < 2 {
                socket.join(["foo", "bar"][index]);
            }
            all.push((ws, id));
        }
        Ws::connect(address).await;
        let ids = |sockets: Vec<tide_socketio::Socket>| -> BTreeSet<String> {
            sockets.iter().map(|socket| socket.id().to_owned()).collect()
        };
        let expected = |range: std::ops::Range<usize>| -> BTreeSet<String> {
            let of: &[(Ws, String)] = &all[range];
            of.iter().map(|(_, id)| id.clone()).collect()
        };
        assert_eq!(ids(chat.fetch_sockets()), expected(0..3));
        assert_eq!(ids(chat.in_("foo").fetch_sockets()), expected(0..1));
        assert_eq!(ids(chat.in_("foo").in_("bar").fetch_sockets()), expected(0..2));
        assert!(io.in_("foo").fetch_sockets().is_empty(), "rooms belong to their namespace");
    });
}

#[test]
fn a_volatile_event_is_dropped_behind_another_and_delivered_when_idle() {
    run(async {
        let io = SocketIo::new();
        let chat = io.of("/chat");
        let mut ws = Ws::open(serve(&io).await).await;
        ws.enter("/chat", "").await;
        eventually("idle", || chat.sockets_count() == 1).await;
        // The task that writes has no chance to run between these two.
        let chat_twice = chat.clone();
        chat_twice.emit("ev", "regular");
        chat_twice.volatile().emit("ev", "volatile");
        assert_eq!(ws.text().await, r#"42/chat,["ev","regular"]"#);
        async_std::task::sleep(Duration::from_millis(50)).await;
        chat.volatile().emit("ev", "idle");
        let mut next = ws.text().await;
        if next.contains("volatile") {
            // Another thread wrote the first in no time: then the second could go at once.
            next = ws.text().await;
        }
        assert_eq!(next, r#"42/chat,["ev","idle"]"#);
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
        let mut ws = Ws::open(serve(&SocketIo::with(options)).await).await;
        assert!(ws.closed().await.is_some());
    });
}

#[test]
fn ids_and_rooms_can_be_left_out_in_any_namespace() {
    run(async {
        let io = SocketIo::new();
        let address = serve(&io).await;
        for name in ["/", "/custom"] {
            let nsp = io.of(name);
            let (mut a, mut b) = (Ws::open(address).await, Ws::open(address).await);
            let (one, two) = (a.enter(name, "").await, b.enter(name, "").await);
            nsp.socket(&two).unwrap().join("room1");
            nsp.except(one).emit("id", ());
            nsp.except("room1").emit("room", ());
            assert!(b.text().await.ends_with(r#"["id"]"#));
            assert!(a.text().await.ends_with(r#"["room"]"#));
            a.silent().await;
            b.silent().await;
            a.drop_tcp();
            b.drop_tcp();
        }
    });
}

#[test]
fn a_pattern_makes_namespaces_with_its_handlers_and_reaches_them_all() {
    run(async {
        let io = SocketIo::new();
        let parent = io.of_dynamic(|name, _| name.starts_with("/dynamic-"));
        parent.use_(async |socket| {
            socket.data().set("asked");
            Ok(())
        });
        parent.on_connection(async |socket| {
            assert_eq!(*socket.data().get::<&str>().unwrap(), "asked");
            socket.join("some-room");
            socket.on("message", async |socket, args: tide_socketio::Args| {
                socket.emit("message", args);
            });
        });
        let mut ws = Ws::open(serve(&io).await).await;
        ws.enter("/dynamic-101", "").await;
        ws.send(r#"42/dynamic-101,["message",1,"2",{"3":"4"}]"#).await;
        assert_eq!(ws.text().await, r#"42/dynamic-101,["message",1,"2",{"3":"4"}]"#);
        parent.emit("message", (1, "2"));
        assert_eq!(ws.text().await, r#"42/dynamic-101,["message",1,"2"]"#);
        parent.to("some-room").emit("room", ());
        assert_eq!(ws.text().await, r#"42/dynamic-101,["room"]"#);
        parent.to("other-room").emit("room", ());
        ws.silent().await;
    });
}

#[test]
fn a_pattern_may_look_at_the_auth() {
    run(async {
        let io = SocketIo::new();
        io.of_dynamic(|name, auth| name == "/secret" && auth["token"] == "123");
        let mut ws = Ws::open(serve(&io).await).await;
        ws.send("40/secret,").await;
        assert_eq!(ws.text().await, r#"44/secret,{"message":"Invalid namespace"}"#);
        ws.enter("/secret", r#"{"token":"123"}"#).await;
    });
}

#[test]
fn many_who_ask_for_one_dynamic_namespace_at_once_share_it() {
    run(async {
        let io = SocketIo::new();
        let parent = io.of_dynamic(|name, _| name == "/dynamic");
        let address = serve(&io).await;
        let entering: Vec<_> = (0..10)
            .map(|_| {
                async_std::task::spawn(async move {
                    let mut ws = Ws::open(address).await;
                    ws.enter("/dynamic", "").await;
                    ws
                })
            })
            .collect();
        let mut all = Vec::new();
        for one in entering {
            all.push(one.await);
        }
        assert_eq!(parent.children().len(), 1);
        assert_eq!(parent.children()[0].sockets_count(), 10);
    });
}

#[test]
fn an_empty_child_is_removed_if_asked_for_and_can_be_entered_again() {
    run(async {
        for cleans in [true, false] {
            let io = SocketIo::with(Options {
                cleanup_empty_child_namespaces: cleans,
                ..Options::default()
            });
            let parent = io.of_dynamic(|name, _| name == "/dynamic-101");
            let mut ws = Ws::open(serve(&io).await).await;
            ws.enter("/dynamic-101", "").await;
            assert_eq!(parent.children().len(), 1);
            ws.send("41/dynamic-101,").await;
            eventually("it has left", || {
                parent.children().iter().all(|child| child.sockets_count() == 0)
            })
            .await;
            eventually("as asked", || parent.children().is_empty() == cleans).await;
            ws.enter("/dynamic-101", "").await;
        }
    });
}

#[test]
fn a_child_that_refused_is_removed_only_if_asked_for_and_empty() {
    run(async {
        for cleanup_empty_child_namespaces in [true, false] {
            let io =
                SocketIo::with(Options { cleanup_empty_child_namespaces, ..Options::default() });
            let parent = io.of_dynamic(|name, _| name.starts_with("/dynamic-"));
            parent.use_(async |socket| match socket.auth()["bad"].as_bool() {
                Some(true) => Err(ConnectError::from("refused")),
                _ => Ok(()),
            });
            let address = serve(&io).await;
            let mut ws = Ws::open(address).await;
            ws.send(r#"40/dynamic-101,{"bad":true}"#).await;
            assert_eq!(ws.text().await, r#"44/dynamic-101,{"message":"refused"}"#);
            let kept = usize::from(!cleanup_empty_child_namespaces);
            eventually("as asked", || parent.children().len() == kept).await;
            let mut other = Ws::open(address).await;
            other.enter("/dynamic-101", "").await;
            ws.send(r#"40/dynamic-101,{"bad":true}"#).await;
            assert_eq!(ws.text().await, r#"44/dynamic-101,{"message":"refused"}"#);
            assert_eq!(parent.children()[0].sockets_count(), 1, "kept for the other");
        }
    });
}

#[test]
fn a_namespace_made_by_name_stays_and_one_that_matches_joins_the_pattern() {
    run(async {
        let options = Options { cleanup_empty_child_namespaces: true, ..Options::default() };
        let io = SocketIo::with(options);
        let parent = io.of_dynamic(|name, _| name.starts_with("/dynamic-"));
        parent.on_connection(async |socket| socket.emit("from the pattern", ()));
        io.of("/dynamic-101");
        assert_eq!(parent.children().len(), 1);
        io.of("/chat").on_connection(async |socket| socket.emit("still here", ()));
        let mut ws = Ws::open(serve(&io).await).await;
        ws.enter("/dynamic-101", "").await;
        assert_eq!(ws.text().await, r#"42/dynamic-101,["from the pattern"]"#);
        for _ in 0..2 {
            ws.enter("/chat", "").await;
            assert_eq!(ws.text().await, r#"42/chat,["still here"]"#);
            ws.send("41/chat,").await;
            eventually("left", || io.of("/chat").sockets_count() == 0).await;
        }
    });
}
