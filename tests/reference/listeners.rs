//! Listeners that hear every event, coming or going.

use crate::support::*;
use async_std::channel::unbounded;
use std::sync::{Arc, Mutex};
use tide_socketio::{Binary, SocketIo};

#[test]
fn whoever_listens_to_any_event_hears_them_all_until_told_off() {
    run(async {
        let io = SocketIo::new();
        io.on_connection(async |socket| {
            socket.on_any(async |socket, event| socket.emit("any", (event.name, event.args)));
            socket.on("known", async |socket, ()| socket.emit("listener", ()));
            socket.on("off", async |socket, ()| socket.off_any());
        });
        let (mut ws, _) = Ws::connect(serve(&io).await).await;
        ws.send(r#"42["known",1]"#).await;
        assert_eq!(ws.text().await, r#"42["any","known",[1]]"#);
        assert_eq!(ws.text().await, r#"42["listener"]"#);
        ws.send(r#"42["off"]"#).await;
        assert_eq!(ws.text().await, r#"42["any","off",[]]"#);
        ws.send(r#"42["known",1]"#).await;
        assert_eq!(ws.text().await, r#"42["listener"]"#);
    });
}

#[test]
fn whoever_watches_what_is_sent_sees_events_and_broadcasts_until_told_off() {
    run(async {
        let io = SocketIo::new();
        let (_ws, socket) = one(&io).await;
        let seen = Arc::new(Mutex::new(Vec::new()));
        let all = seen.clone();
        socket.on_any_outgoing(move |event| {
            let bytes = event.args.read::<Option<Binary>>().ok().flatten();
            all.lock().unwrap().push((event.name.clone(), bytes));
        });
        socket.emit("own", 1);
        io.emit("all", ());
        io.emit("bytes", Binary::from(vec![1]));
        socket.broadcast().emit("others", ());
        socket.off_any_outgoing();
        socket.emit("unseen", ());
        let seen: Vec<_> = std::mem::take(&mut *seen.lock().unwrap());
        let names: Vec<_> = seen.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["own", "all", "bytes"]);
        assert_eq!(seen[2].1, Some(Binary::from(vec![1])));
    });
}

#[test]
fn those_who_listen_to_all_are_called_in_the_order_they_were_added() {
    run(async {
        let io = SocketIo::new();
        io.on_connection(async |socket| {
            socket.on("x", async |socket, ()| socket.emit("listener", ()));
            socket.on_any(async |socket, _| socket.emit("first", ()));
            socket.on_any(async |socket, _| socket.emit("second", ()));
        });
        let (mut ws, socket) = one(&io).await;
        ws.send(r#"42["x"]"#).await;
        for name in ["first", "second", "listener"] {
            assert_eq!(ws.text().await, format!(r#"42["{name}"]"#));
        }
        let order = Arc::new(Mutex::new(Vec::new()));
        for name in ["first", "second"] {
            let order = order.clone();
            socket.on_any_outgoing(move |_| order.lock().unwrap().push(name));
        }
        socket.emit("x", ());
        assert_eq!(*order.lock().unwrap(), ["first", "second"]);
    });
}

#[test]
fn the_events_of_the_library_are_heard_by_name_only() {
    run(async {
        let (sender, heard) = unbounded();
        let io = SocketIo::new();
        io.on_connection(move |socket| {
            let (any, named) = (sender.clone(), sender.clone());
            socket.on_any(move |_, event| {
                let _ = any.try_send(event.name);
                async {}
            });
            socket.on("disconnect", move |_, reason: String| {
                let _ = named.try_send(reason);
                async {}
            });
            async {}
        });
        let (mut ws, _) = one(&io).await;
        ws.send(r#"42["x"]"#).await;
        ws.send("41").await;
        assert_eq!(heard.recv().await.unwrap(), "x");
        assert_eq!(heard.recv().await.unwrap(), "client namespace disconnect");
    });
}
