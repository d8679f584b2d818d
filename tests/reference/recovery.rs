//! Clients that were away for a moment.

use crate::support::*;
use serde_json::Value;
use tide_socketio::{ConnectError, Options, Recovery, SocketIo};

fn recovering(recovery: Recovery) -> SocketIo {
    SocketIo::with(Options { connection_state_recovery: Some(recovery), ..Options::default() })
}

/// The id, the private id and the offset of a client that is about to drop.
async fn meet(polling: &Polling, io: &SocketIo) -> (String, String, String) {
    polling.post("40").await;
    let answer = polling.poll().await;
    let answer: Value = serde_json::from_str(&answer[2..]).unwrap();
    let (id, pid) = (answer["sid"].as_str().unwrap(), answer["pid"].as_str().unwrap());
    io.emit("hello", ());
    let hello = polling.poll().await;
    let hello: Vec<String> = serde_json::from_str(&hello[2..]).unwrap();
    (id.to_owned(), pid.to_owned(), hello[1].clone())
}

/// Comes back over a new session, and returns what its first poll brings.
async fn return_with(address: std::net::SocketAddr, pid: &str, offset: &str) -> String {
    let polling = Polling::open(address).await;
    polling.post(&format!(r#"40{{"pid":"{pid}","offset":"{offset}"}}"#)).await;
    polling.poll().await
}

#[test]
fn what_was_missed_comes_first_and_then_the_old_ids() {
    struct Name(&'static str);
    run(async {
        let io = recovering(Recovery::default());
        let address = serve(&io).await;
        let polling = Polling::open(address).await;
        let (id, pid, offset) = meet(&polling, &io).await;
        let socket = io.socket(&id).unwrap();
        assert!(!socket.recovered());
        socket.join("room1");
        socket.join("room2");
        socket.data().set(Name("kim"));
        polling.post("1").await;
        io.emit("myEvent", 1);
        io.to("room1").emit("myEvent", 2);
        io.to(id.as_str()).emit("myEvent", 3);
        let answer = return_with(address, &pid, &offset).await;
        let packets: Vec<_> = answer.split('\x1e').collect();
        assert_eq!(packets.len(), 4, "{answer}");
        for (index, packet) in packets[..3].iter().enumerate() {
            assert!(packet.starts_with(&format!(r#"42["myEvent",{},""#, index + 1)), "{packet}");
        }
        let connect: Value = serde_json::from_str(&packets[3][2..]).unwrap();
        assert_eq!(connect, serde_json::json!({ "sid": id, "pid": pid }));
        let socket = io.socket(&id).unwrap();
        assert!(socket.recovered());
        let mut rooms = socket.rooms();
        rooms.sort();
        let mut expected = [id, "room1".to_owned(), "room2".to_owned()];
        expected.sort();
        assert_eq!(rooms, expected);
        assert_eq!(socket.data().get::<Name>().unwrap().0, "kim");
    });
}

async fn middleware_is_asked(skip_middlewares: bool) -> bool {
    let io = recovering(Recovery { skip_middlewares, ..Recovery::default() });
    let address = serve(&io).await;
    let polling = Polling::open(address).await;
    let (id, pid, offset) = meet(&polling, &io).await;
    polling.post("1").await;
    io.use_(async |socket| {
        socket.data().set(true);
        Ok::<(), ConnectError>(())
    });
    return_with(address, &pid, &offset).await;
    let socket = io.socket(&id).unwrap();
    assert!(socket.recovered());
    socket.data().get::<bool>().is_some()
}

#[test]
fn a_recovered_socket_passes_by_the_middleware_unless_told_otherwise() {
    run(async {
        assert!(!middleware_is_asked(true).await);
        assert!(middleware_is_asked(false).await);
    });
}

#[test]
fn an_unknown_session_begins_anew() {
    run(async {
        let io = recovering(Recovery::default());
        let address = serve(&io).await;
        let polling = Polling::open(address).await;
        let (id, pid, offset) = meet(&polling, &io).await;
        polling.post("1").await;
        for (pid, offset) in [("unknown", &*offset), (&pid, "unknown")] {
            let answer = return_with(address, pid, offset).await;
            let answer: Value = serde_json::from_str(&answer[2..]).unwrap();
            assert_ne!(answer["sid"].as_str(), Some(&*id));
            assert_ne!(answer["pid"].as_str(), Some(pid));
            assert!(!io.socket(answer["sid"].as_str().unwrap()).unwrap().recovered());
        }
    });
}

#[test]
fn it_is_off_unless_asked_for() {
    run(async {
        let io = SocketIo::new();
        let address = serve(&io).await;
        let (polling, answer) = Polling::connect(address).await;
        let answer: Value = serde_json::from_str(&answer[2..]).unwrap();
        assert_eq!(answer.as_object().unwrap().keys().collect::<Vec<_>>(), ["sid"]);
        io.emit("hello", 1);
        assert_eq!(polling.poll().await, r#"42["hello",1]"#, "and no offset");
        polling.post("1").await;
        let answer = return_with(address, "any", "1").await;
        assert!(!answer.contains("pid"), "{answer}");
    });
}
