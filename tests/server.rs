//! What this server promises beyond the reference: order, backpressure, containment, shutdown.

mod support;

use async_std::channel::bounded;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;
use support::*;
use tide_socketio::{AckError, Options, Recovery, Socket, SocketIo};

/// Collects why sockets are disconnected.
fn disconnect_reasons(io: &SocketIo) -> Arc<Mutex<Vec<String>>> {
    let reasons = Arc::new(Mutex::new(Vec::new()));
    let seen = reasons.clone();
    io.on_connection(move |socket| {
        let seen = seen.clone();
        async move {
            socket.on("disconnect", move |_, reason: String| {
                seen.lock().unwrap().push(reason);
                async {}
            });
        }
    });
    reasons
}

#[test]
fn events_are_handled_one_at_a_time_in_their_order() {
    run(async {
        let io = SocketIo::new();
        io.on_connection(async |socket| {
            let busy = Arc::new(AtomicBool::new(false));
            socket.on("work", move |socket, n: u64| {
                let busy = busy.clone();
                async move {
                    assert!(!busy.swap(true, Ordering::SeqCst), "two handlers at once");
                    // The earlier ones take longer.
                    async_std::task::sleep(Duration::from_millis(20_u64.saturating_sub(n))).await;
                    busy.store(false, Ordering::SeqCst);
                    socket.emit("done", n);
                }
            });
        });
        let (mut ws, _) = Ws::connect(serve(&io).await).await;
        for n in 0..20 {
            ws.send(&format!(r#"42["work",{n}]"#)).await;
        }
        for n in 0..20 {
            assert_eq!(ws.text().await, format!(r#"42["done",{n}]"#));
        }
    });
}

#[test]
fn an_ack_arrives_while_the_handler_that_waits_for_it_holds_the_queue() {
    run(async {
        let io = SocketIo::new();
        io.on_connection(async |socket| {
            socket.on("ask", async |socket, ()| {
                let answer: String = socket.emit_with_ack("question", ()).await?;
                socket.emit("heard", answer);
                Ok::<_, AckError>(())
            });
        });
        let (mut ws, _) = Ws::connect(serve(&io).await).await;
        ws.send(r#"42["ask"]"#).await;
        assert_eq!(ws.text().await, r#"420["question"]"#);
        ws.send(r#"42["ask"]"#).await;
        ws.send(r#"430["answer"]"#).await;
        assert_eq!(ws.text().await, r#"42["heard","answer"]"#);
        assert_eq!(ws.text().await, r#"421["question"]"#, "the second had to wait");
    });
}

#[test]
fn events_wait_until_on_connection_has_returned() {
    run(async {
        let (open, gate) = bounded::<()>(1);
        let io = SocketIo::new();
        io.on_connection(move |socket| {
            let gate = gate.clone();
            async move {
                let _ = gate.recv().await;
                socket.on("early", async |socket, ()| socket.emit("in time", ()));
            }
        });
        let (mut ws, _) = Ws::connect(serve(&io).await).await;
        ws.send(r#"42["early"]"#).await;
        ws.silent().await;
        open.send(()).await.unwrap();
        assert_eq!(ws.text().await, r#"42["in time"]"#);
    });
}

#[test]
fn a_client_that_sends_faster_than_it_is_served_has_to_wait_and_loses_nothing() {
    const EVENTS: u64 = 3_000;
    run(async {
        let (open, gate) = bounded::<()>(1);
        let received = Arc::new(AtomicU64::new(0));
        let io = SocketIo::new();
        let count = received.clone();
        io.on_connection(move |socket| {
            let (gate, count) = (gate.clone(), count.clone());
            async move {
                let expected = Arc::new(AtomicU64::new(0));
                socket.on("big", move |_, (n, _padding): (u64, String)| {
                    let (gate, count, expected) = (gate.clone(), count.clone(), expected.clone());
                    async move {
                        if n == 0 {
                            let _ = gate.recv().await;
                        }
                        assert_eq!(expected.fetch_add(1, Ordering::SeqCst), n, "in order");
                        count.fetch_add(1, Ordering::SeqCst);
                    }
                });
            }
        });
        let address = serve(&io).await;
        let (mut ws, _) = Ws::connect(address).await;
        let sent = Arc::new(AtomicU64::new(0));
        let progress = sent.clone();
        let padding = "x".repeat(10_000);
        let sender = async_std::task::spawn(async move {
            for n in 0..EVENTS {
                ws.send(&format!(r#"42["big",{n},"{padding}"]"#)).await;
                progress.fetch_add(1, Ordering::SeqCst);
            }
            ws
        });
        // 30 MB are more than the server's megabyte and the buffers of the system between.
        let mut before = 0;
        eventually("the sender stands still", || {
            let now = sent.load(Ordering::SeqCst);
            std::thread::sleep(Duration::from_millis(100));
            std::mem::replace(&mut before, now) == now && now > 0
        })
        .await;
        assert!(sent.load(Ordering::SeqCst) < EVENTS, "nothing held the sender back");
        let (mut other, _) = Ws::connect(address).await;
        other.send(r#"42["big",0,""]"#).await;
        open.send(()).await.unwrap();
        open.send(()).await.unwrap();
        let _ws = sender.await;
        eventually("all are handled", || received.load(Ordering::SeqCst) == EVENTS + 1).await;
    });
}

#[test]
fn a_handler_that_panics_or_gets_bad_data_leaves_its_socket_connected() {
    run(async {
        let io = SocketIo::new();
        let errors = Arc::new(Mutex::new(Vec::new()));
        let seen = errors.clone();
        io.on_error(move |_, error| seen.lock().unwrap().push(error.to_owned()));
        io.on_connection(async |socket| {
            socket.on("panic", async |_, reason: String| {
                assert!(reason.is_empty(), "{reason}");
            });
            socket.on("number", async |_, _: u64| ());
            socket.on("fail", async |_, ()| Err::<(), _>("no"));
            socket.on("ping", async |_, ()| Ok::<_, String>("pong"));
        });
        let (mut ws, _) = Ws::connect(serve(&io).await).await;
        ws.send(r#"42["panic","on purpose"]"#).await;
        ws.send(r#"42["number","text"]"#).await;
        ws.send(r#"421["fail"]"#).await;
        ws.send(r#"422["ping"]"#).await;
        assert_eq!(ws.text().await, r#"432["pong"]"#);
        let errors = errors.lock().unwrap().clone();
        assert_eq!(errors[0], r#"handler of "panic": panicked: on purpose"#);
        assert!(errors[1].contains("expected u64"), "{}", errors[1]);
        assert_eq!(errors[2], r#"handler of "fail": no"#);
    });
}

#[test]
fn a_last_handler_that_holds_its_thread_stops_no_other_heart() {
    run(async {
        let io = SocketIo::with(quick(200, 200));
        let holds = Arc::new(AtomicBool::new(false));
        let held = holds.clone();
        io.on_connection(move |socket| {
            let held = held.clone();
            async move {
                socket.on("disconnect", move |_, _: String| {
                    held.store(true, Ordering::SeqCst);
                    std::thread::sleep(Duration::from_millis(1_000));
                    held.store(false, Ordering::SeqCst);
                    async {}
                });
            }
        });
        let address = serve(&io).await;
        let (_silent, _) = Ws::connect(address).await;
        let (mut ws, _) = Ws::connect(address).await;
        let mut pings = 0;
        while pings < 3 {
            assert_eq!(ws.text().await, "2");
            ws.send("3").await;
            pings = if holds.load(Ordering::SeqCst) { pings + 1 } else { 0 };
        }
    });
}

#[test]
fn a_middleware_that_panics_drops_its_event_and_nothing_else() {
    run(async {
        let io = SocketIo::new();
        let errors = Arc::new(Mutex::new(Vec::new()));
        let seen = errors.clone();
        io.on_error(move |_, error| seen.lock().unwrap().push(error.to_owned()));
        io.on_connection(async |socket| {
            socket.use_(async |event| {
                assert_ne!(event.name, "panic", "on purpose");
                Ok(event)
            });
            socket.on("ping", async |_, ()| Ok::<_, String>("pong"));
        });
        let (mut ws, _) = Ws::connect(serve(&io).await).await;
        ws.send(r#"421["panic"]"#).await;
        ws.send(r#"422["ping"]"#).await;
        assert_eq!(ws.text().await, r#"432["pong"]"#);
        let errors = errors.lock().unwrap().clone();
        assert_eq!(errors.len(), 1, "{errors:?}");
        assert!(errors[0].starts_with("a middleware panicked: "), "{errors:?}");
    });
}

#[test]
fn a_hook_that_panics_leaves_its_socket_connected() {
    run(async {
        let io = SocketIo::new();
        io.on_error(|_, error| panic!("{error}"));
        io.of_dynamic(|name, _| panic!("{name}"));
        io.on_connection(async |socket| {
            socket.on("fail", async |_, ()| Err::<(), _>("no"));
            socket.on("ping", async |_, ()| Ok::<_, String>("pong"));
        });
        let (mut ws, _) = Ws::connect(serve(&io).await).await;
        ws.send(r#"421["fail"]"#).await;
        ws.send(r#"422["ping"]"#).await;
        assert_eq!(ws.text().await, r#"432["pong"]"#);
        ws.send("40/any,").await;
        assert_eq!(ws.text().await, r#"44/any,{"message":"Invalid namespace"}"#);
        ws.send(r#"423["ping"]"#).await;
        assert_eq!(ws.text().await, r#"433["pong"]"#);
    });
}

#[test]
fn a_socket_that_its_middleware_threw_out_leaves_its_seat_to_the_next() {
    run(async {
        let io = SocketIo::new();
        let (finish, finished) = bounded::<()>(1);
        let attempts = Arc::new(AtomicU64::new(0));
        io.use_(move |socket| {
            let (finished, attempts) = (finished.clone(), attempts.clone());
            async move {
                if attempts.fetch_add(1, Ordering::SeqCst) == 0 {
                    socket.disconnect();
                    finished.recv().await.unwrap();
                }
                Ok(())
            }
        });
        io.on_connection(async |socket| {
            socket.on("ping", async |_, ()| Ok::<_, String>("pong"));
        });
        let mut ws = Ws::open(serve(&io).await).await;
        ws.send("40").await;
        ws.enter("/", "").await;
        finish.send(()).await.unwrap();
        async_std::task::sleep(SILENCE).await;
        ws.send(r#"421["ping"]"#).await;
        assert_eq!(ws.text().await, r#"431["pong"]"#);
        assert_eq!(io.sockets_count(), 1);
    });
}

#[test]
fn a_socket_that_is_over_cannot_be_disconnected_again() {
    run(async {
        let io = SocketIo::new();
        io.on_connection(async |socket| {
            socket.on("ping", async |_, ()| Ok::<_, String>("pong"));
        });
        let (mut ws, id) = Ws::connect(serve(&io).await).await;
        let first = io.socket(&id).unwrap();
        ws.send("41").await;
        ws.enter("/", "").await;
        first.disconnect();
        ws.send(r#"421["ping"]"#).await;
        assert_eq!(ws.text().await, r#"431["pong"]"#);
        assert_eq!(io.sockets_count(), 1);
    });
}

#[test]
fn a_socket_that_is_disconnected_on_its_way_in_does_not_stay() {
    const CLIENTS: usize = 400;
    run(async {
        let io = SocketIo::new();
        let (sender, entering) = mpsc::channel::<Socket>();
        io.use_(move |socket| {
            sender.send(socket).unwrap();
            async { Ok(()) }
        });
        // Some of the sockets are entering yet when they are disconnected, some have entered.
        let disconnecting = std::thread::spawn(move || {
            for moment in 0..CLIENTS {
                // To be woken would take longer than to enter.
                let socket = loop {
                    match entering.try_recv() {
                        Ok(socket) => break socket,
                        Err(_) => std::hint::spin_loop(),
                    }
                };
                (0..moment % 50 * 10).for_each(|_| std::hint::spin_loop());
                socket.disconnect();
            }
        });
        let address = serve(&io).await;
        let mut clients = Vec::new();
        for _ in 0..CLIENTS {
            let mut ws = Ws::open(address).await;
            ws.send("40").await;
            clients.push(ws);
        }
        disconnecting.join().unwrap();
        eventually("all are disconnected", || io.sockets_count() == 0).await;
        drop(clients);
        eventually("all are gone", || io.engine().clients_count() == 0).await;
    });
}

/// Calls its function when it is dropped.
struct Farewell(Box<dyn Fn() + Send + Sync>);

impl Drop for Farewell {
    fn drop(&mut self) {
        (self.0)();
    }
}

/// Runs a test that would stand still, and not only wait, if a lock were held in it that is asked for again.
fn run_unlocked(test: impl Future<Output = ()> + Send + 'static) {
    let (done, is_done) = mpsc::channel();
    std::thread::spawn(move || {
        run(test);
        done.send(()).unwrap();
    });
    is_done.recv_timeout(PATIENCE).expect("the test failed, or stands still");
}

#[test]
fn data_that_is_forgotten_may_use_the_server() {
    run_unlocked(async {
        let recovery = Recovery { max_disconnection_duration: SILENCE, ..Recovery::default() };
        let options = Options { connection_state_recovery: Some(recovery), ..Options::default() };
        let io = SocketIo::with(options);
        let address = serve(&io).await;
        let dropped = Arc::new(AtomicU64::new(0));
        // A socket that may come back leaves its data behind, until another leaves and its time is up.
        for _ in 0..2 {
            let (ws, id) = Ws::connect(address).await;
            let (io, dropped) = (io.clone(), dropped.clone());
            let sockets = io.clone();
            let farewell = Farewell(Box::new(move || {
                io.emit("dropped", io.sockets_count());
                dropped.fetch_add(1, Ordering::SeqCst);
            }));
            sockets.socket(&id).unwrap().data().set(farewell);
            drop(ws);
            eventually("it is gone", || sockets.sockets_count() == 0).await;
            async_std::task::sleep(Duration::from_millis(1_100)).await;
        }
        assert_eq!(dropped.load(Ordering::SeqCst), 1);
    });
}

#[test]
fn what_a_socket_no_longer_needs_may_use_it_when_dropped() {
    run_unlocked(async {
        let io = SocketIo::new();
        let (_ws, socket) = one(&io).await;
        let dropped = Arc::new(AtomicU64::new(0));
        let farewell = |last: fn(&Socket)| {
            let (socket, dropped) = (socket.clone(), dropped.clone());
            Farewell(Box::new(move || {
                last(&socket);
                dropped.fetch_add(1, Ordering::SeqCst);
            }))
        };
        socket.data().set(farewell(|socket| drop(socket.data().get::<u64>())));
        socket.data().set(Farewell(Box::new(|| {})));

        let captured = farewell(|socket| socket.off("other"));
        socket.on("event", move |_, ()| {
            let _ = &captured;
            async {}
        });
        socket.off("event");

        let captured = farewell(|socket| socket.off_any());
        socket.on_any(move |_, _| {
            let _ = &captured;
            async {}
        });
        socket.off_any();

        let captured = farewell(|socket| socket.off_any_outgoing());
        socket.on_any_outgoing(move |_| {
            let _ = &captured;
        });
        socket.off_any_outgoing();
        assert_eq!(dropped.load(Ordering::SeqCst), 4);
    });
}

#[test]
fn a_namespace_is_not_forgotten_while_somebody_enters() {
    run(async {
        let options = Options { cleanup_empty_child_namespaces: true, ..Options::default() };
        let io = SocketIo::with(options);
        let parent = io.of_dynamic(|name, _| name == "/room");
        let (open, door) = bounded::<()>(1);
        parent.use_(move |socket| {
            let door = door.clone();
            async move {
                if socket.auth()["waits"] == true {
                    door.recv().await.unwrap();
                }
                Ok(())
            }
        });
        let address = serve(&io).await;
        let (mut ws, mut late) = (Ws::open(address).await, Ws::open(address).await);
        ws.enter("/room", "").await;
        late.send(r#"40/room,{"waits":true}"#).await;
        async_std::task::sleep(SILENCE).await;
        ws.send("41/room,").await;
        async_std::task::sleep(SILENCE).await;
        open.send(()).await.unwrap();
        assert!(late.text().await.starts_with("40/room,"));
        ws.enter("/room", "").await;
        io.of("/room").emit("both", ());
        for ws in [&mut ws, &mut late] {
            assert_eq!(ws.text().await, r#"42/room,["both"]"#);
        }
    });
}

#[test]
fn each_last_handler_may_disconnect_the_others() {
    run(async {
        let io = SocketIo::new();
        let left = Arc::new(AtomicU64::new(0));
        let count = left.clone();
        io.on_connection(move |socket| {
            let count = count.clone();
            async move {
                socket.on("disconnect", move |socket, _: String| {
                    count.fetch_add(1, Ordering::SeqCst);
                    socket.nsp().disconnect_sockets(true);
                    async {}
                });
            }
        });
        let address = serve(&io).await;
        let mut all = Vec::new();
        for _ in 0..500 {
            all.push(Ws::connect(address).await);
        }
        drop(all.pop());
        eventually("all have left", || left.load(Ordering::SeqCst) == 500).await;
    });
}

#[test]
fn closing_the_server_tells_every_client_why() {
    run(async {
        let io = SocketIo::new();
        let reasons = disconnect_reasons(&io);
        let address = serve(&io).await;
        let (mut ws, _) = Ws::connect(address).await;
        let (polling, _) = Polling::connect(address).await;
        let poll = async_std::task::spawn({
            let polling = polling.clone();
            async move { polling.poll().await }
        });
        async_std::task::sleep(SILENCE).await;
        io.close();
        assert_eq!(ws.closed().await, Some((1001, "server shutting down".to_owned())));
        assert_eq!(poll.await, "1");
        assert_eq!(*reasons.lock().unwrap(), ["server shutting down", "server shutting down"]);
        assert_eq!(io.sockets_count(), 0);
    });
}

#[test]
fn a_client_that_does_not_read_is_closed_and_the_others_notice_nothing() {
    run(async {
        let io = SocketIo::with(Options { max_outbox: 256 * 1024, ..Options::default() });
        let reasons = disconnect_reasons(&io);
        let address = serve(&io).await;
        let (slow, _) = Ws::connect(address).await;
        let (mut fast, _) = Ws::connect(address).await;
        let padding = "x".repeat(10_000);
        for n in 0..2_000 {
            io.emit("news", (n, &padding));
            assert_eq!(fast.text().await, format!(r#"42["news",{n},"{padding}"]"#));
            if !reasons.lock().unwrap().is_empty() {
                break;
            }
        }
        assert_eq!(*reasons.lock().unwrap(), ["slow consumer"]);
        assert_eq!(io.sockets_count(), 1);
        drop(slow);
    });
}

#[test]
fn one_connection_may_be_in_so_many_namespaces() {
    run(async {
        let io = SocketIo::with(Options { max_namespaces: 2, ..Options::default() });
        io.of_dynamic(|name, _| name.starts_with("/room-"));
        let mut ws = Ws::open(serve(&io).await).await;
        ws.enter("/room-1", "").await;
        ws.enter("/room-2", "").await;
        ws.send("40/room-3,").await;
        let refused = r#"44/room-3,{"message":"one connection may be in 2 namespaces"}"#;
        assert_eq!(ws.text().await, refused);
        ws.send("41/room-1,").await;
        ws.enter("/room-3", "").await;
    });
}

#[test]
fn auth_has_a_limit_of_its_own() {
    run(async {
        let io = SocketIo::with(Options { max_auth: 100, ..Options::default() });
        io.on_connection(async |_| ());
        let mut ws = Ws::open(serve(&io).await).await;
        ws.send(&format!(r#"40{{"token":"{}"}}"#, "x".repeat(100))).await;
        assert_eq!(ws.text().await, r#"44{"message":"auth is larger than 100 bytes"}"#);
        ws.enter("/", r#"{"token":"x"}"#).await;
    });
}

#[test]
fn one_address_may_have_so_many_sessions() {
    run(async {
        let io = SocketIo::with(Options { max_sessions_per_ip: 3, ..Options::default() });
        io.on_connection(async |_| ());
        let address = serve(&io).await;
        let first = Polling::open(address).await;
        first.post("40").await;
        Polling::open(address).await;
        let ws = Ws::open(address).await;
        let refused = get(address, "/socket.io/?EIO=4&transport=polling").await;
        assert_eq!(refused.status, 403);
        assert!(refused.text().contains("too many sessions"), "{}", refused.text());
        // One that goes makes room.
        ws.drop_tcp();
        eventually("the session is gone", || io.engine().clients_count() == 2).await;
        Polling::open(address).await;
        assert_eq!(get(address, "/socket.io/?EIO=4&transport=polling").await.status, 403);
    });
}

#[test]
fn a_client_that_never_acks_owes_no_more_than_the_limit() {
    run(async {
        let io = SocketIo::with(Options { max_acks: 2, ..Options::default() });
        let address = serve(&io).await;
        let (mut ws, id) = Ws::connect(address).await;
        let socket = io.socket(&id).unwrap();
        let owed: Vec<_> = (0..3).map(|n| socket.emit_with_ack::<u64>("ask", n)).collect();
        let mut owed = owed.into_iter();
        assert_eq!(owed.next().unwrap().await, Err(AckError::Disconnected), "the oldest");
        for n in 0..3 {
            assert_eq!(ws.text().await, format!(r#"42{n}["ask",{n}]"#));
        }
        ws.send("431[10]").await;
        ws.send("432[20]").await;
        assert_eq!(owed.next().unwrap().await, Ok(10));
        assert_eq!(owed.next().unwrap().await, Ok(20));
    });
}

#[test]
fn once_is_once_and_off_is_off() {
    run(async {
        let io = SocketIo::new();
        io.on_connection(async |socket| {
            socket.once("once", async |socket, ()| socket.emit("once", ()));
            socket.on("both", async |socket, ()| socket.emit("first", ()));
            socket.on("both", async |socket, ()| socket.emit("second", ()));
            socket.on("end", async |socket, ()| {
                socket.off("both");
                socket.emit("end", ());
            });
        });
        let (mut ws, _) = Ws::connect(serve(&io).await).await;
        for event in ["once", "once", "both", "end", "both", "end"] {
            ws.send(&format!(r#"42["{event}"]"#)).await;
        }
        for expected in ["once", "first", "second", "end", "end"] {
            assert_eq!(ws.text().await, format!(r#"42["{expected}"]"#));
        }
    });
}
