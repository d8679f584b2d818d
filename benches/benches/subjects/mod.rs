//! What the parts that wait for nothing are measured with: by the clock in `codec.rs`, in instructions in
//! `instructions.rs`.

use async_std::task::block_on;
use serde::{Deserialize, Serialize};
use tide::http::{Method, Request, Response, Url};
use tide_socketio::SocketIo;
use tide_socketio::engine::{Packet, payload};
use tide_socketio::internals::frame;

/// What the scenarios of the load generator send.
#[derive(Serialize, Deserialize)]
pub struct Chat {
    m: String,
}

pub fn chat() -> Chat {
    Chat { m: "x".repeat(60) }
}

/// An event as JSON: its name and its argument.
pub fn event() -> String {
    serde_json::to_string(&("chat", chat())).expect("JSON")
}

/// The body of a poll in which a hundred of a message have gathered.
pub fn body_of_100(message: &str) -> String {
    let mut body = String::new();
    (0..100).for_each(|_| payload::push(&mut body, &Packet::Text(message)));
    body
}

/// Reads a whole body, and has something to show for it.
pub fn read_body(body: &str) -> usize {
    let packets = payload::decode(body, 1_000).map(|packet| packet.expect("sound"));
    packets.fold(0, |sum, packet| match packet {
        Packet::Text(text) => sum + text.len(),
        other => unreachable!("{other:?}"),
    })
}

/// A text frame as a client sends it.
pub fn masked(data: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    frame::encode(frame::Opcode::Text, data, &mut bytes);
    let head = bytes.len() - data.len();
    let mask = [1, 2, 3, 4];
    bytes[1] |= 0x80;
    bytes[head..].iter_mut().zip(mask.iter().cycle()).for_each(|(byte, mask)| *byte ^= mask);
    bytes.splice(head..head, mask);
    bytes
}

/// Takes the one text frame in `bytes`; how long its text is.
pub fn read_frame(bytes: &mut [u8]) -> usize {
    match frame::FrameReader::new(1_000_000).read(bytes) {
        Ok((_, Some(frame::Incoming::Text(text)))) => text.len(),
        other => unreachable!("{other:?}"),
    }
}

/// A server and its clients, on long-polling, in one process and without a network.
pub struct Hall {
    pub io: SocketIo,
    app: tide::Server<()>,
    clients: Vec<String>,
}

impl Hall {
    pub fn open(clients: u64) -> Self {
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

    /// Empties all outboxes.
    pub fn fetch(&self) {
        self.clients.iter().for_each(|client| {
            self.ask(Method::Get, client, "");
        });
    }
}
