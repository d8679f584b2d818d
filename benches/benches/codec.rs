//! The parts that compute and wait for nothing: `cargo bench --package benches --bench codec`.

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use serde::{Deserialize, Serialize};
use std::hint::black_box;
use tide_socketio::engine::{Packet, payload};
use tide_socketio::{Args, Binary};

/// What the scenarios of the load generator send.
#[derive(Serialize, Deserialize)]
struct Chat {
    m: String,
}

fn chat() -> Chat {
    Chat { m: "x".repeat(60) }
}

/// The body of a poll in which a hundred messages have gathered.
fn payloads(c: &mut Criterion) {
    let text = serde_json::to_string(&("chat", chat())).expect("JSON");
    let message = format!("2{text}");
    let mut body = String::new();
    (0..100).for_each(|_| payload::push(&mut body, &Packet::Text(&message)));

    let mut group = c.benchmark_group("payload of 100");
    group.throughput(Throughput::Bytes(body.len() as u64));
    group.bench_function("decode", |b| {
        b.iter(|| {
            let packets = payload::decode(black_box(&body), 1_000);
            packets.map(|packet| packet.expect("sound")).fold(0, |sum, packet| match packet {
                Packet::Text(text) => sum + text.len(),
                other => unreachable!("{other:?}"),
            })
        });
    });
    group.bench_function("push", |b| {
        b.iter_batched_ref(
            || String::with_capacity(body.len()),
            |body| (0..100).for_each(|_| payload::push(body, &Packet::Text(black_box(&message)))),
            BatchSize::SmallInput,
        );
    });
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
    let value = chat();
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

criterion_group!(codec, payloads, binary, args);
criterion_main!(codec);
