//! An application that throws its own sockets out at any moment, from handlers that panic and wait, while their
//! clients speak. Whoever has come must leave, and nothing of anybody may stay.

use crate::alone;
use crate::handlers::{ON_PURPOSE, expect_panics};
use crate::outcome::Failure;
use crate::stage::{Dice, serve};
use crate::ws::{Got, Ws};
use async_std::task::sleep;
use std::net::SocketAddr;
use std::panic::panic_any;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tide_socketio::{DynamicNamespace, Options, Socket, SocketIo};

const CLIENTS: u64 = 16;
const LIVES: u64 = 40;
/// How long the last of them may take to be gone.
const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Default)]
struct Counts {
    came: AtomicUsize,
    left: AtomicUsize,
}

fn welcome(socket: &Socket, counts: &Arc<Counts>) {
    counts.came.fetch_add(1, Ordering::SeqCst);
    socket.on("work", async |socket, number: u64| {
        match number % 7 {
            0 => panic_any(ON_PURPOSE),
            1 => sleep(Duration::from_micros(number)).await,
            2 => socket.join("red"),
            3 => socket.to("red").emit("news", number),
            4 if number.is_multiple_of(5) => socket.disconnect(),
            5 if number.is_multiple_of(11) => socket.disconnect_transport(),
            _ => {
                let others = socket.broadcast().fetch_sockets();
                if let Some(other) = others.first().filter(|_| number.is_multiple_of(13)) {
                    other.disconnect();
                }
            }
        }
        Ok::<_, &str>(())
    });
    socket.on("ask", async |_, ()| Ok::<_, &str>(()));
    let counts = counts.clone();
    socket.on("disconnect", move |socket, ()| {
        let left = counts.left.fetch_add(1, Ordering::SeqCst);
        async move {
            socket.nsp().emit("gone", socket.id());
            if left.is_multiple_of(50) {
                socket.nsp().disconnect_sockets(true);
            }
        }
    });
}

fn server(counts: &Arc<Counts>) -> (SocketIo, DynamicNamespace) {
    let io = SocketIo::with(Options { cleanup_empty_child_namespaces: true, ..Options::default() });
    let rooms = io.of_dynamic(|name, _| name == "/room");
    rooms.use_(async |socket| {
        match socket.auth()["dice"].as_u64() {
            Some(0) => return Err("not you".into()),
            Some(1) => panic_any(ON_PURPOSE),
            Some(2) => socket.disconnect(),
            Some(3) => sleep(Duration::from_millis(2)).await,
            _ => {}
        }
        Ok(())
    });
    let (main, room) = (counts.clone(), counts.clone());
    io.on_connection(move |socket| {
        welcome(&socket, &main);
        async {}
    });
    rooms.on_connection(move |socket| {
        welcome(&socket, &room);
        async {}
    });
    (io, rooms)
}

/// One session, until it has been thrown out or has nothing more to say. Everything it asks for in the main
/// namespace is answered, unless it is told that it is out.
fn live(address: SocketAddr, dice: &mut Dice) -> Result<(), Failure> {
    let mut ws = Ws::session(address)?;
    ws.text("40");
    ws.text(&format!("40/room,{{\"dice\":{}}}", dice.roll(6)));
    for turn in 0..dice.roll(30) {
        for _ in 0..dice.roll(4) {
            ws.text(&format!("42[\"work\",{}]", dice.roll(2_000)));
        }
        let answer = format!("43{turn}[]");
        ws.text(&format!("42{turn}[\"ask\"]"));
        loop {
            match ws.next()? {
                Got::Text(text) if text == answer => break,
                Got::Text(text) if text == "41" => return Ok(()),
                Got::Close(..) | Got::End => return Ok(()),
                Got::Text(_) => {}
                other => return Err(Failure::Wrong(format!("{other:?}"))),
            }
        }
    }
    Ok(())
}

#[test]
fn sockets_that_are_thrown_out_at_any_moment_leave_nothing_behind() {
    let _alone = alone();
    expect_panics();
    let counts = Arc::new(Counts::default());
    let (io, rooms) = server(&counts);
    let (address, stopper) = serve(&io);
    std::thread::scope(|scope| {
        for client in 1..=CLIENTS {
            scope.spawn(move || {
                let mut dice = Dice(client * 0x9e37_79b9);
                for life in 0..LIVES {
                    live(address, &mut dice)
                        .unwrap_or_else(|failure| panic!("{client}, life {life}: {failure:?}"));
                }
            });
        }
    });
    let came = || counts.came.load(Ordering::SeqCst);
    let left = || counts.left.load(Ordering::SeqCst);
    let stays = || {
        let sockets = io.sockets_count() + rooms.children().len() + io.rooms().len();
        sockets + io.engine().clients_count() + came() - left()
    };
    let begun = Instant::now();
    while stays() > 0 && begun.elapsed() < PATIENCE {
        std::thread::sleep(Duration::from_millis(10));
    }
    println!("{} came, {} left", came(), left());
    assert!(came() > 500, "only {} were let in", came());
    assert_eq!(stays(), 0, "of the sockets, namespaces, rooms and sessions");
    stopper.stop();
}
