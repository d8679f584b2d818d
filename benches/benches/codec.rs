//! The parts that compute and wait for nothing: `cargo bench --package benches --bench codec`.

use async_std::task::block_on;
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use serde::{Deserialize, Serialize};
use std::hint::black_box;
use std::time::{Duration, Instant};
use tide::http::{Method, Request, Response, Url};
use tide_socketio::SocketIo;
use tide_socketio::engine::{Packet, payload};
use tide_socketio::internals::{frame, packet};
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

/// WebSocket frames, as a client masks them and as a server writes them.
fn frames(c: &mut Criterion) {
    let text = serde_json::to_vec(&("chat", chat())).expect("JSON");
    let masked = |data: &[u8]| {
        let mut bytes = Vec::new();
        frame::encode(frame::Opcode::Text, data, &mut bytes);
        let head = bytes.len() - data.len();
        let mask = [1, 2, 3, 4];
        bytes[1] |= 0x80;
        bytes[head..].iter_mut().zip(mask.iter().cycle()).for_each(|(byte, mask)| *byte ^= mask);
        bytes.splice(head..head, mask);
        bytes
    };
    for (name, data) in [("small", &text), ("64 KiB", &vec![b'x'; 64 * 1024])] {
        let masked = masked(data);
        let mut group = c.benchmark_group(format!("{name} frame"));
        group.throughput(Throughput::Bytes(data.len() as u64));
        group.bench_function("read", |b| {
            let mut reader = frame::FrameReader::new(1_000_000);
            b.iter_batched_ref(
                || masked.clone(),
                |bytes| match reader.read(black_box(bytes)) {
                    Ok((_, Some(frame::Incoming::Text(text)))) => {
                        assert_eq!(text.len(), data.len())
                    }
                    other => unreachable!("{other:?}"),
                },
                BatchSize::SmallInput,
            );
        });
        group.bench_function("write", |b| {
            let mut out = Vec::with_capacity(masked.len());
            b.iter(|| {
                out.clear();
                frame::encode(frame::Opcode::Text, black_box(data), &mut out);
            });
        });
    }
}

/// Packets of Socket.IO.
fn packets(c: &mut Criterion) {
    let event = format!("2/room,17{}", serde_json::to_string(&("chat", chat())).expect("JSON"));
    let mut group = c.benchmark_group("event");
    group.bench_function("decode", |b| {
        b.iter(|| packet::Packet::decode(black_box(&event)).expect("sound").data.len());
    });
    group.bench_function("encode the head", |b| {
        b.iter(|| packet::Head::new(packet::Kind::Event, 0, black_box("/room"), Some(17)));
    });
}

/// What an emit to everybody does before anything is written: sessions on long-polling, in memory, whose
/// outboxes are emptied outside the measurement.
fn broadcast(c: &mut Criterion) {
    let mut group = c.benchmark_group("emit to sessions in memory");
    for clients in [1, 100, 1_000] {
        let hall = Hall::open(clients);
        let said = chat();
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

/// A server and its clients, in one process and without a network.
struct Hall {
    io: SocketIo,
    app: tide::Server<()>,
    clients: Vec<String>,
}

impl Hall {
    fn open(clients: u64) -> Self {
        let (io, mut app) = block_on(async { (SocketIo::new(), tide::new()) });
        io.attach(&mut app);
        let mut hall = Self { io, app, clients: Vec::new() };
        for _ in 0..clients {
            let open = hall.ask(Method::Get, "", "");
            let sid = open.split('"').nth(3).expect("a session id");
            hall.clients.push(format!("&sid={sid}"));
        }
        for client in &hall.clients {
            hall.ask(Method::Post, client, "40");
        }
        hall.fetch();
        assert_eq!(hall.io.sockets_count() as u64, clients);
        hall
    }

    fn ask(&self, method: Method, query: &str, body: &str) -> String {
        let url = format!("http://a/socket.io/?EIO=4&transport=polling{query}");
        let mut request = Request::new(method, Url::parse(&url).expect("a URL"));
        request.set_body(body);
        block_on(async {
            let mut answer: Response = self.app.respond(request).await.expect("an answer");
            assert_eq!(answer.status(), 200);
            answer.body_string().await.expect("text")
        })
    }

    fn fetch(&self) {
        self.clients.iter().for_each(|client| {
            self.ask(Method::Get, client, "");
        });
    }
}

criterion_group!(codec, payloads, binary, args, frames, packets, broadcast);
criterion_main!(codec);
