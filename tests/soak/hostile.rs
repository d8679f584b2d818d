//! The rows of bad input, one after the other, as long as it takes.

use crate::client::{Polling, begin};
use crate::dice::Dice;
use crate::frame_rows::frames;
use crate::member::World;
use crate::outcome::Failure;
use crate::packet_rows::{Frame, packets};
use crate::post_rows::posts;
use crate::request_rows::requests;
use crate::ws::{Got, Ws, frame};
use std::io::Write;
use std::net::{Shutdown, SocketAddr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// How long the server may take to show what it makes of it.
const SHOWN: Duration = Duration::from_millis(300);

/// What one of them sends.
enum Row {
    /// Frames of a connected socket, as they are on the wire.
    Frames(Vec<u8>),
    /// The method and the query.
    Request(&'static str, String),
    /// Header lines and body of a POST of a session.
    Post(&'static str, Vec<u8>),
}

fn rows() -> Vec<Row> {
    let wire = |frames: &[Frame]| {
        let bytes = frames.iter().map(|one| match one {
            Frame::Text(text) => frame(0x81, text.as_bytes()),
            Frame::Binary(data) => frame(0x82, data),
        });
        bytes.collect::<Vec<_>>().concat()
    };
    let packets = packets().into_iter().map(|row| Row::Frames(wire(&row.send)));
    let frames = frames().into_iter().map(|row| Row::Frames(row.send));
    let requests = requests().into_iter().map(|row| Row::Request(row.method, row.query));
    let posts = posts().into_iter().map(|row| Row::Post(row.header, row.body));
    packets.chain(frames).chain(requests).chain(posts).collect()
}

fn play(address: SocketAddr, row: &Row) -> Result<(), Failure> {
    match row {
        Row::Frames(bytes) => {
            let (mut ws, _) = Ws::connect(address)?;
            let stream = &ws.client.stream;
            stream.set_read_timeout(Some(SHOWN)).map_err(|error| error.to_string())?;
            // What is longer than all buffers is not read to its end: the server has closed by then.
            stream.set_write_timeout(Some(SHOWN)).map_err(|error| error.to_string())?;
            let _ = ws.client.stream.write_all(bytes);
            while !matches!(ws.next(), Ok(Got::End) | Err(_)) {}
            let _ = ws.client.stream.shutdown(Shutdown::Both);
        }
        Row::Request(method, query) => {
            let body: &[u8] = if *method == "POST" { b"40" } else { b"" };
            let target = format!("/socket.io/?{query}");
            let answer = begin(address, method, &target, "", body)?.answer()?;
            if answer.body.starts_with("0{") {
                let sid = answer.body.split('"').nth(3).unwrap_or_default().to_owned();
                Polling { address, sid }.post(b"1")?;
            }
        }
        Row::Post(header, body) => {
            let (polling, _) = Polling::connect(address)?;
            begin(address, "POST", &polling.target(), header, body)?.answer()?;
            polling.post(b"1")?;
        }
    }
    Ok(())
}

/// Plays rows, in any order, until all is to end. Counts those played, and those that got no answer at all.
pub fn bother(seed: u64, world: &World, played: &AtomicU64, unanswered: &AtomicU64) {
    let (rows, mut dice) = (rows(), Dice(seed));
    while !world.quiet.load(Ordering::SeqCst) {
        let row = &rows[dice.roll(rows.len() as u64) as usize];
        if let Err(failure) = play(world.address, row) {
            eprintln!("a row of bad input: {failure:?}");
            unanswered.fetch_add(1, Ordering::SeqCst);
        }
        played.fetch_add(1, Ordering::SeqCst);
        std::thread::sleep(Duration::from_millis(dice.roll(1500)));
    }
}
