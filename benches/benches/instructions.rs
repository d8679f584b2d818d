//! The same parts in instructions, which are the same on a busy machine: `cargo xtask bench --instructions`.

// What the macros below make of each function has no docs.
#![allow(missing_docs)]

mod subjects;

use gungraun::{library_benchmark, library_benchmark_group, main};
use std::hint::black_box;
use subjects::{Chat, Hall};
use tide_socketio::Args;
use tide_socketio::engine::{Packet, payload};
use tide_socketio::internals::{frame, packet};

#[library_benchmark(setup = subjects::body_of_100)]
#[bench::of_100("2[\"chat\",{\"m\":\"hello\"}]")]
fn payload_decode(body: String) -> (usize, String) {
    (subjects::read_body(black_box(&body)), body)
}

#[library_benchmark]
#[bench::of_100("2[\"chat\",{\"m\":\"hello\"}]")]
fn payload_push(message: &str) -> String {
    subjects::body_of_100(black_box(message))
}

#[library_benchmark]
#[bench::of_64_kib(vec![0x5a; 64 * 1024])]
fn binary_push(data: Vec<u8>) -> (String, Vec<u8>) {
    let mut body = String::new();
    payload::push(&mut body, &Packet::Binary(black_box(data.as_slice()).into()));
    (body, data)
}

#[library_benchmark]
#[bench::small(subjects::masked(subjects::event().as_bytes()))]
#[bench::of_64_kib(subjects::masked(&[b'x'; 64 * 1024]))]
fn frame_read(mut bytes: Vec<u8>) -> (usize, Vec<u8>) {
    (subjects::read_frame(black_box(&mut bytes)), bytes)
}

#[library_benchmark]
#[bench::small(subjects::event().into_bytes())]
#[bench::of_64_kib(vec![b'x'; 64 * 1024])]
fn frame_write(data: Vec<u8>) -> (Vec<u8>, Vec<u8>) {
    let mut out = Vec::with_capacity(data.len() + 10);
    frame::encode(frame::Opcode::Text, black_box(&data), &mut out);
    (out, data)
}

#[library_benchmark]
#[bench::event(format!("2/room,17{}", subjects::event()))]
fn packet_decode(event: String) -> (usize, String) {
    (packet::Packet::decode(black_box(&event)).expect("sound").args().expect("sound").len(), event)
}

#[library_benchmark]
#[bench::a_struct(Args::of(subjects::chat()).expect("JSON"))]
fn args_read(args: Args) -> (Chat, Args) {
    (black_box(&args).read::<Chat>().expect("a chat"), args)
}

#[library_benchmark]
#[bench::to_1(Hall::open(1))]
#[bench::to_1000(Hall::open(1_000))]
fn emit(hall: Hall) -> Hall {
    hall.io.emit("chat", black_box(&subjects::chat()));
    hall
}

library_benchmark_group!(
    name = codec,
    benchmarks = [
        payload_decode,
        payload_push,
        binary_push,
        frame_read,
        frame_write,
        packet_decode,
        args_read,
        emit
    ]
);
main!(library_benchmark_groups = codec);
