//! What the server does to many sockets at once.

use crate::support::*;
use std::collections::BTreeSet;
use tide_socketio::{Socket, SocketIo};

/// Three clients; the first two are in the room "red".
async fn three(io: &SocketIo) -> Vec<(Ws, Socket)> {
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
    all
}

fn ids(sockets: Vec<Socket>) -> BTreeSet<String> {
    sockets.iter().map(|socket| socket.id().to_owned()).collect()
}

#[test]
fn sockets_are_fetched_all_or_by_room() {
    run(async {
        let io = SocketIo::new();
        let all = three(&io).await;
        let expected = |range: std::ops::Range<usize>| {
            ids(all[range].iter().map(|(_, socket)| socket.clone()).collect())
        };
        assert_eq!(ids(io.fetch_sockets()), expected(0..3));
        assert_eq!(ids(io.in_("red").fetch_sockets()), expected(0..2));
        assert_eq!(ids(io.except("red").fetch_sockets()), expected(2..3));
    });
}

#[test]
fn sockets_join_and_leave_all_or_by_room_and_at_once() {
    run(async {
        let io = SocketIo::new();
        let all = three(&io).await;
        io.sockets_join("blue");
        assert_eq!(io.in_("blue").fetch_sockets().len(), 3);
        io.in_("red").sockets_join("green");
        assert_eq!(io.in_("green").fetch_sockets().len(), 2);
        io.in_("red").sockets_leave("blue");
        assert_eq!(io.in_("blue").fetch_sockets(), [all[2].1.clone()]);
        io.sockets_leave("green");
        assert!(io.in_("green").fetch_sockets().is_empty());
    });
}

#[test]
fn sockets_are_disconnected_all_or_by_room() {
    run(async {
        let io = SocketIo::new();
        let mut all = three(&io).await;
        io.in_("red").disconnect_sockets(true);
        for (ws, _) in &mut all[..2] {
            assert_eq!(ws.text().await, "41");
            assert_eq!(ws.closed().await.map(|(code, _)| code), Some(1000));
        }
        all[2].0.silent().await;
        io.disconnect_sockets(true);
        assert_eq!(all[2].0.text().await, "41");
        assert_eq!(io.sockets_count(), 0);
    });
}
