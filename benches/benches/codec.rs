//! The parts that compute and wait for nothing, by the clock: `cargo bench --package benches --bench codec`.

mod subjects;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use std::time::{Duration, Instant};
use subjects::{Chat, Hall};
use tide_socketio::engine::{Packet, payload};
use tide_socketio::internals::{frame, packet};
use tide_socketio::{Args, Binary};

/// The body of a poll in which a hundred messages have gathered.
fn payloads(c: &mut Criterion) {
    let message = format!("2{}", subjects::event());
    let body = subjects::body_of_100(&message);
    let mut group = c.benchmark_group("payload of 100");
    group.throughput(Throughput::Bytes(body.len() as u64));
    group.bench_function("decode", |b| b.iter(|| subjects::read_body(black_box(&body))));
    group.bench_function("push", |b| b.iter(|| subjects::body_of_100(black_box(&message))));
}

/// Base64, which binary needs over long-polling.
fn binary(c: &mut Criterion) {
    let data = vec![0x5a; 64 * 1024];
    let mut text = String::new();
    payload::push(&mut text, &Packet::Binary(data.as_slice().into()));

    let mut group = c.benchmark_group("binary packet of 64 KiB");
    group.throughput(Throughput::Bytes(data.len() as u64));
    group.bench_function("decode", |b| b.iter(|| Packet::decode(black_box(&text)).expect("sound")));
    group.bench_function("push", |b| {
        b.iter_batched_ref(
            || String::with_capacity(text.len()),
            |body| payload::push(body, &Packet::Binary(black_box(data.as_slice()).into())),
            BatchSize::SmallInput,
        );
    });
}

/// An event's arguments, from a handler's value and to it.
fn args(c: &mut Criterion) {
    let value = subjects::chat();
    let args = Args::of(&value).expect("JSON");
    let with_attachment = (value, Binary(vec![0x5a; 1024].into()));

    let mut group = c.benchmark_group("args");
    group.bench_function("of a struct", |b| b.iter(|| Args::of(black_box(&with_attachment.0))));
    group.bench_function("of a struct and an attachment", |b| {
        b.iter(|| Args::of(black_box(&with_attachment)));
    });
    group.bench_function("read a struct", |b| b.iter(|| black_box(&args).read::<Chat>()));
    group.bench_function("read any JSON", |b| {
        b.iter(|| black_box(&args).read::<serde_json::Value>());
    });
}

/// WebSocket frames, as a client masks them and as a server writes them.
fn frames(c: &mut Criterion) {
    let event = subjects::event().into_bytes();
    for (name, data) in [("small", event), ("64 KiB", vec![b'x'; 64 * 1024])] {
        let masked = subjects::masked(&data);
        let mut group = c.benchmark_group(format!("{name} frame"));
        group.throughput(Throughput::Bytes(data.len() as u64));
        group.bench_function("read", |b| {
            b.iter_batched_ref(
                || masked.clone(),
                |bytes| subjects::read_frame(bytes),
                BatchSize::SmallInput,
            );
        });
        group.bench_function("write", |b| {
            let mut out = Vec::with_capacity(masked.len());
            b.iter(|| {
                out.clear();
                frame::encode(frame::Opcode::Text, black_box(&data), &mut out);
            });
        });
    }
}

/// Packets of Socket.IO.
fn packets(c: &mut Criterion) {
    let event = format!("2/room,17{}", subjects::event());
    let mut group = c.benchmark_group("event");
    group.bench_function("decode", |b| {
        b.iter(|| {
            packet::Packet::decode(black_box(&event)).expect("sound").args().expect("sound").len()
        });
    });
    group.bench_function("encode the head", |b| {
        b.iter(|| packet::head(packet::Kind::Event, 0, black_box("/room"), Some(17), 80));
    });
}

/// What an emit to everybody does before anything is written: sessions on long-polling, in memory, whose
/// outboxes are emptied outside the measurement.
fn broadcast(c: &mut Criterion) {
    let mut group = c.benchmark_group("emit to sessions in memory");
    for clients in [1, 100, 1_000] {
        let hall = Hall::open(clients);
        let said = subjects::chat();
        group.throughput(Throughput::Elements(clients));
        group.bench_function(clients.to_string(), |b| {
            b.iter_custom(|emits| {
                let mut spent = Duration::ZERO;
                for done in (0..emits).step_by(EMITS) {
                    let start = Instant::now();
                    (done..emits).take(EMITS).for_each(|_| hall.io.emit("chat", black_box(&said)));
                    spent += start.elapsed();
                    hall.fetch();
                }
                spent
            });
        });
    }
}

/// How many messages wait in an outbox before it is emptied.
const EMITS: usize = 32;

criterion_group!(codec, payloads, binary, args, frames, packets, broadcast);
criterion_main!(codec);
