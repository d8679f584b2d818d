//! Namespaces made by a pattern.

use crate::support::*;
use async_std::channel::unbounded;
use std::sync::{Arc, OnceLock};
use tide_socketio::{Args, ConnectError, DynamicNamespace, Namespace, Options, SocketIo};

fn cleaning(cleanup_empty_child_namespaces: bool) -> SocketIo {
    SocketIo::with(Options { cleanup_empty_child_namespaces, ..Options::default() })
}

fn names(parent: &DynamicNamespace) -> Vec<String> {
    let mut names: Vec<_> = parent.children().iter().map(|child| child.name().to_owned()).collect();
    names.sort();
    names
}

/// Returns when the server has dealt with all that was sent before.
async fn settled(ws: &mut Ws) {
    ws.send("40/settled,").await;
    assert_eq!(ws.text().await, r#"44/settled,{"message":"Invalid namespace"}"#);
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
            socket.on("message", async |socket, args: Args| socket.emit("message", args));
        });
        let address = serve(&io).await;
        let (mut a, mut b) = (Ws::open(address).await, Ws::open(address).await);
        a.enter("/dynamic-101", "").await;
        b.enter("/dynamic-102", "").await;
        assert_eq!(names(&parent), ["/dynamic-101", "/dynamic-102"]);
        a.send(r#"42/dynamic-101,["message",1,"2",{"3":"4"}]"#).await;
        assert_eq!(a.text().await, r#"42/dynamic-101,["message",1,"2",{"3":"4"}]"#);
        parent.emit("all", (4, "5", [6]));
        assert_eq!(a.text().await, r#"42/dynamic-101,["all",4,"5",[6]]"#);
        assert_eq!(b.text().await, r#"42/dynamic-102,["all",4,"5",[6]]"#);
    });
}

#[test]
fn a_pattern_reaches_the_rooms_of_its_namespaces() {
    run(async {
        let io = SocketIo::new();
        let parent = io.of_dynamic(|name, _| name.starts_with("/dynamic-"));
        parent.on_connection(async |socket| {
            if socket.auth()["joins"] == true {
                socket.join("some-room");
            }
        });
        let address = serve(&io).await;
        let mut ws = Ws::open(address).await;
        for name in ["/dynamic-101", "/dynamic-102"] {
            ws.enter(name, r#"{"joins":true}"#).await;
        }
        ws.enter("/dynamic-103", "").await;
        parent.to("some-room").emit("room", ());
        parent.to("other-room").emit("room", ());
        parent.emit("end", ());
        let mut got = Vec::new();
        for _ in 0..5 {
            got.push(ws.text().await);
        }
        got.sort();
        assert_eq!(
            got,
            [
                r#"42/dynamic-101,["end"]"#,
                r#"42/dynamic-101,["room"]"#,
                r#"42/dynamic-102,["end"]"#,
                r#"42/dynamic-102,["room"]"#,
                r#"42/dynamic-103,["end"]"#,
            ]
        );
    });
}

#[test]
fn a_function_is_asked_with_the_name_and_the_auth() {
    run(async {
        let io = SocketIo::new();
        let (sender, asked) = unbounded();
        io.of_dynamic(move |name, auth| {
            let _ = sender.try_send((name.to_owned(), auth.to_string()));
            auth["token"] == "123"
        });
        let address = serve(&io).await;
        let mut ws = Ws::open(address).await;
        ws.send("40/secret,").await;
        assert_eq!(ws.text().await, r#"44/secret,{"message":"Invalid namespace"}"#);
        ws.enter("/secret", r#"{"token":"123"}"#).await;
        assert_eq!(asked.recv().await, Ok(("/secret".to_owned(), "{}".to_owned())));
        assert_eq!(asked.recv().await, Ok(("/secret".to_owned(), r#"{"token":"123"}"#.to_owned())));
        // The main namespace is nobody's child, and what is there already is not asked about.
        ws.enter("/", "").await;
        Ws::open(address).await.enter("/secret", "").await;
        assert!(asked.is_empty());
    });
}

#[test]
fn a_namespace_that_no_pattern_matches_is_unknown() {
    run(async {
        let io = SocketIo::new();
        let parents =
            ["/a-", "/b-"].map(|start| io.of_dynamic(move |name, _| name.starts_with(start)));
        let mut ws = Ws::open(serve(&io).await).await;
        ws.send("40/c-1,").await;
        assert_eq!(ws.text().await, r#"44/c-1,{"message":"Invalid namespace"}"#);
        ws.enter("/b-1", "").await;
        assert_eq!(parents.each_ref().map(names), [vec![], vec!["/b-1".to_owned()]]);
    });
}

#[test]
fn many_who_ask_for_one_namespace_while_it_is_made_share_it() {
    run(async {
        let io = SocketIo::new();
        // The pattern is asked outside every lock: whoever is asked first is overtaken by another here.
        let made: Arc<OnceLock<Namespace>> = Arc::default();
        let (server, overtaking) = (io.clone(), made.clone());
        let asked = OnceLock::new();
        let parent = io.of_dynamic(move |name, _| {
            if asked.set(()).is_ok() {
                let _ = overtaking.set(server.of(name));
            }
            name == "/dynamic"
        });
        let address = serve(&io).await;
        let entering = [(); 10].map(|()| {
            async_std::task::spawn(async move {
                let mut ws = Ws::open(address).await;
                ws.enter("/dynamic", "").await;
                ws
            })
        });
        let mut clients = Vec::new();
        for entering in entering {
            clients.push(entering.await);
        }
        assert_eq!(names(&parent), ["/dynamic"]);
        assert_eq!(made.get().unwrap().sockets_count(), 10);
    });
}

#[test]
fn an_empty_child_is_removed_if_asked_for_and_can_be_entered_again() {
    run(async {
        let io = cleaning(true);
        let parent = io.of_dynamic(|name, _| name == "/dynamic-101");
        parent.on_connection(async |socket| socket.emit("welcome", ()));
        let address = serve(&io).await;
        let (mut ws, mut other) = (Ws::open(address).await, Ws::open(address).await);
        for _ in 0..2 {
            for ws in [&mut ws, &mut other] {
                ws.enter("/dynamic-101", "").await;
                assert_eq!(ws.text().await, r#"42/dynamic-101,["welcome"]"#);
            }
            ws.send("41/dynamic-101,").await;
            settled(&mut ws).await;
            assert_eq!(names(&parent), ["/dynamic-101"], "the other is still in");
            other.send("41/dynamic-101,").await;
            settled(&mut other).await;
            assert!(parent.children().is_empty());
        }
        ws.enter("/dynamic-101", "").await;
        ws.drop_tcp();
        eventually("it is removed", || parent.children().is_empty()).await;
    });
}

#[test]
fn an_empty_child_is_kept_unless_asked_for() {
    run(async {
        let io = SocketIo::new();
        let parent = io.of_dynamic(|name, _| name == "/dynamic-101");
        let mut ws = Ws::open(serve(&io).await).await;
        ws.enter("/dynamic-101", "").await;
        ws.send("41/dynamic-101,").await;
        settled(&mut ws).await;
        assert_eq!(names(&parent), ["/dynamic-101"]);
        assert_eq!(parent.children()[0].sockets_count(), 0);
    });
}

/// A pattern whose namespaces refuse those who say they are bad.
fn refusing(io: &SocketIo) -> DynamicNamespace {
    let parent = io.of_dynamic(|name, _| name.starts_with("/dynamic-"));
    parent.use_(async |socket| match socket.auth()["bad"].as_bool() {
        Some(true) => Err(ConnectError::from("refused")),
        _ => Ok(()),
    });
    parent
}

async fn is_refused(ws: &mut Ws) {
    ws.send(r#"40/dynamic-101,{"bad":true}"#).await;
    assert_eq!(ws.text().await, r#"44/dynamic-101,{"message":"refused"}"#);
    settled(ws).await;
}

#[test]
fn a_child_that_refused_is_kept_unless_asked_for() {
    run(async {
        let io = cleaning(false);
        let parent = refusing(&io);
        is_refused(&mut Ws::open(serve(&io).await).await).await;
        assert_eq!(names(&parent), ["/dynamic-101"]);
        assert_eq!(parent.children()[0].sockets_count(), 0);
    });
}

#[test]
fn a_child_that_refused_is_removed_if_asked_for() {
    run(async {
        let io = cleaning(true);
        let parent = refusing(&io);
        is_refused(&mut Ws::open(serve(&io).await).await).await;
        assert!(parent.children().is_empty());
    });
}

#[test]
fn a_child_that_refused_is_kept_while_others_are_in_it() {
    run(async {
        let io = cleaning(true);
        let parent = refusing(&io);
        let address = serve(&io).await;
        let mut other = Ws::open(address).await;
        other.enter("/dynamic-101", "").await;
        is_refused(&mut Ws::open(address).await).await;
        assert_eq!(names(&parent), ["/dynamic-101"]);
        assert_eq!(parent.children()[0].sockets_count(), 1);
    });
}

#[test]
fn a_namespace_made_by_name_is_never_removed() {
    run(async {
        let io = cleaning(true);
        io.of("/chat").on_connection(async |socket| socket.emit("still here", ()));
        let mut ws = Ws::open(serve(&io).await).await;
        for _ in 0..2 {
            ws.enter("/chat", "").await;
            assert_eq!(ws.text().await, r#"42/chat,["still here"]"#);
            ws.send("41/chat,").await;
            settled(&mut ws).await;
        }
    });
}

#[test]
fn a_name_that_matches_joins_the_pattern() {
    run(async {
        let io = SocketIo::new();
        let parent = io.of_dynamic(|name, _| name.starts_with("/dynamic-"));
        parent.on_connection(async |socket| socket.emit("from the pattern", ()));
        let by_name = io.of("/dynamic-101");
        io.of("/chat");
        assert_eq!(names(&parent), ["/dynamic-101"]);
        let mut ws = Ws::open(serve(&io).await).await;
        let id = ws.enter("/dynamic-101", "").await;
        assert_eq!(ws.text().await, r#"42/dynamic-101,["from the pattern"]"#);
        assert!(by_name.socket(&id).is_some());
        parent.emit("to all", ());
        assert_eq!(ws.text().await, r#"42/dynamic-101,["to all"]"#);
    });
}
