//! What the server does to many sockets at once.

use crate::support::*;
use std::collections::BTreeSet;
use tide_socketio::{Socket, SocketIo};

/// Three clients; the first two are in the room "red".
async fn three(io: &SocketIo) -> [(Ws, Socket); 3] {
    let address = serve(io).await;
    let mut all = Vec::new();
    for index in 0..3 {
        let (ws, id) = Ws::connect(address).await;
        let socket = io.socket(&id).unwrap();
        if index < 2 {
            socket.join("red");
        }
        all.push((ws, socket));
    }
    all.try_into().unwrap_or_else(|_| unreachable!("three were pushed"))
}

fn ids(sockets: &[Socket]) -> BTreeSet<&str> {
    sockets.iter().map(Socket::id).collect()
}

#[test]
fn all_sockets_are_fetched() {
    run(async {
        let io = SocketIo::new();
        let [(_a, one), (_b, two), (_c, three)] = three(&io).await;
        let fetched = io.fetch_sockets();
        assert_eq!(fetched.len(), 3);
        assert_eq!(ids(&fetched), [one.id(), two.id(), three.id()].into());
    });
}

#[test]
fn the_sockets_of_rooms_are_fetched() {
    run(async {
        let io = SocketIo::new();
        let [(_a, one), (_b, two), (_c, three)] = three(&io).await;
        let red = io.in_("red").fetch_sockets();
        assert_eq!(red.len(), 2);
        assert_eq!(ids(&red), [one.id(), two.id()].into());
        assert_eq!(ids(&io.except("red").fetch_sockets()), [three.id()].into());
        assert_eq!(ids(&io.to("red").except(one.id()).fetch_sockets()), [two.id()].into());
        assert_eq!(io.to("red").to(two.id()).fetch_sockets().len(), 2, "each is fetched once");
        assert_eq!(ids(&one.broadcast().fetch_sockets()), [two.id(), three.id()].into());
    });
}

#[test]
fn a_fetched_socket_is_the_one_its_handlers_have() {
    struct Name(&'static str);
    run(async {
        let io = SocketIo::new();
        io.on_connection(async |socket| socket.data().set(Name("kim")));
        let mut ws = Ws::open_at(serve(&io).await, "/socket.io/", "&page=1").await;
        let id = ws.enter("/", r#"{"token":1}"#).await;
        eventually("it was welcomed", || {
            io.socket(&id).is_some_and(|socket| socket.data().get::<Name>().is_some())
        })
        .await;
        let [fetched] = io.fetch_sockets().try_into().unwrap();
        assert_eq!((fetched.id(), fetched.rooms()), (&*id, vec![id.clone()]));
        assert_eq!(fetched.data().get::<Name>().unwrap().0, "kim");
        assert_eq!(fetched.handshake()["query"]["page"], "1");
        assert_eq!(fetched.handshake()["auth"]["token"], 1);
        fetched.emit("hello", ());
        assert_eq!(ws.text().await, r#"42["hello"]"#);
        fetched.join("room");
        assert_eq!(ids(&io.in_("room").fetch_sockets()), [&*id].into());
        fetched.leave("room");
        assert!(io.rooms().is_empty());
        fetched.disconnect();
        assert_eq!(ws.text().await, "41");
    });
}

#[test]
fn all_sockets_join_a_room_at_once() {
    run(async {
        let io = SocketIo::new();
        let all = three(&io).await;
        io.sockets_join("blue");
        assert!(all.iter().all(|(_, socket)| socket.rooms().contains(&"blue".to_owned())));
        assert_eq!(io.in_("blue").fetch_sockets().len(), 3);
    });
}

#[test]
fn the_sockets_of_a_room_join_another() {
    run(async {
        let io = SocketIo::new();
        let [(_a, one), (_b, two), (mut c, _)] = three(&io).await;
        io.in_("red").sockets_join("green");
        assert_eq!(ids(&io.in_("green").fetch_sockets()), [one.id(), two.id()].into());
        io.except("green").emit("not green", ());
        assert_eq!(c.text().await, r#"42["not green"]"#);
    });
}

#[test]
fn all_sockets_leave_a_room() {
    run(async {
        let io = SocketIo::new();
        let [(_a, one), (_b, two), _] = three(&io).await;
        two.join("blue");
        io.sockets_leave("red");
        assert!(io.in_("red").fetch_sockets().is_empty());
        assert_eq!(one.rooms(), [one.id()]);
        assert_eq!(two.rooms(), [two.id(), "blue"]);
        assert_eq!(io.rooms(), ["blue"], "nobody is in the other");
    });
}

#[test]
fn the_sockets_of_a_room_leave_another() {
    run(async {
        let io = SocketIo::new();
        let [(_a, one), (_b, two), (_c, three)] = three(&io).await;
        io.sockets_join("blue");
        io.in_("red").sockets_leave("blue");
        assert_eq!(io.in_("blue").fetch_sockets(), [three]);
        assert_eq!(one.rooms(), [one.id(), "red"]);
        assert_eq!(two.rooms(), [two.id(), "red"]);
    });
}

async fn is_put_out(ws: &mut Ws) {
    assert_eq!(ws.text().await, "41");
    assert_eq!(ws.closed().await, Some((1000, "forced close".to_owned())));
}

#[test]
fn all_sockets_are_disconnected() {
    run(async {
        let io = SocketIo::new();
        let [mut a, mut b, mut c] = three(&io).await;
        io.disconnect_sockets(true);
        assert_eq!(io.sockets_count(), 0);
        for (ws, socket) in [&mut a, &mut b, &mut c] {
            is_put_out(ws).await;
            assert!(!socket.connected());
        }
    });
}

#[test]
fn the_sockets_of_a_room_are_disconnected_and_nobody_else() {
    run(async {
        let io = SocketIo::new();
        let [mut a, mut b, (mut c, spared)] = three(&io).await;
        io.in_("red").disconnect_sockets(true);
        is_put_out(&mut a.0).await;
        is_put_out(&mut b.0).await;
        assert_eq!(io.fetch_sockets(), [spared]);
        io.emit("still here", ());
        assert_eq!(c.text().await, r#"42["still here"]"#);
        // Without their connection they can come back over it.
        io.disconnect_sockets(false);
        assert_eq!(c.text().await, "41");
        c.enter("/", "").await;
        assert_eq!(io.sockets_count(), 1);
    });
}
