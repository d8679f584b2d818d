//! Clients whose pongs come late or never, and those that close one half of their connection.

use crate::alone;
use crate::client::{Client, Polling};
use crate::outcome::{Failure, same};
use crate::proxy::{Cut, How, Proxy, Side};
use crate::stage::serve;
use crate::ws::{Got, OPEN, Ws};
use async_std::task;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant};
use tide_socketio::{Options, SocketIo};

const PING_INTERVAL: Duration = Duration::from_millis(300);
const PING_TIMEOUT: Duration = Duration::from_millis(500);
/// How far from its deadline a pong is early or late, and how exact a real clock has to be.
const MARGIN: Duration = Duration::from_millis(250);

/// A server, and the reasons of all disconnects in their order.
fn server(options: Options) -> (SocketIo, std::net::SocketAddr, mpsc::Receiver<String>) {
    let io = SocketIo::with(options);
    let (tell, reasons) = mpsc::channel();
    io.on_connection(move |socket| {
        let tell = tell.clone();
        async move {
            socket.on("disconnect", move |_, reason: String| {
                let _ = tell.send(reason);
                async {}
            });
        }
    });
    let (address, _) = serve(&io);
    (io, address, reasons)
}

fn quick() -> Options {
    Options { ping_interval: PING_INTERVAL, ping_timeout: PING_TIMEOUT, ..Options::default() }
}

/// Runs a test that is about times. One that fails while the machine itself was late proves nothing, and is run
/// again: a task like the server's own sees how late it is.
fn on_time(test: fn() -> Result<(), Failure>) -> Result<(), Failure> {
    let _alone = alone();
    const NAP: Duration = Duration::from_millis(5);
    for _ in 0..5 {
        let worst = Arc::new(AtomicU64::new(0));
        let seen = worst.clone();
        let meter = task::spawn(async move {
            loop {
                let begun = Instant::now();
                task::sleep(NAP).await;
                let late = begun.elapsed() - NAP;
                seen.fetch_max(late.as_millis() as u64, Ordering::SeqCst);
            }
        });
        let result = test();
        task::block_on(meter.cancel());
        let late = Duration::from_millis(worst.load(Ordering::SeqCst));
        match result {
            Err(failure) if late > MARGIN / 5 => {
                println!(
                    "{failure:?}, but a timer of this machine was late by {late:?}: once more"
                );
            }
            result => return result,
        }
    }
    Err("this machine is never on time".into())
}

fn is_about(what: &str, waited: Duration) -> Result<(), Failure> {
    same(&format!("{what} after {waited:?}"), waited.abs_diff(PING_TIMEOUT) < MARGIN, true)
}

fn ping(ws: &mut Ws) -> Result<Instant, Failure> {
    same("the ping", ws.next()?, Got::Text("2".to_owned()))?;
    Ok(Instant::now())
}

#[test]
fn f10_a_pong_just_in_time_and_one_more() -> Result<(), Failure> {
    on_time(|| {
        let (io, address, reasons) = server(quick());
        let (mut ws, _) = Ws::connect(address)?;
        for _ in 0..2 {
            ping(&mut ws)?;
            std::thread::sleep(PING_TIMEOUT - MARGIN);
            ws.text("3");
            ws.text("3");
        }
        let last = ping(&mut ws)?;
        same("sockets", io.sockets_count(), 1)?;
        // And none any more: the one too many has not counted for this ping.
        same("the close", matches!(ws.next()?, Got::Close(1008, _)), true)?;
        is_about("closed", last.elapsed())?;
        same("the reason", reasons.recv_timeout(MARGIN).as_deref(), Ok("ping timeout"))
    })
}

#[test]
fn f10_a_pong_just_too_late() -> Result<(), Failure> {
    on_time(|| {
        let (io, address, reasons) = server(quick());
        let (mut ws, _) = Ws::connect(address)?;
        let pinged = ping(&mut ws)?;
        let reason = reasons.recv_timeout(PING_TIMEOUT + MARGIN);
        same("the reason", reason.as_deref(), Ok("ping timeout"))?;
        is_about("closed", pinged.elapsed())?;
        ws.text("3");
        same("the close", matches!(ws.next()?, Got::Close(1008, _)), true)?;
        same("sockets", io.sockets_count(), 0)
    })
}

#[test]
fn f4_a_websocket_half_closed_is_closed() -> Result<(), Failure> {
    let _alone = alone();
    let (io, address, reasons) = server(Options::default());
    let proxy = Proxy::start(address);
    // After CONNECT, the client's half of the connection ends.
    let after = crate::ws::frame(0x81, b"40").len();
    proxy.cut(Cut { from: Side::Client, after, how: How::Half });
    let mut ws = Ws::open(proxy.address, OPEN)?;
    ws.text("40");
    let begun = Instant::now();
    let reason = reasons.recv_timeout(Duration::from_secs(1));
    assert_eq!(reason.as_deref(), Ok("transport close"), "after {:?}", begun.elapsed());
    while ws.next()? != Got::End {}
    assert!(begun.elapsed() < Duration::from_secs(1), "the connection lives on");
    assert_eq!(io.engine().clients_count(), 0);
    Ok(())
}

#[test]
fn f4_a_poll_half_closed_is_closed() -> Result<(), Failure> {
    let _alone = alone();
    let (io, address, reasons) = server(Options::default());
    let (polling, _) = Polling::connect(address)?;
    let poll: Client = polling.begin_poll()?;
    poll.stream.shutdown(std::net::Shutdown::Write).map_err(|error| error.to_string())?;
    let reason = reasons.recv_timeout(Duration::from_secs(1));
    assert_eq!(reason.as_deref(), Ok("transport close"));
    std::thread::sleep(Duration::from_millis(1));
    assert_eq!(io.engine().clients_count(), 0);
    Ok(())
}
