//! One connection's part in Socket.IO: its packets put together, and sent to the right socket.
//!
//! JavaScript's `Client`. A packet that breaks the rules ends the connection, as it does there: whoever
//! sent it is no Socket.IO client, or one that no longer agrees with us about the state of things.

use super::args::Args;
use super::connect::{self, Entrance};
use super::handler::Event;
use super::packet::{Kind, Packet, RESERVED};
use super::server::Io;
use super::socket::Socket;
use crate::engine::{BadMessage, CloseReason, Conn, Inbox, Message};
use crate::notice::Notice;
use bytes::Bytes;
use serde_json::Value;
use serde_json::value::RawValue;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

static REFUSED: Notice = Notice::new();

/// Where a connection stands in one namespace.
#[derive(Debug)]
enum Seat {
    /// The middleware has not decided yet.
    Entering,
    Taken(Socket),
}

/// A packet whose attachments are still to come.
#[derive(Debug)]
struct Partial {
    /// Of an event; an ack has none.
    name: Option<String>,
    nsp: String,
    id: Option<u64>,
    args: Args,
    expected: usize,
}

#[derive(Debug, Default)]
struct State {
    /// By namespace. There are few, mostly one.
    seats: Vec<(String, Seat)>,
    partial: Option<Box<Partial>>,
    is_closed: bool,
}

impl State {
    fn seat(&mut self, nsp: &str) -> Option<&mut Seat> {
        self.seats.iter_mut().find(|(taken, _)| taken == nsp).map(|(_, seat)| seat)
    }
}

#[derive(Debug)]
pub struct Shared {
    pub io: Weak<Io>,
    pub conn: Weak<Conn>,
    state: Mutex<State>,
}

/// The inbox of one session.
pub struct Client(Arc<Shared>);

impl Client {
    pub fn new(io: Weak<Io>, conn: &Arc<Conn>) -> Self {
        let conn = Arc::downgrade(conn);
        Self(Arc::new(Shared { io, conn, state: Mutex::default() }))
    }
}

impl Inbox for Client {
    fn message(&self, message: Message<'_>) -> Result<(), BadMessage> {
        match message {
            Message::Text(text) => self.0.text(text),
            Message::Binary(data) => self.0.attachment(data),
        }
        .map_err(BadMessage)
    }

    fn closed(&self, reason: CloseReason) {
        let seats = {
            let mut state = self.0.lock();
            state.is_closed = true;
            state.partial = None;
            std::mem::take(&mut state.seats)
        };
        for (_, seat) in seats {
            if let Seat::Taken(socket) = seat {
                socket.gone(reason.as_str());
            }
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn text(self: &Arc<Self>, text: &str) -> Result<(), String> {
        if self.lock().partial.is_some() {
            return Err("text where an attachment was due".to_owned());
        }
        let packet = Packet::decode(text).map_err(|error| error.to_string())?;
        match packet.kind {
            Kind::Connect => self.connect(&packet),
            Kind::Disconnect => {
                self.seat(packet.nsp)?.left();
                Ok(())
            }
            Kind::Event | Kind::Ack => self.args(&packet),
            Kind::ConnectError => Err("only a server sends CONNECT_ERROR".to_owned()),
        }
    }

    fn args(&self, packet: &Packet<'_>) -> Result<(), String> {
        let Packet { kind, nsp, id, attachments, .. } = *packet;
        let items = packet.args().map_err(|error| error.to_string())?;
        let (name, items) = match (kind, &items[..]) {
            (Kind::Event, [name, items @ ..]) => (Some(event_name(name)?), items),
            (Kind::Event, []) => return Err("an event without a name".to_owned()),
            (_, items) => (None, items),
        };
        let args = Args::found(items);
        if attachments == 0 {
            return self.whole(name, nsp, id, args);
        }
        let partial = Partial { name, nsp: nsp.to_owned(), id, args, expected: attachments };
        self.lock().partial = Some(Box::new(partial));
        Ok(())
    }

    fn attachment(&self, data: &[u8]) -> Result<(), String> {
        let partial = {
            let mut state = self.lock();
            let Some(partial) = &mut state.partial else {
                return Err("binary where no attachment was due".to_owned());
            };
            if partial.args.attach(Bytes::copy_from_slice(data)) < partial.expected {
                return Ok(());
            }
            state.partial.take()
        };
        let Some(partial) = partial else { return Ok(()) };
        let Partial { name, nsp, id, args, .. } = *partial;
        if !args.are_attachments_sound() {
            return Err("illegal attachments".to_owned());
        }
        self.whole(name, &nsp, id, args)
    }

    /// All of an event or an ack is here.
    fn whole(
        &self,
        name: Option<String>,
        nsp: &str,
        id: Option<u64>,
        args: Args,
    ) -> Result<(), String> {
        let socket = self.seat(nsp)?;
        match (name, id) {
            (Some(name), id) => socket.receive(Event { name, args, id }),
            (None, Some(id)) => socket.acks().settle(id, args),
            (None, None) => {}
        }
        Ok(())
    }

    /// The socket of a namespace that the client is in.
    fn seat(&self, nsp: &str) -> Result<Socket, String> {
        match self.lock().seat(nsp) {
            Some(Seat::Taken(socket)) => Ok(socket.clone()),
            _ => Err(format!("not connected to the namespace {nsp:?}")),
        }
    }

    fn connect(self: &Arc<Self>, packet: &Packet<'_>) -> Result<(), String> {
        let (Some(io), Some(conn)) = (self.io.upgrade(), self.conn.upgrade()) else {
            return Ok(());
        };
        let auth = match packet.data {
            "" => Value::Object(Default::default()),
            data if data.len() > io.options().max_auth => {
                let error = format!("auth is larger than {} bytes", io.options().max_auth);
                return self.refuse(&conn, packet.nsp, error);
            }
            data => serde_json::from_str(data).map_err(|error| error.to_string())?,
        };
        {
            let mut state = self.lock();
            if state.seat(packet.nsp).is_some() {
                return Err(format!("connected to the namespace {:?} twice", packet.nsp));
            }
            if state.seats.len() >= io.options().max_namespaces {
                drop(state);
                let limit = io.options().max_namespaces;
                let error = format!("one connection may be in {limit} namespaces");
                return self.refuse(&conn, packet.nsp, error);
            }
            state.seats.reserve_exact(1);
            state.seats.push((packet.nsp.to_owned(), Seat::Entering));
        }
        let Some(entrance) = io.find(packet.nsp, &auth, Entrance::to) else {
            self.vacate(packet.nsp);
            connect::refuse(&conn, packet.nsp, &"Invalid namespace".into());
            return Ok(());
        };
        connect::start(self.clone(), io, conn, entrance, auth);
        Ok(())
    }

    /// A limit was reached: the client is told, and so is the log.
    fn refuse(&self, conn: &Arc<Conn>, nsp: &str, error: String) -> Result<(), String> {
        REFUSED.warn(format_args!("session {}: not let in to {nsp:?}: {error}", conn.sid()));
        connect::refuse(conn, nsp, &error.into());
        Ok(())
    }

    /// Gives the socket its place, unless the connection has ended meanwhile, or the socket was disconnected:
    /// then the place is free, or another's already.
    pub fn seat_taken(&self, nsp: &str, socket: &Socket) -> bool {
        let mut state = self.lock();
        if state.is_closed || socket.is_gone() {
            return false;
        }
        if let Some(seat) = state.seat(nsp) {
            *seat = Seat::Taken(socket.clone());
        }
        true
    }

    /// The place in a namespace is free again.
    pub fn vacate(&self, nsp: &str) {
        self.lock().seats.retain(|(taken, _)| taken != nsp);
    }

    /// Every socket of the connection.
    pub fn sockets(&self) -> Vec<Socket> {
        let state = self.lock();
        let sockets = state.seats.iter().filter_map(|(_, seat)| match seat {
            Seat::Taken(socket) => Some(socket.clone()),
            Seat::Entering => None,
        });
        sockets.collect()
    }
}

fn event_name(json: &RawValue) -> Result<String, String> {
    let name = match serde_json::from_str(json.get()) {
        Ok(Value::String(name)) => name,
        Ok(Value::Number(number)) => number.to_string(),
        _ => return Err("the name of an event is a string or a number".to_owned()),
    };
    if RESERVED.contains(&name.as_str()) {
        return Err(format!("\"{name}\" is a reserved event name"));
    }
    Ok(name)
}
