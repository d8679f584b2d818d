//! Clients that were away for a moment.

use crate::support::*;
use serde_json::Value;
use std::net::SocketAddr;
use tide_socketio::{Options, Recovery, SocketIo};

fn recovering(recovery: Recovery) -> SocketIo {
    SocketIo::with(Options { connection_state_recovery: Some(recovery), ..Options::default() })
}

/// A client that has been sent one event: its session, its id and its private id.
struct Client {
    polling: Polling,
    id: String,
    pid: String,
}

/// The offset of the event that every [`Client`] has been sent.
const OFFSET: &str = "1";

impl Client {
    async fn meet(address: SocketAddr, io: &SocketIo) -> Self {
        let (polling, answer) = Polling::connect(address).await;
        let (id, pid) = ids(&answer);
        assert_ne!(id, pid);
        assert!(!io.socket(&id).unwrap().recovered());
        io.emit("hello", ());
        assert_eq!(polling.poll().await, format!(r#"42["hello","{OFFSET}"]"#));
        Self { polling, id, pid }
    }

    async fn leave(&self) {
        assert_eq!(self.polling.post("1").await.text(), "ok");
    }
}

/// The id and the private id in the answer to a CONNECT, which has nothing else.
fn ids(answer: &str) -> (String, String) {
    let data: Value = serde_json::from_str(answer.strip_prefix("40").expect(answer)).unwrap();
    assert_eq!(data.as_object().unwrap().len(), 2, "{answer}");
    let text = |key: &str| data[key].as_str().expect(answer).to_owned();
    (text("sid"), text("pid"))
}

/// Comes back over a new session, and returns what its first poll brings.
async fn return_with(address: SocketAddr, pid: &str, offset: &str) -> String {
    let polling = Polling::open(address).await;
    polling.post(&format!(r#"40{{"pid":"{pid}","offset":"{offset}"}}"#)).await;
    polling.poll().await
}

#[test]
fn what_was_missed_comes_first_and_then_the_old_ids() {
    run(async {
        let io = recovering(Recovery::default());
        let address = serve(&io).await;
        let client = Client::meet(address, &io).await;
        io.socket(&client.id).unwrap().join("room1");
        client.leave().await;
        io.emit("myEvent", 1);
        io.to("room1").emit("myEvent", (2, "two"));
        io.to("room2").emit("myEvent", "not for it");
        io.except("room1").emit("myEvent", "nor this");
        io.to(client.id.as_str()).emit("myEvent", ());
        io.volatile().emit("myEvent", "gone for good");
        let answer = return_with(address, &client.pid, OFFSET).await;
        let packets: Vec<_> = answer.split('\x1e').collect();
        assert_eq!(packets.len(), 4, "{answer}");
        let missed =
            [r#"42["myEvent",1,"2"]"#, r#"42["myEvent",2,"two","3"]"#, r#"42["myEvent","6"]"#];
        assert_eq!(packets[..3], missed);
        assert_eq!(ids(packets[3]), (client.id, client.pid));
    });
}

#[test]
fn a_socket_that_comes_back_has_its_rooms_and_its_data() {
    struct Name(&'static str);
    run(async {
        let io = recovering(Recovery::default());
        let address = serve(&io).await;
        let client = Client::meet(address, &io).await;
        let before = io.socket(&client.id).unwrap();
        before.join("room1");
        before.join("room2");
        before.data().set(Name("kim"));
        client.leave().await;
        eventually("it has left", || io.sockets_count() == 0).await;
        assert!(io.rooms().is_empty());
        let answer = return_with(address, &client.pid, OFFSET).await;
        assert_eq!(ids(&answer), (client.id.clone(), client.pid));
        let after = io.socket(&client.id).unwrap();
        assert!(after.recovered() && after != before);
        let mut rooms = after.rooms();
        rooms[1..].sort();
        assert_eq!(rooms, [&*client.id, "room1", "room2"]);
        assert_eq!(io.to("room1").fetch_sockets(), std::slice::from_ref(&after));
        assert_eq!(after.data().get::<Name>().unwrap().0, "kim");
    });
}

/// Whether a socket that comes back has been seen by the middleware.
async fn is_asked(recovery: Recovery) -> bool {
    let io = recovering(recovery);
    io.use_(async |socket| {
        let times = socket.data().get::<u8>().map_or(0, |times| *times);
        socket.data().set(times + 1);
        Ok(())
    });
    let address = serve(&io).await;
    let client = Client::meet(address, &io).await;
    client.leave().await;
    let answer = return_with(address, &client.pid, OFFSET).await;
    assert_eq!(ids(&answer).0, client.id);
    let socket = io.socket(&client.id).unwrap();
    assert!(socket.recovered());
    *socket.data().get::<u8>().unwrap() == 2
}

#[test]
fn a_socket_that_comes_back_passes_by_the_middleware() {
    assert!(!run(is_asked(Recovery::default())));
}

#[test]
fn the_middleware_is_asked_again_if_it_should_be() {
    assert!(run(is_asked(Recovery { skip_middlewares: false, ..Recovery::default() })));
}

#[test]
fn an_unknown_session_or_offset_begins_anew() {
    run(async {
        let io = recovering(Recovery::default());
        let address = serve(&io).await;
        let client = Client::meet(address, &io).await;
        client.leave().await;
        io.emit("missed", ());
        for (pid, offset) in [("unknown", OFFSET), (&client.pid, "unknown"), (&client.pid, "99")] {
            let (id, new_pid) = ids(&return_with(address, pid, offset).await);
            assert_ne!(id, client.id);
            assert_ne!(new_pid, pid);
            assert!(!io.socket(&id).unwrap().recovered());
        }
    });
}

#[test]
fn it_is_off_unless_asked_for() {
    run(async {
        let io = SocketIo::new();
        let (polling, answer) = Polling::connect(serve(&io).await).await;
        let id = answer.strip_prefix(r#"40{"sid":""#).and_then(|id| id.strip_suffix(r#""}"#));
        assert!(io.socket(id.expect("nothing but an id")).is_some());
        io.emit("hello", 1);
        assert_eq!(polling.poll().await, r#"42["hello",1]"#, "and no offset");
    });
}

#[test]
fn nothing_is_kept_or_given_back_when_it_is_off() {
    run(async {
        let io = SocketIo::new();
        let address = serve(&io).await;
        let (polling, answer) = Polling::connect(address).await;
        let sid: Value = serde_json::from_str(&answer[2..]).unwrap();
        let id = sid["sid"].as_str().unwrap();
        let before = io.socket(id).unwrap();
        before.data().set("kept");
        polling.post("1").await;
        eventually("it has left", || io.sockets_count() == 0).await;
        io.emit("missed", ());
        let answer = return_with(address, id, "0").await;
        assert!(!answer.contains(['\x1e']) && !answer.contains("pid"), "{answer}");
        let after = &io.fetch_sockets()[0];
        assert_ne!(after.id(), id);
        assert!(!after.recovered());
        assert!(after.data().get::<&str>().is_none());
    });
}
