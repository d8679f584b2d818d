//! One event for many.

use crate::support::*;
use async_std::task::spawn;
use std::time::Duration;
use tide_socketio::{AckError, Binary, Options, Socket, SocketIo};

async fn clients<const N: usize>(io: &SocketIo) -> [(Ws, Socket); N] {
    let address = serve(io).await;
    let mut all = Vec::new();
    for _ in 0..N {
        let (ws, id) = Ws::connect(address).await;
        all.push((ws, io.socket(&id).unwrap()));
    }
    all.try_into().unwrap_or_else(|_| unreachable!("N were pushed"))
}

#[test]
fn an_event_to_all_reaches_one_namespace_and_no_other() {
    run(async {
        let io = SocketIo::new();
        io.of("/test");
        let [(mut a, _), (mut b, _)] = clients(&io).await;
        b.enter("/test", "").await;
        io.emit("a", "b");
        io.emit("bin", Binary::from(vec![1, 2, 3]));
        for ws in [&mut a, &mut b] {
            assert_eq!(ws.text().await, r#"42["a","b"]"#);
            assert_eq!(ws.text().await, r#"451-["bin",{"_placeholder":true,"num":0}]"#);
            assert_eq!(ws.binary().await, [1, 2, 3]);
            ws.silent().await;
        }
    });
}

#[test]
fn a_broadcast_leaves_out_its_sender_and_other_namespaces() {
    run(async {
        let io = SocketIo::new();
        io.of("/test");
        let [(mut a, sender), (mut b, _)] = clients(&io).await;
        b.enter("/test", "").await;
        sender.broadcast().emit("a", "b");
        assert_eq!(b.text().await, r#"42["a","b"]"#);
        b.silent().await;
        a.silent().await;
    });
}

#[test]
fn rooms_are_a_union_and_each_socket_gets_it_once() {
    run(async {
        let io = SocketIo::new();
        let [(mut a, one), (mut b, two), (mut c, three)] = clients(&io).await;
        one.join("woot");
        one.join("also");
        two.join("also");
        three.join("third");
        io.to("woot").to("also").emit("a", ());
        io.to("third").emit("b", ());
        io.in_("woot").emit("c", ());
        assert_eq!(a.text().await, r#"42["a"]"#);
        assert_eq!(a.text().await, r#"42["c"]"#);
        assert_eq!(b.text().await, r#"42["a"]"#);
        assert_eq!(c.text().await, r#"42["b"]"#);
        for ws in [&mut a, &mut b, &mut c] {
            ws.silent().await;
        }
    });
}

#[test]
fn a_broadcast_to_a_room_leaves_out_its_sender_though_it_is_in() {
    run(async {
        let io = SocketIo::new();
        let [(mut a, sender), (mut b, other), (mut c, _)] = clients(&io).await;
        sender.join("woot");
        other.join("woot");
        sender.to("woot").emit("text", 1);
        sender.to("woot").emit("bin", Binary::from(vec![7]));
        sender.emit("own", Binary::from(vec![8]));
        assert_eq!(b.text().await, r#"42["text",1]"#);
        assert_eq!(b.text().await, r#"451-["bin",{"_placeholder":true,"num":0}]"#);
        assert_eq!(b.binary().await, [7]);
        assert_eq!(a.text().await, r#"451-["own",{"_placeholder":true,"num":0}]"#);
        assert_eq!(a.binary().await, [8]);
        a.silent().await;
        c.silent().await;
    });
}

#[test]
fn a_socket_knows_its_rooms_and_empty_rooms_are_gone() {
    run(async {
        let io = SocketIo::new();
        let [(_ws, socket)] = clients(&io).await;
        assert_eq!(socket.rooms(), [socket.id()]);
        for room in ["a", "b", "c"] {
            socket.join(room);
        }
        let mut rooms = socket.rooms();
        rooms[1..].sort();
        assert_eq!(rooms, [socket.id(), "a", "b", "c"]);
        socket.leave("b");
        socket.leave("never joined");
        assert_eq!(socket.rooms().len(), 3);
        let mut all = io.rooms();
        all.sort();
        assert_eq!(all, ["a", "c"]);
        socket.disconnect();
        assert!(socket.rooms().is_empty());
        assert!(io.rooms().is_empty());
    });
}

#[test]
fn ids_and_rooms_can_be_left_out() {
    run(async {
        let io = SocketIo::new();
        let [(mut a, one), (mut b, two), (mut c, three)] = clients(&io).await;
        two.join("red");
        one.broadcast().except(three.id()).emit("but three", ());
        one.broadcast().except("red").emit("but red", ());
        assert_eq!(b.text().await, r#"42["but three"]"#);
        assert_eq!(c.text().await, r#"42["but red"]"#);
        for ws in [&mut a, &mut b, &mut c] {
            ws.silent().await;
        }
    });
}

#[test]
fn a_step_does_not_change_what_it_began_with() {
    run(async {
        let io = SocketIo::new();
        let [(mut a, one), (mut b, two)] = clients(&io).await;
        one.join("red");
        two.join("blue");
        let all = io.all();
        let red = all.clone().to("red");
        let _blue = red.clone().to("blue").except("red").volatile().local();
        red.emit("red", ());
        all.emit("all", ());
        assert_eq!(a.text().await, r#"42["red"]"#);
        assert_eq!(a.text().await, r#"42["all"]"#);
        assert_eq!(b.text().await, r#"42["all"]"#);
        let others = one.broadcast();
        let _narrower = others.clone().except("blue");
        others.emit("others", ());
        assert_eq!(b.text().await, r#"42["others"]"#);
        a.silent().await;
    });
}

#[test]
fn acks_of_a_broadcast_are_collected() {
    run(async {
        let io = SocketIo::new();
        let mut all: [(Ws, Socket); 3] = clients(&io).await;
        let asked =
            spawn(io.timeout(Duration::from_secs(2)).emit_with_ack::<u64>("some event", ()));
        for (index, (ws, _)) in all.iter_mut().enumerate() {
            assert_eq!(ws.text().await, r#"420["some event"]"#);
            ws.send(&format!("430[{}]", index + 1)).await;
        }
        let mut responses = asked.await.unwrap();
        responses.sort();
        assert_eq!(responses, [1, 2, 3]);
    });
}

#[test]
fn one_that_does_not_ack_is_an_error_with_the_others_in_it() {
    run(async {
        let io = SocketIo::new();
        let mut all: [(Ws, Socket); 3] = clients(&io).await;
        // Each in turn: the answers are kept whoever is asked first.
        for silent in 0..3 {
            let limit = Duration::from_millis(300);
            let asked = spawn(io.timeout(limit).emit_with_ack::<u64>("some event", ()));
            for (index, (ws, _)) in all.iter_mut().enumerate() {
                assert_eq!(ws.text().await, format!(r#"42{silent}["some event"]"#));
                if index != silent {
                    ws.send(&format!("43{silent}[7]")).await;
                }
            }
            let error = asked.await.unwrap_err();
            assert_eq!((error.error, error.responses), (AckError::Timeout, vec![7, 7]));
        }
    });
}

#[test]
fn acks_that_did_not_come_in_time_are_waited_for_no_more() {
    run(async {
        // With room for two, an entry that stayed would push out the oldest.
        let io = SocketIo::with(Options { max_acks: 2, ..Options::default() });
        let [(mut ws, socket)] = clients(&io).await;
        let oldest = spawn(socket.emit_with_ack::<u64>("oldest", ()));
        for _ in 0..2 {
            let asked = io.timeout(Duration::from_millis(10)).emit_with_ack::<u64>("all", ());
            assert_eq!(asked.await.unwrap_err().error, AckError::Timeout);
        }
        let last = spawn(socket.emit_with_ack::<u64>("last", ()));
        for frame in [r#"420["oldest"]"#, r#"421["all"]"#, r#"422["all"]"#, r#"423["last"]"#] {
            assert_eq!(ws.text().await, frame);
        }
        for late in ["431[1]", "432[2]", "430[7]", "433[8]"] {
            ws.send(late).await;
        }
        assert_eq!((oldest.await, last.await), (Ok(7), Ok(8)));
    });
}

#[test]
fn nobody_to_ask_is_an_answer_at_once() {
    run(async {
        let io = SocketIo::new();
        let none: Vec<u64> = io.timeout(PATIENCE).emit_with_ack("some event", ()).await.unwrap();
        assert!(none.is_empty());
    });
}
