//! Handlers that panic, and one that holds its thread.

use crate::alone;
use crate::outcome::{Failure, same};
use crate::stage::serve;
use crate::ws::{Got, Ws};
use std::time::{Duration, Instant};
use tide_socketio::SocketIo;

const CLIENTS: u64 = 10;
const EVENTS: u64 = 200;

/// Prints all panics but those that are meant to be.
pub fn expect_panics() {
    let print = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if panic.payload().downcast_ref::<&str>() != Some(&ON_PURPOSE) {
            print(panic);
        }
    }));
}

pub const ON_PURPOSE: &str = "on purpose";

#[test]
fn f21_one_handler_in_a_hundred_panics() {
    let _alone = alone();
    expect_panics();
    let io = SocketIo::new();
    io.on_connection(async |socket| {
        socket.on("work", async |socket, number: u64| {
            if number.is_multiple_of(100) {
                std::panic::panic_any(ON_PURPOSE);
            }
            socket.emit("done", number);
        });
    });
    let (address, stopper) = serve(&io);
    let work = |client: u64| {
        let (mut ws, _) = Ws::connect(address)?;
        for number in 1..=EVENTS {
            ws.text(&format!("42[\"work\",{number}]"));
        }
        for number in (1..=EVENTS).filter(|number| !number.is_multiple_of(100)) {
            same("an answer", ws.next()?, Got::Text(format!("42[\"done\",{number}]")))?;
        }
        Ok::<_, Failure>((client, ws))
    };
    let clients: Vec<_> = std::thread::scope(|scope| {
        let clients: Vec<_> =
            (0..CLIENTS).map(|client| scope.spawn(move || work(client))).collect();
        clients
            .into_iter()
            .map(|client| client.join().expect("no panic").expect("answers"))
            .collect()
    });
    assert_eq!(io.sockets_count(), CLIENTS as usize, "all of them live");
    // No lock was left in a state that others trip over.
    io.emit("all", ());
    for (client, mut ws) in clients {
        let next = ws.next().expect("a broadcast");
        assert_eq!(next, Got::Text("42[\"all\"]".to_owned()), "client {client}");
    }
    stopper.stop();
}

#[test]
fn f22_a_handler_that_holds_its_thread_holds_up_nobody_else() -> Result<(), Failure> {
    let _alone = alone();
    const HELD: Duration = Duration::from_secs(1);
    let io = SocketIo::new();
    io.on_connection(async |socket| {
        socket.on("hold", async |socket, ()| {
            std::thread::sleep(HELD);
            socket.emit("released", ());
        });
        socket.on("ask", async |socket, number: u64| socket.emit("answer", number));
    });
    let (address, stopper) = serve(&io);
    let (mut other, _) = Ws::connect(address)?;
    let (mut holder, _) = Ws::connect(address)?;
    let begun = Instant::now();
    holder.text(r#"42["hold"]"#);
    let mut waits = Vec::new();
    while begun.elapsed() < HELD {
        let asked = Instant::now();
        let number = waits.len();
        other.text(&format!("42[\"ask\",{number}]"));
        same("the answer", other.next()?, Got::Text(format!("42[\"answer\",{number}]")))?;
        waits.push(asked.elapsed());
        std::thread::sleep(Duration::from_millis(2));
    }
    same("the holder", holder.next()?, Got::Text(r#"42["released"]"#.to_owned()))?;
    waits.sort();
    let p99 = waits[waits.len() * 99 / 100];
    println!("{} answers meanwhile, p99 {p99:?}", waits.len());
    assert!(p99 < Duration::from_millis(100), "the others waited {p99:?}");
    stopper.stop();
    Ok(())
}
