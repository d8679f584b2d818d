//! Requests of one session at the same time, in orders that a timetable of random delays gives.

use crate::alone;
use crate::client::{Client, Polling};
use crate::outcome::{Failure, same};
use crate::stage::{Dice, serve};
use crate::ws::{Got, Ws};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tide_socketio::{Args, SocketIo};

const ROUNDS: u64 = 100;
/// The number of an echo after which nothing more is to come.
const LAST: u64 = 999;

fn echo(number: u64) -> String {
    format!("42[\"echo\",{number}]")
}

fn pause(dice: &mut Dice) {
    std::thread::sleep(Duration::from_micros(dice.roll(3000)));
}

/// Everything that polls bring until so many echoes have come.
fn echoes(polling: &Polling, count: usize) -> Result<Vec<String>, Failure> {
    let mut seen = Vec::new();
    while seen.len() < count {
        let answer = polling.poll()?;
        same("a poll", answer.status, 200)?;
        seen.extend(
            answer
                .body
                .split('\x1e')
                .filter(|packet| packet.starts_with("42[\"echo\""))
                .map(str::to_owned),
        );
    }
    Ok(seen)
}

/// POSTs before, during and after an upgrade: all echoes come, in order.
fn posts_and_an_upgrade(address: SocketAddr, dice: &mut Dice) -> Result<&'static str, Failure> {
    let (polling, _) = Polling::connect(address)?;
    let (mut posting, mut upgrading) =
        (Dice(dice.roll(u64::MAX - 1) + 1), Dice(dice.roll(u64::MAX - 1) + 1));
    let mut ws = std::thread::scope(|scope| {
        let posts = scope.spawn(|| {
            for number in 1..=4 {
                pause(&mut posting);
                same("a POST", polling.post(echo(number).as_bytes())?.status, 200)?;
            }
            Ok::<_, Failure>(())
        });
        pause(&mut upgrading);
        let mut ws = Ws::open(address, &polling.ws_target())?;
        ws.text("2probe");
        same("the probe", ws.next()?, Got::Text("3probe".to_owned()))?;
        posts.join().map_err(|_| "the sender panicked")??;
        Ok::<_, Failure>(ws)
    })?;
    // What was said before waits for whichever comes first.
    let mut seen = if dice.roll(2) == 0 { echoes(&polling, 1)? } else { Vec::new() };
    ws.text("5");
    ws.text(&echo(5));
    while seen.len() < 5 {
        match ws.next()? {
            Got::Text(text) => seen.push(text),
            other => return Err(Failure::Wrong(format!("{other:?} after {seen:?}"))),
        }
    }
    same("all echoes", seen, (1..=5).map(echo).collect())?;
    pause(dice);
    same("a poll after the upgrade", polling.poll()?.status, 400)?;
    ws.text(&echo(6));
    same("the WebSocket lives", ws.next()?, Got::Text(echo(6)))?;
    Ok("upgraded, all in order")
}

/// Two requests of one kind: either they do not meet, or the session ends. Nothing between.
fn two_at_once(
    address: SocketAddr,
    dice: &mut Dice,
    meanwhile: impl Fn(&str),
    request: impl Fn(&Polling, u64) -> Result<u16, Failure> + Sync,
    is_alive: impl Fn(&Polling) -> Result<(), Failure>,
) -> Result<bool, Failure> {
    let (polling, id) = Polling::connect(address)?;
    let delays = [dice.roll(4000), dice.roll(4000)];
    let (polling, done) = (&polling, &AtomicUsize::new(0));
    let statuses = std::thread::scope(|scope| {
        let both = [1, 2].map(|number| {
            let request = &request;
            scope.spawn(move || {
                std::thread::sleep(Duration::from_micros(delays[number as usize - 1]));
                let status = request(polling, number);
                done.fetch_add(1, Ordering::SeqCst);
                status
            })
        });
        while done.load(Ordering::SeqCst) < 2 {
            std::thread::sleep(Duration::from_millis(2));
            meanwhile(&id);
        }
        both.map(|one| one.join().expect("no panic"))
    });
    let [first, second] = statuses;
    let (first, second) = (first?, second?);
    if (first, second) == (200, 200) {
        is_alive(polling)?;
        return Ok(true);
    }
    same("one refused", [first, second].contains(&400), true)?;
    polling.is_gone()?;
    Ok(false)
}

fn two_polls(io: &SocketIo, address: SocketAddr, dice: &mut Dice) -> Result<&'static str, Failure> {
    // A poll ends when the server has something to say.
    let meanwhile = |id: &str| {
        if let Some(socket) = io.socket(id) {
            socket.emit("news", ());
        }
    };
    let request = |polling: &Polling, _| Ok(polling.poll()?.status);
    let lives = |polling: &Polling| {
        same("a POST of a living session", polling.post(echo(LAST).as_bytes())?.status, 200)?;
        let mut seen = String::new();
        while !seen.ends_with(&echo(LAST)) {
            let answer = polling.poll()?;
            same("a poll of a living session", answer.status, 200)?;
            seen = answer.body;
        }
        Ok(())
    };
    Ok(if two_at_once(address, dice, meanwhile, request, lives)? {
        "polls apart"
    } else {
        "polls met, closed"
    })
}

fn two_posts(address: SocketAddr, dice: &mut Dice) -> Result<&'static str, Failure> {
    // Under way for a while: the second half comes later.
    let request = |polling: &Polling, number| {
        let (target, event) = (polling.target(), echo(number));
        let (first, second) = event.split_at(5);
        let mut client = Client::connect(address)?;
        let length = event.len();
        client.send(format!(
            "POST {target} HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n\r\n{first}"
        ));
        std::thread::sleep(Duration::from_micros(1500));
        client.send(second);
        Ok(client.answer()?.status)
    };
    let meanwhile = |_: &str| ();
    let lives = |polling: &Polling| {
        let mut seen = echoes(polling, 2)?;
        seen.sort();
        same("both echoes", seen, [echo(1), echo(2)].into())
    };
    Ok(if two_at_once(address, dice, meanwhile, request, lives)? {
        "POSTs apart"
    } else {
        "POSTs met, closed"
    })
}

#[test]
fn f16_a_hundred_interleavings() {
    let _alone = alone();
    let io = SocketIo::new();
    io.on_connection(async |socket| {
        socket.on("echo", async |socket, args: Args| socket.emit("echo", args));
    });
    let (address, stopper) = serve(&io);
    let mut dice = Dice(0x5eed_1234);
    let mut came = BTreeMap::new();
    for round in 0..ROUNDS {
        let seed = dice.0;
        let result = match round % 3 {
            0 => posts_and_an_upgrade(address, &mut dice),
            1 => two_polls(&io, address, &mut dice),
            _ => two_posts(address, &mut dice),
        };
        let what =
            result.unwrap_or_else(|failure| panic!("round {round}, seed {seed}: {failure:?}"));
        *came.entry(what).or_insert(0) += 1;
    }
    println!("{came:?}");
    assert_eq!(came.len(), 5, "each kind met at least once, and did not at least once");
    stopper.stop();
}
