//! What others paid for: the rows of a list of defects that were found in servers like this one, each as a
//! test. The comment before a test says what went wrong there.

mod support;

use async_std::task::{sleep, spawn};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use support::*;
use tide_socketio::{Binary, Cors, Options, Origin, Recovery, SocketIo};

// Attachments without a bound filled the memory.
#[test]
fn trap_01_more_than_ten_attachments_are_refused_at_the_header() {
    run(async {
        let (mut ws, _) = one(&SocketIo::new()).await;
        ws.send(r#"4511-["echo"]"#).await;
        assert!(ws.closed().await.is_some());
        let (mut ws, _) = one(&SocketIo::new()).await;
        ws.send(r#"4510-["echo"]"#).await;
        ws.silent().await;
    });
}

// A second CONNECT ran the handlers again and replaced the socket.
#[test]
fn trap_02_a_second_connect_closes_and_runs_no_handler() {
    run(async {
        let io = SocketIo::new();
        let count = Arc::new(AtomicUsize::new(0));
        let seen = count.clone();
        io.on_connection(move |_| {
            seen.fetch_add(1, Ordering::SeqCst);
            async {}
        });
        let (mut ws, _) = one(&io).await;
        ws.send("40").await;
        assert!(ws.closed().await.is_some());
        assert_eq!(count.load(Ordering::SeqCst), 1);
    });
}

// A socket in two rooms got the event twice.
#[test]
fn trap_03_an_event_to_two_rooms_comes_once() {
    run(async {
        let io = SocketIo::new();
        let (mut ws, socket) = one(&io).await;
        socket.join("a");
        socket.join("b");
        io.to("a").to("b").to(socket.id()).emit("x", ());
        assert_eq!(ws.text().await, r#"42["x"]"#);
        ws.silent().await;
    });
}

// Text between a packet and its attachments was taken for another packet.
#[test]
fn trap_04_text_where_an_attachment_is_due_closes() {
    run(async {
        let (mut ws, _) = one(&SocketIo::new()).await;
        ws.send(r#"451-["x",{"_placeholder":true,"num":0}]"#).await;
        ws.send(r#"42["y"]"#).await;
        assert!(ws.closed().await.is_some());
    });
}

// An entry stayed for every ack that never came.
#[test]
fn trap_05_an_ack_that_timed_out_is_forgotten() {
    run(async {
        // With room for two, an entry that stayed would push the oldest out.
        let io = SocketIo::with(Options { max_acks: 2, ..Options::default() });
        let (mut ws, socket) = one(&io).await;
        let kept = spawn(socket.emit_with_ack::<u64>("kept", ()));
        for _ in 0..3 {
            let asked = socket.timeout(Duration::from_millis(1)).emit_with_ack::<()>("x", ());
            assert_eq!(asked.await, Err(tide_socketio::AckError::Timeout));
        }
        drop(socket.emit_with_ack::<()>("nobody waits for it", ()));
        drop(socket.emit_with_ack::<()>("nobody waits for it", ()));
        ws.send("430[7]").await;
        assert_eq!(kept.await, Ok(7));
    });
}

// Rooms joined in a middleware that then refused were never left.
#[test]
fn trap_06_rooms_of_a_refused_socket_are_empty() {
    run(async {
        let io = SocketIo::new();
        io.of("/no").use_(async |socket| {
            socket.join("room");
            Err("no".into())
        });
        let mut ws = Ws::open(serve(&io).await).await;
        ws.send("40/no,").await;
        assert_eq!(ws.text().await, r#"44/no,{"message":"no"}"#);
        assert!(io.of("/no").rooms().is_empty());
    });
}

// A session id that could not be read opened a new session.
#[test]
fn trap_07_a_malformed_sid_is_unknown() {
    run(async {
        let address = serve(&SocketIo::new()).await;
        for sid in ["x", "..%2F", "%00", "%ff%fe", &"a".repeat(5000)] {
            let target = format!("/socket.io/?EIO=4&transport=polling&sid={sid}");
            let answer = get(address, &target).await;
            assert_eq!(answer.text(), r#"{"code":1,"message":"Session ID unknown"}"#, "{sid}");
        }
    });
}

// A prefix was taken for the path.
#[test]
fn trap_08_a_path_that_begins_the_same_belongs_to_the_application() {
    run(async {
        let io = SocketIo::new();
        let mut app = tide::new();
        io.attach(&mut app);
        app.at("/socket.io-admin").get(async |_| Ok("admin"));
        let address = serve_app(app).await;
        assert_eq!(get(address, "/socket.io-admin").await.text(), "admin");
    });
}

// A pong too many ended the session, or kept it alive.
#[test]
fn trap_09_a_pong_nobody_asked_for_is_no_fault_and_no_heartbeat() {
    run(async {
        let (mut ws, _) = one(&SocketIo::with(quick(300, 300))).await;
        // If these counted, the ping would be put off again and again.
        let mut ping = None;
        for _ in 0..60 {
            ws.send("3").await;
            let wait = async_std::future::timeout(Duration::from_millis(50), ws.text());
            ping = wait.await.ok();
            if ping.is_some() {
                break;
            }
        }
        assert_eq!(ping.as_deref(), Some("2"));
        ws.send("3").await;
        assert_eq!(ws.text().await, "2", "the one that was asked for counts");
        assert_eq!(ws.closed().await, Some((1008, "ping timeout".to_owned())));
    });
}

// A packet was cut inside a character, and the server panicked.
#[test]
fn trap_10_characters_of_many_bytes_are_cut_nowhere() {
    run(async {
        for packet in ["4é", "42é", "42/é", "42/é,é", "45é-", "451-é", "40é", "é", "4😀[\"a\"]"]
        {
            let (mut ws, _) = one(&SocketIo::new()).await;
            ws.send(packet).await;
            assert!(ws.closed().await.is_some(), "{packet}");
        }
    });
}

// A session whose upgrade was begun and not finished stayed for ever.
#[test]
fn trap_11_an_upgrade_that_is_not_finished_leaks_nothing() {
    run(async {
        let options = Options { upgrade_timeout: Duration::from_millis(100), ..quick(300, 200) };
        let io = SocketIo::with(options);
        let (polling, _) = Polling::connect(serve(&io).await).await;
        let mut ws = polling.upgrade().await;
        ws.send("2probe").await;
        assert_eq!(ws.text().await, "3probe");
        assert_eq!(ws.closed().await, Some((1002, "upgrade refused".to_owned())));
        assert_eq!(io.engine().clients_count(), 1, "polling goes on");
        eventually("and ends by itself", || io.engine().clients_count() == 0).await;
        assert_eq!(io.sockets_count(), 0);
    });
}

#[test]
fn trap_11_a_client_that_vanishes_in_its_upgrade_leaves_nothing() {
    run(async {
        let io = SocketIo::with(quick(300, 200));
        let (polling, _) = Polling::connect(serve(&io).await).await;
        let mut first = polling.upgrade().await;
        first.send("2probe").await;
        assert_eq!(first.text().await, "3probe");
        first.drop_tcp();
        // The place is free for the next attempt, well before the time of the first is up.
        loop {
            let mut next = polling.upgrade().await;
            next.send("2probe").await;
            match next.next().await {
                Some(Message::Text(text)) if text == "3probe" => break next.drop_tcp(),
                other => assert!(matches!(other, Some(Message::Close(_)) | None), "{other:?}"),
            }
        }
        eventually("the session is gone", || io.engine().clients_count() == 0).await;
        assert_eq!(io.sockets_count(), 0);
    });
}

// A poll that waited during the upgrade was not released, and the upgrade took 25 seconds.
#[test]
fn trap_12_every_poll_during_an_upgrade_is_released() {
    run(async {
        let (address, waits) = serve_polls(&SocketIo::new()).await;
        let start = Instant::now();
        for is_quick in [false, true] {
            let (polling, _) = Polling::connect(address).await;
            while waits.try_recv().is_ok() {}
            let waiting = spawn({
                let polling = polling.clone();
                async move { polling.poll().await }
            });
            waits.recv().await.unwrap();
            let mut ws = polling.upgrade().await;
            ws.send("2probe").await;
            assert_eq!(ws.text().await, "3probe");
            if is_quick {
                ws.send("5").await;
                assert_eq!(waiting.await, "6", "released by the end of the upgrade");
            } else {
                assert_eq!(waiting.await, "6");
                assert_eq!(polling.poll().await, "6", "and the next one too");
                ws.send("5").await;
            }
            ws.taken().await;
            assert_eq!(polling.get().await.status, 400);
        }
        assert!(start.elapsed() < Duration::from_secs(2));
    });
}

// A missed tick was made up for by many pings, or the first came at once.
#[test]
fn trap_13_one_ping_at_a_time_and_the_first_after_the_interval() {
    run(async {
        let io = SocketIo::with(quick(300, 5_000));
        let start = Instant::now();
        let (mut ws, _) = one(&io).await;
        assert_eq!(ws.text().await, "2");
        assert!(start.elapsed() >= Duration::from_millis(300));
        // Three intervals without a pong: no further ping.
        let more = async_std::future::timeout(Duration::from_millis(900), ws.text()).await;
        assert!(more.is_err(), "{more:?}");
    });
}

// Between a packet and its attachments came those of another.
#[test]
fn trap_14_attachments_stay_with_their_packet_whoever_else_sends() {
    const EACH: usize = 200;
    run(async {
        let io = SocketIo::new();
        let (mut ws, socket) = one(&io).await;
        let senders: Vec<_> = (0..4_u8)
            .map(|sender| {
                let (io, socket) = (io.clone(), socket.clone());
                spawn(async move {
                    for n in 0..EACH {
                        let data = vec![sender, n as u8];
                        match n % 2 {
                            0 => socket.emit("bin", (sender, n, Binary::from(data))),
                            _ => io.emit("bin", (sender, n, Binary::from(data))),
                        }
                    }
                })
            })
            .collect();
        let mut next = [0; 4];
        for _ in 0..4 * EACH {
            let text = ws.text().await;
            let args: Value = serde_json::from_str(&text["451-".len()..]).unwrap();
            let (sender, n) = (args[1].as_u64().unwrap() as usize, args[2].as_u64().unwrap());
            assert_eq!(ws.binary().await, [sender as u8, n as u8]);
            assert_eq!(std::mem::replace(&mut next[sender], n + 1), n, "in order");
        }
        for sender in senders {
            sender.await;
        }
    });
}

// A handler that asked the server for something while the server called it waited for ever.
#[test]
fn trap_15_a_handler_may_call_back_into_everything() {
    run(async {
        let io = SocketIo::new();
        let all = io.clone();
        io.of_dynamic(move |name, _| name == "/anything" && all.of("/").sockets_count() > 0);
        io.on_error(|socket, error| {
            socket.nsp().on_error(|_, _| ());
            socket.emit("error", error);
        });
        io.on_connection(async |socket| {
            let io = socket.io().unwrap();
            let watched = socket.clone();
            socket.on_any_outgoing(move |_| watched.off("nothing"));
            socket.on("fail", async |_, ()| Err::<(), _>("no"));
            socket.on("all", async |socket, ()| {
                let io = socket.io().unwrap();
                io.of("/new").emit("x", ());
                io.sockets_join("room");
                for other in io.in_("room").fetch_sockets() {
                    other.leave("room");
                    other.emit("hello", io.sockets_count());
                }
                io.sockets_leave("room");
            });
            socket.on("disconnect", async |socket, ()| {
                let io = socket.io().unwrap();
                io.emit("left", socket.rooms());
                io.disconnect_sockets(true);
            });
            io.emit("joined", io.fetch_sockets().len());
        });
        let address = serve(&io).await;
        let (mut a, _) = Ws::connect(address).await;
        assert_eq!(a.text().await, r#"42["joined",1]"#);
        let (mut b, _) = Ws::connect(address).await;
        assert_eq!(a.text().await, r#"42["joined",2]"#);
        assert_eq!(b.text().await, r#"42["joined",2]"#);
        b.send("40/anything,").await;
        assert!(b.text().await.starts_with("40/anything,"));
        a.send(r#"42["all"]"#).await;
        assert_eq!(a.text().await, r#"42["hello",2]"#);
        assert_eq!(b.text().await, r#"42["hello",2]"#);
        a.send(r#"42["fail"]"#).await;
        assert_eq!(a.text().await, r#"42["error","handler of \"fail\": no"]"#);
        a.drop_tcp();
        assert_eq!(b.text().await, r#"42["left",[]]"#);
        let mut out = [b.text().await, b.text().await];
        out.sort();
        assert_eq!(out, ["41", "41/anything,"]);
        eventually("everybody is out", || io.sockets_count() == 0).await;
    });
}

// The separator went missing where a payload was cut.
#[test]
fn trap_16_packets_of_a_long_payload_keep_their_separators() {
    run(async {
        let io = SocketIo::new();
        let address = serve(&io).await;
        let (polling, _) = Polling::connect(address).await;
        let text = "x".repeat(100_000);
        for n in 0..20 {
            // More than one body of the default limit; the client takes what there is.
            io.emit("n", (n, if n % 2 == 0 { &text } else { "" }));
        }
        let mut got = Vec::new();
        while got.len() < 20 {
            got.extend(polling.poll().await.split('\x1e').map(str::to_owned));
        }
        for (n, packet) in got.iter().enumerate() {
            assert!(packet.starts_with(&format!(r#"42["n",{n},""#)), "{}", &packet[..20]);
            assert!(packet.ends_with(r#""]"#));
        }
    });
}

// A task for each event lost their order.
#[test]
fn trap_17_events_are_handled_in_the_order_they_were_sent() {
    run(async {
        let io = SocketIo::new();
        io.on_connection(async |socket| {
            socket.on("n", async |socket, n: u64| {
                if n.is_multiple_of(7) {
                    sleep(Duration::from_millis(2)).await;
                }
                socket.emit("n", n);
            });
        });
        let (mut ws, _) = one(&io).await;
        for n in 0..100 {
            ws.send(&format!(r#"42["n",{n}]"#)).await;
        }
        for n in 0..100 {
            assert_eq!(ws.text().await, format!(r#"42["n",{n}]"#));
        }
    });
}

// The sender was left out by its own room: once it had left that, it got its own broadcasts.
#[test]
fn trap_18_the_sender_is_left_out_by_its_id() {
    run(async {
        let io = SocketIo::new();
        let (mut ws, socket) = one(&io).await;
        socket.leave(socket.id());
        socket.broadcast().emit("x", ());
        ws.silent().await;
        io.to(socket.id()).emit("direct", ());
        assert_eq!(ws.text().await, r#"42["direct"]"#);
    });
}

fn recovering() -> SocketIo {
    let recovery = Some(Recovery::default());
    SocketIo::with(Options { connection_state_recovery: recovery, ..Options::default() })
}

/// A client with a memory, like the official one: its private id, and the last offset it saw.
struct Memory {
    ws: Ws,
    id: String,
    pid: String,
    offset: Option<String>,
    recovered: bool,
    seen: Vec<String>,
}

impl Memory {
    async fn connect(
        address: std::net::SocketAddr,
        pid: Option<&str>,
        offset: Option<&str>,
    ) -> Self {
        let mut ws = Ws::open(address).await;
        let mut auth = json!({});
        if let Some(pid) = pid {
            auth["pid"] = pid.into();
        }
        if let Some(offset) = offset {
            auth["offset"] = offset.into();
        }
        ws.send(&format!("40{auth}")).await;
        let mut this = Self {
            ws,
            id: String::new(),
            pid: String::new(),
            offset: offset.map(str::to_owned),
            recovered: false,
            seen: Vec::new(),
        };
        loop {
            let text = this.ws.text().await;
            if let Some(answer) = text.strip_prefix("40") {
                let answer: Value = serde_json::from_str(answer).unwrap();
                this.id = answer["sid"].as_str().unwrap().to_owned();
                this.pid = answer["pid"].as_str().unwrap().to_owned();
                this.recovered = pid == Some(&this.pid);
                return this;
            }
            this.note(&text);
        }
    }

    /// As the official client does: a last argument that is a string is the offset.
    fn note(&mut self, text: &str) {
        let args: Vec<Value> = serde_json::from_str(&text[2..]).unwrap();
        if let Some(Value::String(offset)) = args.last() {
            self.offset = Some(offset.clone());
        }
        self.seen.push(args[0].as_str().unwrap().to_owned());
    }

    async fn event(&mut self) {
        let text = self.ws.text().await;
        self.note(&text);
    }

    async fn drop_and_return(self, io: &SocketIo, address: std::net::SocketAddr) -> Self {
        let before = io.sockets_count();
        self.ws.drop_tcp();
        eventually("the server has noticed", || io.sockets_count() < before).await;
        io.emit("missed", ());
        Self::connect(address, Some(&self.pid), self.offset.as_deref()).await
    }
}

// Recovery failed before the first event, worked only once, was poisoned by a volatile event, and gave one
// session to two.
#[test]
fn trap_19_recovery_before_the_first_event() {
    run(async {
        let io = recovering();
        let address = serve(&io).await;
        let client = Memory::connect(address, None, None).await;
        assert_eq!(client.offset, None);
        let client = client.drop_and_return(&io, address).await;
        assert!(client.recovered);
        assert_eq!(client.seen, ["missed"]);
    });
}

#[test]
fn trap_19_recovery_again_and_again() {
    run(async {
        let io = recovering();
        let address = serve(&io).await;
        let mut client = Memory::connect(address, None, None).await;
        let id = client.id.clone();
        for _ in 0..5 {
            client = client.drop_and_return(&io, address).await;
            assert!(client.recovered);
            assert_eq!(client.id, id);
            assert_eq!(client.seen, ["missed"]);
        }
    });
}

#[test]
fn trap_19_a_volatile_event_with_a_string_at_its_end_poisons_nothing() {
    run(async {
        let io = recovering();
        let address = serve(&io).await;
        let mut client = Memory::connect(address, None, None).await;
        io.emit("first", ());
        client.event().await;
        sleep(SILENCE).await;
        io.volatile().emit("typing", "kim");
        client.event().await;
        assert_eq!(client.seen, ["first", "typing"]);
        let client = client.drop_and_return(&io, address).await;
        assert!(client.recovered);
        assert_eq!(client.seen, ["missed"]);
    });
}

#[test]
fn trap_19_a_session_is_given_back_once_and_never_while_its_owner_lives() {
    run(async {
        let io = recovering();
        let address = serve(&io).await;
        let client = Memory::connect(address, None, None).await;
        let (pid, offset) = (client.pid.clone(), client.offset.clone());
        let thief = Memory::connect(address, Some(&pid), offset.as_deref()).await;
        assert!(!thief.recovered, "its owner lives");
        let client = client.drop_and_return(&io, address).await;
        assert!(client.recovered);
        let again = Memory::connect(address, Some(&pid), offset.as_deref()).await;
        assert!(!again.recovered, "it has its owner back");
        let before = io.sockets_count();
        client.ws.drop_tcp();
        eventually("noticed", || io.sockets_count() < before).await;
        // Two at once.
        let (pid, offset) = (client.pid, client.offset);
        let both: Vec<_> = (0..2)
            .map(|_| {
                let (pid, offset) = (pid.clone(), offset.clone());
                spawn(async move {
                    let one = Memory::connect(address, Some(&pid), offset.as_deref()).await;
                    (one.recovered, one)
                })
            })
            .collect();
        let mut recovered = Vec::new();
        for one in both {
            recovered.push(one.await);
        }
        assert_eq!(recovered.iter().filter(|(recovered, _)| *recovered).count(), 1);
    });
}

// A message over the limit disconnected without a reason anybody could find. The official client wants the
// reason of 1009 empty; the limit is in the handshake, and the server logs it.
#[test]
fn trap_20_a_message_over_the_limit_has_its_own_close_code() {
    run(async {
        let io = SocketIo::with(Options { max_http_buffer_size: 100, ..Options::default() });
        let address = serve(&io).await;
        let open = get(address, "/socket.io/?EIO=4&transport=polling").await;
        assert!(open.text().contains(r#""maxPayload":100"#));
        let (mut ws, _) = Ws::connect(address).await;
        ws.send(&"4".repeat(101)).await;
        assert_eq!(ws.closed().await, Some((1009, String::new())));
        let (polling, _) = Polling::connect(address).await;
        assert_eq!(polling.post(&"4".repeat(101)).await.status, 413);
        assert_eq!(polling.post(r#"42["still alive"]"#).await.text(), "ok");
    });
}

// One client that stopped reading cost 114 MiB in four seconds.
#[test]
fn trap_21_what_waits_for_a_client_is_bounded() {
    run(async {
        let io = SocketIo::with(Options { max_outbox: 100_000, ..Options::default() });
        let (polling, _) = Polling::connect(serve(&io).await).await;
        let text = "x".repeat(10_000);
        for _ in 0..20 {
            io.emit("news", &text);
        }
        eventually("it is closed", || io.sockets_count() == 0).await;
        let gone = polling.get().await;
        assert_eq!(gone.text(), r#"{"code":1,"message":"Session ID unknown"}"#);
    });
}

// An error answer had no CORS headers, and the browser hid the reason.
#[test]
fn trap_22_error_answers_have_cors_headers() {
    run(async {
        let cors = Cors { origin: Origin::One("http://a.test".to_owned()), ..Cors::default() };
        let options = Options { cors: Some(cors), max_http_buffer_size: 100, ..Options::default() };
        let address = serve(&SocketIo::with(options)).await;
        let from = [("Origin", "http://a.test")];
        let unknown = "/socket.io/?EIO=4&transport=polling&sid=unknown";
        let polling = Polling::open(address).await;
        for (method, target, body, status) in [
            ("GET", "/socket.io/?EIO=4&transport=polling&sid=unknown", "", 400),
            ("GET", "/socket.io/?EIO=3&transport=polling", "", 400),
            ("GET", "/socket.io/?transport=none", "", 400),
            ("DELETE", unknown, "", 400),
            ("POST", &polling.target(), &*"4".repeat(101), 413),
        ] {
            let answer = request(address, method, target, &from, body.as_bytes()).await;
            assert_eq!(answer.status, status, "{method} {target}");
            let origin = answer.header("access-control-allow-origin");
            assert_eq!(origin, Some("http://a.test"), "{method} {target}");
        }
    });
}

// JSON nested very deep killed the process when a handler sent it on.
#[test]
fn trap_23_the_depth_of_json_is_bounded() {
    run(async {
        let io = SocketIo::new();
        io.on_connection(async |socket| {
            socket.on("echo", async |socket, value: Value| socket.emit("echo", value));
        });
        let address = serve(&io).await;
        let nested = |depth| format!(r#"42["echo",{}{}]"#, "[".repeat(depth), "]".repeat(depth));
        let (mut ws, _) = Ws::connect(address).await;
        ws.send(&nested(126)).await;
        assert_eq!(ws.text().await, nested(126));
        for deep in [nested(127), nested(5_000), format!("42{}", "[".repeat(100_000))] {
            let (mut ws, _) = Ws::connect(address).await;
            ws.send(&deep).await;
            assert!(ws.closed().await.is_some());
        }
        ws.send(&nested(1)).await;
        assert_eq!(ws.text().await, nested(1), "the neighbour lives");
    });
}
