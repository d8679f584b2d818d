//! A server that does next to nothing: the limit of what one thread can do over these sockets.
//!
//! It knows the scenarios' messages by their first bytes and no rooms, answers every handshake with the
//! accept key of RFC 6455's sample, and sends no pings. `limit PORT frame` writes each frame by itself,
//! `limit PORT batch` writes all that has gathered for a client when everything that came has been read.

use anyhow::{Result, bail};
use benches::{frame, process};
use mio::net::{TcpListener, TcpStream};
use mio::{Events, Interest, Poll, Token};
use std::collections::HashMap;
use std::io::{ErrorKind, Read, Write};
use std::net::Ipv4Addr;

const LISTENER: Token = Token(0);
const ACCEPTED: &[u8] = b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n\
    Upgrade: websocket\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

struct Client {
    io: TcpStream,
    rest: Vec<u8>,
    out: Vec<u8>,
    upgraded: bool,
}

/// What a client's bytes ask for.
enum Ask {
    Answer(Vec<u8>),
    Broadcast { frame: Vec<u8>, to_sender: bool },
}

struct Limit {
    poll: Poll,
    listener: TcpListener,
    clients: HashMap<Token, Client>,
    last: Token,
    batch: bool,
}

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [port, form] = args.as_slice() else { bail!("usage: limit PORT frame|batch") };
    let batch = match form.as_str() {
        "batch" => true,
        "frame" => false,
        _ => bail!("frame or batch, not {form}"),
    };
    process::raise_descriptors()?;
    let mut listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port.parse()?).into())?;
    let poll = Poll::new()?;
    poll.registry().register(&mut listener, LISTENER, Interest::READABLE)?;
    Limit { poll, listener, clients: HashMap::new(), last: LISTENER, batch }.serve()
}

impl Limit {
    fn serve(mut self) -> Result<()> {
        let mut events = Events::with_capacity(4096);
        let mut scratch = vec![0; 64 * 1024];
        loop {
            self.poll.poll(&mut events, None)?;
            for event in &events {
                match event.token() {
                    LISTENER => self.accept()?,
                    id => self.turn(id, &mut scratch),
                }
            }
            for client in self.clients.values_mut().filter(|client| !client.out.is_empty()) {
                client.flush();
            }
        }
    }

    fn accept(&mut self) -> Result<()> {
        while let Ok((mut io, _)) = self.listener.accept() {
            self.last.0 += 1;
            io.set_nodelay(true)?;
            let interest = Interest::READABLE | Interest::WRITABLE;
            self.poll.registry().register(&mut io, self.last, interest)?;
            let client = Client { io, rest: Vec::new(), out: Vec::new(), upgraded: false };
            self.clients.insert(self.last, client);
        }
        Ok(())
    }

    fn turn(&mut self, id: Token, scratch: &mut [u8]) {
        let Some(client) = self.clients.get_mut(&id) else { return };
        let mut asks = Vec::new();
        let lives = client.flush() && client.read(scratch, &mut asks);
        for ask in asks {
            let (bytes, others, own) = match &ask {
                Ask::Answer(bytes) => (bytes, false, true),
                Ask::Broadcast { frame, to_sender } => (frame, true, *to_sender),
            };
            if others {
                let others = self.clients.iter_mut().filter(|(other, _)| **other != id);
                others.for_each(|(_, client)| client.put(bytes, self.batch));
            }
            if own && let Some(client) = self.clients.get_mut(&id) {
                client.put(bytes, self.batch);
            }
        }
        if !lives {
            self.clients.remove(&id);
        }
    }
}

impl Client {
    fn put(&mut self, bytes: &[u8], batch: bool) {
        self.out.extend(bytes);
        if !batch {
            self.flush();
        }
    }

    /// Whether the connection still stands.
    fn flush(&mut self) -> bool {
        let mut written = 0;
        let stands = loop {
            if written == self.out.len() {
                break true;
            }
            match self.io.write(&self.out[written..]) {
                Ok(length) => written += length,
                Err(error) => break error.kind() == ErrorKind::WouldBlock,
            }
        };
        self.out.drain(..written);
        stands
    }

    fn read(&mut self, scratch: &mut [u8], asks: &mut Vec<Ask>) -> bool {
        loop {
            match self.io.read(scratch) {
                Ok(0) => return false,
                Ok(length) => {
                    self.rest.extend(&scratch[..length]);
                    self.take(asks);
                }
                Err(error) => return error.kind() == ErrorKind::WouldBlock,
            }
        }
    }

    fn take(&mut self, asks: &mut Vec<Ask>) {
        let mut used = 0;
        if !self.upgraded {
            if !self.rest.ends_with(b"\r\n\r\n") {
                return;
            }
            let mut answer = ACCEPTED.to_vec();
            frame::push_server(br#"0{"sid":"s","upgrades":[],"pingInterval":25000}"#, &mut answer);
            asks.push(Ask::Answer(answer));
            self.upgraded = true;
            used = self.rest.len();
        }
        while let Some(found) = frame::read(&self.rest[used..]) {
            let text = &mut self.rest[used + found.start..used + found.end];
            for (byte, key) in text.iter_mut().zip(found.key.iter().flatten().cycle()) {
                *byte ^= key;
            }
            asks.extend(answer(text));
            used += found.end;
        }
        self.rest.drain(..used);
    }
}

fn answer(text: &[u8]) -> Option<Ask> {
    let mut out = Vec::new();
    if text == b"40" {
        frame::push_server(br#"40{"sid":"s"}"#, &mut out);
    } else if let Some(argument) = text.strip_prefix(br#"421["echo","#) {
        frame::push_server(&[b"431[", argument].concat(), &mut out);
    } else if text.starts_with(b"42[") {
        frame::push_server(text, &mut out);
        let to_sender = text.starts_with(br#"42["all""#);
        return Some(Ask::Broadcast { frame: out, to_sender });
    } else {
        return None;
    }
    Some(Ask::Answer(out))
}
