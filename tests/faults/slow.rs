//! Clients that read slowly or not at all, while others are quick.

use crate::alone;
use crate::crowd::{Crowd, Frames, p99, post, post_number};
use crate::outcome::{Failure, same};
use crate::process::{Process, Setup};
use crate::scale::{MIB, measured, scaled};
use crate::ws::{KEY, OPEN, VERSION, Ws, frame, handshake};
use socket2::{Domain, Socket, Type};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// The largest queue a client may have, by default.
const MAX_OUTBOX: u64 = MIB;
/// What is on its way from the queue to the socket.
const BATCH: u64 = 64 * 1024;
/// The bytes of a post.
const POST: usize = 10_000;

/// A client in the main namespace whose system takes next to nothing for it.
fn slow(address: SocketAddr) -> Result<TcpStream, Failure> {
    let wrong = |error: std::io::Error| Failure::Wrong(error.to_string());
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).map_err(wrong)?;
    socket.set_recv_buffer_size(4096).map_err(wrong)?;
    socket.connect(&address.into()).map_err(wrong)?;
    let mut stream = TcpStream::from(socket);
    let request = handshake(OPEN, &format!("{VERSION}{KEY}"));
    stream.write_all(&[request.as_bytes(), &frame(0x81, b"40")].concat()).map_err(wrong)?;
    let mut seen = Vec::new();
    while !String::from_utf8_lossy(&seen).contains("40{\"sid\"") {
        let mut byte = [0];
        stream.read_exact(&mut byte).map_err(wrong)?;
        seen.extend(byte);
    }
    Ok(stream)
}

struct Load {
    fast: usize,
    slow: usize,
    posts: u64,
    /// From one post to the next.
    pace: Duration,
    /// How often a second a slow client reads a byte.
    reads: Option<Duration>,
}

#[derive(Debug)]
struct Came {
    p99: Duration,
    /// What the memory of the server grew by at most.
    growth: u64,
}

fn play(load: &Load) -> Result<Came, Failure> {
    let many = 10_000;
    let process = Process::start(&Setup {
        max_connections_per_ip: many,
        max_sessions_per_ip: many,
        ..Setup::default()
    });
    let crowd = Crowd::gather(process.address, load.fast, load.posts);
    let (mut sender, _) = Ws::connect(process.address)?;
    let slow: Vec<_> = (0..load.slow).map(|_| slow(process.address)).collect::<Result<_, _>>()?;
    process.forget_peak();
    let before = process.usage().memory;
    let reading = AtomicBool::new(true);
    let (begun, waits) = std::thread::scope(|scope| {
        if let Some(pause) = load.reads {
            let (slow, reading) = (&slow, &reading);
            scope.spawn(move || {
                while reading.load(Ordering::SeqCst) {
                    slow.iter().for_each(|mut stream| drop(stream.read(&mut [0])));
                    std::thread::sleep(pause);
                }
            });
        }
        let begun = Instant::now();
        for number in 1..=load.posts {
            crowd.sends(number);
            sender.text(&post(number, POST));
            // It does not read, so it does not know when it is asked.
            sender.text("3");
            let next = begun + load.pace * number as u32;
            std::thread::sleep(next.saturating_duration_since(Instant::now()));
        }
        let waits = crowd.heard_all();
        reading.store(false, Ordering::SeqCst);
        (begun, waits)
    });
    let waits = waits?;
    let growth = process.usage().peak - before;
    for mut stream in slow {
        let gone = process.gone.recv_timeout(Duration::from_secs(2));
        let (at, gone) = gone.map_err(|_| "a slow client was not closed")?;
        same("the reason", gone.reason, "slow consumer".to_owned())?;
        is_on_time(&mut stream, at - begun, gone.posts, load.pace)?;
    }
    Ok(Came { p99: p99(&waits), growth })
}

/// What the system has for a client that was closed is there to read, and says how much of it the server had in
/// its own queue when it closed it, `after` so much time and so many posts.
fn is_on_time(
    stream: &mut TcpStream,
    after: Duration,
    posts: u64,
    pace: Duration,
) -> Result<(), Failure> {
    let (mut frames, mut last) = (Frames::default(), 0);
    let mut buffer = [0; 64 * 1024];
    stream.set_read_timeout(Some(Duration::from_secs(5))).map_err(|error| error.to_string())?;
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => frames.take(&buffer[..count], |_, packet| {
                last = post_number(packet).unwrap_or(last);
            }),
            Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => break,
            Err(_) => return Err("a closed client's connection is open".into()),
        }
    }
    let queued = (posts - last) * POST as u64;
    // Two posts are in parts on both sides of the border; the count is taken a little after the close.
    let later = Duration::from_millis(scaled(50, 200)).div_duration_f64(pace).ceil() as u64;
    let most = MAX_OUTBOX + BATCH + (2 + later) * POST as u64;
    if queued > most {
        return Err(Failure::Measured(format!("{queued} bytes were in the queue of {most}")));
    }
    let full = pace * (last + MAX_OUTBOX / POST as u64) as u32;
    println!("closed {after:?} after the start, full {full:?} after it, {queued} bytes queued");
    match after.saturating_sub(full) {
        late if late > Duration::from_secs(2) => {
            Err(Failure::Measured(format!("late by {late:?}")))
        }
        _ => Ok(()),
    }
}

/// Plays with and without the slow clients, and holds one against the other.
fn compare(load: &Load) -> Result<(), Failure> {
    let _alone = alone();
    measured(|| {
        let without = play(&Load { slow: 0, ..*load })?;
        let with = play(load)?;
        println!("without: {without:?}\nwith {}: {with:?}", load.slow);
        let allowed = without.growth + 2 * MIB * load.slow as u64;
        if with.growth > allowed {
            let grown = with.growth;
            return Err(Failure::Measured(format!("memory grew by {grown}, {allowed} allowed")));
        }
        // Below this the two differ by chance.
        let noise = Duration::from_millis(scaled(100, 5));
        let allowed = (without.p99.mul_f64(1.2)).max(without.p99 + noise);
        match with.p99 {
            p99 if p99 > allowed => {
                Err(Failure::Measured(format!("p99 {p99:?}, {allowed:?} allowed")))
            }
            _ => Ok(()),
        }
    })
}

#[test]
fn f1_one_client_never_reads() -> Result<(), Failure> {
    compare(&Load {
        fast: scaled(20, 1_000),
        slow: 1,
        // A hundred a second, a gigabyte, is more than two cores can send and read.
        posts: scaled(400, 1_500),
        pace: scaled(Duration::from_micros(2_500), Duration::from_millis(40)),
        reads: None,
    })
}

#[test]
fn f2_a_hundred_clients_read_a_byte_a_second() -> Result<(), Failure> {
    compare(&Load {
        fast: scaled(10, 100),
        slow: scaled(20, 100),
        posts: scaled(400, 6_000),
        pace: scaled(Duration::from_micros(2_500), Duration::from_millis(10)),
        reads: Some(Duration::from_secs(1)),
    })
}

/// A client that says all is well and takes nothing, of a server that has not much to say to it: its queue never
/// gets full.
#[test]
#[ignore = "takes half a minute; `cargo xtask check faults` runs it"]
fn f2_a_client_that_takes_nothing_is_closed() -> Result<(), Failure> {
    let _alone = alone();
    measured(take_nothing)
}

fn take_nothing() -> Result<(), Failure> {
    let ping = (1_000, 20_000);
    let process = Process::start(&Setup { ping, ..Setup::default() });
    let (mut sender, _) = Ws::connect(process.address)?;
    let mut stream = slow(process.address)?;
    // More than the system takes for it, and less than the queue.
    let (size, mut number) = (500_000, 0);
    let begun = Instant::now();
    let gone = loop {
        if number < 7 {
            number += 1;
            sender.text(&post(number, size));
        }
        for stream in [&mut stream, &mut sender.client.stream] {
            let _ = stream.write_all(&frame(0x81, b"3"));
        }
        match process.gone.recv_timeout(Duration::from_millis(500)) {
            Ok((_, gone)) => break gone,
            Err(_) if begun.elapsed() > Duration::from_secs(40) => {
                return Err("a client that takes nothing stays".into());
            }
            Err(_) => {}
        }
    };
    same("the reason", gone.reason, "slow consumer".to_owned())?;
    let after = begun.elapsed();
    println!("closed {after:?} after the first of what it did not take");
    match after.abs_diff(Duration::from_secs(22)) {
        off if off > Duration::from_secs(4) => Err(Failure::Measured(format!("after {after:?}"))),
        _ => Ok(()),
    }
}
