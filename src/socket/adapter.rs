//! Who is where: the sockets of a namespace and its rooms, and the one place where a broadcast is
//! delivered.
//!
//! All of it is under one lock, held while a broadcast is put into its receivers' queues. So two
//! broadcasts reach everyone in the same order, and nobody can come or go in the middle of one. Putting
//! into a queue calls nobody (see [`Conn::send`](crate::engine::Conn::send)), so the lock cannot be asked
//! for twice.

use super::recovery::{Comeback, Recoveries, Saved};
use super::socket::Socket;
use crate::engine::Outgoing;
use crate::options::Recovery;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// Whom a broadcast is for.
#[derive(Debug, Clone, Default)]
pub struct Audience {
    /// Everybody, or who is in any of these rooms.
    pub rooms: Vec<String>,
    /// But nobody who is in one of these.
    pub except: Vec<String>,
}

#[derive(Debug)]
struct Member {
    socket: Socket,
    rooms: BTreeSet<String>,
}

#[derive(Debug, Default)]
struct State {
    members: HashMap<Arc<str>, Member>,
    rooms: HashMap<String, HashMap<Arc<str>, Socket>>,
    /// How many clients the middleware is being asked about.
    entering: usize,
    recoveries: Option<Recoveries>,
}

/// The in-memory adapter of one namespace.
#[derive(Debug, Default)]
pub struct Adapter(Mutex<State>);

impl Adapter {
    pub fn new(recovery: Option<&Recovery>) -> Self {
        let recoveries = recovery.map(|options| Recoveries::new(options.clone()));
        Self(Mutex::new(State { recoveries, ..State::default() }))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A client asks to be let in. Until that is decided the namespace is not deserted.
    pub fn begin_entering(&self) {
        self.lock().entering += 1;
    }

    pub fn end_entering(&self) {
        self.lock().entering -= 1;
    }

    /// Whether nobody is in it, nor about to be.
    pub fn is_deserted(&self) -> bool {
        let state = self.lock();
        state.members.is_empty() && state.entering == 0
    }

    /// A socket is connected, in `rooms`. `welcome` sends the first packets, before anyone else can: it
    /// gets what the socket missed, if it is one that comes back. `false` if that is not there any more, or if
    /// the socket was disconnected on its way in.
    pub fn add(
        &self,
        socket: &Socket,
        rooms: Vec<String>,
        comeback: Option<&Comeback>,
        welcome: impl FnOnce(Vec<Arc<Outgoing>>),
    ) -> bool {
        let mut state = self.lock();
        let missed = match (&state.recoveries, comeback) {
            (Some(recoveries), Some(comeback)) => {
                let Some(missed) = recoveries.missed(comeback) else { return false };
                socket.recovery_mark().resume(comeback, &missed, recoveries.latest());
                missed
            }
            (Some(recoveries), None) => {
                socket.recovery_mark().begin(recoveries.latest());
                Vec::new()
            }
            (None, _) => Vec::new(),
        };
        if !socket.set_connected() {
            return false;
        }
        let member = Member { socket: socket.clone(), rooms: BTreeSet::new() };
        state.members.insert(socket.0.id.clone(), member);
        state.join(socket.id(), rooms);
        welcome(missed);
        true
    }

    /// A socket is gone. Returns the rooms it was in, without the one of its own id.
    ///
    /// What may come back is remembered in the same step, as `saved` makes it of the rooms and the offset the
    /// namespace stands at: an event between the two would be lost.
    pub fn remove(
        &self,
        id: &str,
        pid: Option<&str>,
        saved: impl FnOnce(Vec<String>, u64) -> Saved,
    ) -> Vec<String> {
        let mut state = self.lock();
        let Some(member) = state.members.remove(id) else { return Vec::new() };
        for room in &member.rooms {
            state.forget(room, id);
        }
        let rooms: Vec<String> = member.rooms.into_iter().collect();
        let forgotten = match (&mut state.recoveries, pid) {
            (Some(recoveries), Some(pid)) => {
                let saved = saved(rooms.clone(), recoveries.latest());
                recoveries.save(pid.to_owned(), saved, Instant::now())
            }
            _ => Vec::new(),
        };
        drop(state);
        // Not under the lock: they hold data of the application, whose `drop` may want to know who is here.
        drop(forgotten);
        rooms
    }

    pub fn join(&self, id: &str, rooms: Vec<String>) {
        self.lock().join(id, rooms);
    }

    pub fn leave(&self, id: &str, room: &str) {
        let mut state = self.lock();
        if state.members.get_mut(id).is_some_and(|member| member.rooms.remove(room)) {
            state.forget(room, id);
        }
    }

    /// The rooms of a socket, its own first.
    pub fn rooms_of(&self, id: &str) -> Vec<String> {
        let state = self.lock();
        let Some(member) = state.members.get(id) else { return Vec::new() };
        std::iter::once(id.to_owned()).chain(member.rooms.iter().cloned()).collect()
    }

    /// All rooms that somebody joined.
    pub fn rooms(&self) -> Vec<String> {
        self.lock().rooms.keys().cloned().collect()
    }

    pub fn len(&self) -> usize {
        self.lock().members.len()
    }

    pub fn get(&self, id: &str) -> Option<Socket> {
        self.lock().members.get(id).map(|member| member.socket.clone())
    }

    /// Those an audience consists of.
    pub fn sockets(&self, audience: &Audience) -> Vec<Socket> {
        let mut sockets = Vec::new();
        self.lock().each(audience, |socket| sockets.push(socket.clone()));
        sockets
    }

    /// Delivers one message to an audience.
    pub fn broadcast(&self, audience: &Audience, message: &Arc<Outgoing>, volatile: bool) {
        self.lock().each(audience, |socket| {
            let conn = socket.conn();
            if volatile { conn.send_volatile(message.clone()) } else { conn.send(message.clone()) }
        });
    }

    /// Delivers one message to an audience, each of whom will be asked for an ack: `expect` is told who.
    pub fn broadcast_expecting(
        &self,
        audience: &Audience,
        message: &Arc<Outgoing>,
        mut expect: impl FnMut(&Socket),
    ) {
        self.lock().each(audience, |socket| {
            expect(socket);
            socket.conn().send(message.clone());
        });
    }

    /// Delivers a message and keeps it for those who are away: `encode` gets the offset to write into it.
    pub fn broadcast_kept(&self, audience: &Audience, encode: impl FnOnce(u64) -> Arc<Outgoing>) {
        let mut state = self.lock();
        let Some(recoveries) = &mut state.recoveries else { return };
        let (offset, message) = recoveries.keep(audience, encode, Instant::now());
        state.each(audience, |socket| {
            socket.recovery_mark().sent(offset);
            socket.conn().send(message.clone());
        });
    }

    /// The offset of the last message kept.
    pub fn latest_offset(&self) -> Option<u64> {
        self.lock().recoveries.as_ref().map(Recoveries::latest)
    }

    /// Gives back a socket that was saved, once, if nothing that it missed has been dropped.
    pub fn restore(&self, pid: &str, offset: Option<&str>) -> Option<Comeback> {
        let saved = self.lock().recoveries.as_mut()?.take(pid)?;
        let from = self.lock().recoveries.as_ref()?.gap(&saved, offset, Instant::now())?;
        Some(Comeback { saved, from })
    }
}

impl State {
    fn join(&mut self, id: &str, rooms: Vec<String>) {
        let Some(member) = self.members.get_mut(id) else { return };
        for room in rooms {
            // The room of its own id it is in by being there.
            if room != id && member.rooms.insert(room.clone()) {
                self.rooms
                    .entry(room)
                    .or_default()
                    .insert(member.socket.0.id.clone(), member.socket.clone());
            }
        }
    }

    fn forget(&mut self, room: &str, id: &str) {
        if let Some(sockets) = self.rooms.get_mut(room) {
            sockets.remove(id);
            if sockets.is_empty() {
                self.rooms.remove(room);
            }
        }
    }

    /// Visits everyone an audience consists of, each once.
    fn each<'a>(&'a self, audience: &Audience, mut visit: impl FnMut(&'a Socket)) {
        // Told apart by where they are: looking into each socket for its id would cost more than the rest.
        let place = |socket: &Socket| Arc::as_ptr(&socket.0);
        let excluded: BTreeSet<_> =
            audience.except.iter().flat_map(|room| self.in_room(room)).map(place).collect();
        let is_excluded = |socket: &Socket| excluded.contains(&place(socket));
        match &*audience.rooms {
            [] => {
                let all = self.members.values().map(|member| &member.socket);
                all.filter(|socket| !is_excluded(socket)).for_each(visit);
            }
            [room] => self.in_room(room).filter(|socket| !is_excluded(socket)).for_each(visit),
            rooms => {
                let mut seen = HashSet::new();
                for socket in rooms.iter().flat_map(|room| self.in_room(room)) {
                    if !is_excluded(socket) && seen.insert(place(socket)) {
                        visit(socket);
                    }
                }
            }
        }
    }

    // ANCHOR: in_room
    /// Who is in a room: the one whose id it is, and those who joined it.
    fn in_room<'a>(&'a self, room: &str) -> impl Iterator<Item = &'a Socket> + use<'a> {
        let owner = self.members.get(room).map(|member| &member.socket);
        let joined = self.rooms.get(room).into_iter().flat_map(HashMap::values);
        owner.into_iter().chain(joined)
    }
    // ANCHOR_END: in_room
}
