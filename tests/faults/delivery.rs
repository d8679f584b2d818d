//! The delivery checker: was everything that was sent received, once, and in its order?
//!
//! Each client writes down what happens to it; afterwards all logs are held against what was sent.

use std::collections::{BTreeMap, HashMap};

/// One message, as it was sent or as it arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// The server's number for it, which rises over all rooms.
    pub id: u64,
    pub room: String,
    pub sender: String,
    /// The sender's own number for it, which rises in each room.
    pub number: u64,
}

/// One line of a client's log.
#[derive(Debug, Clone)]
pub enum Line {
    /// It is connected and in these rooms. `since`: it must receive all that comes after this message, if
    /// that is known. With `recovered` it must have missed nothing.
    Connected {
        rooms: Vec<String>,
        recovered: bool,
        since: Option<u64>,
    },
    Received(Post),
    /// The connection was cut.
    Cut,
    /// It has waited for this message: up to here nothing may be missing.
    Until(u64),
}

/// What is wrong with a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Nothing like it was sent.
    NotSent(Post),
    /// It was for a room that the client was not in.
    WrongRoom(u64),
    Twice(u64),
    /// It came after a later one.
    Order(u64),
    Missing(u64),
    /// It was received outside a connection.
    NotConnected(u64),
    /// A sender's numbers do not rise in the order of the server's.
    Sender(Post),
}

/// Checks every client's log; the faults come with the client's name.
pub fn check(sent: &[Post], logs: &BTreeMap<String, Vec<Line>>) -> Vec<(String, Fault)> {
    let mut faults = Vec::new();
    let mut last: HashMap<(&str, &str), u64> = HashMap::new();
    for post in sent {
        let number = last.entry((&post.room, &post.sender)).or_default();
        if post.number <= *number {
            faults.push(("the server".to_owned(), Fault::Sender(post.clone())));
        }
        *number = post.number;
    }
    let by_id = sent.iter().map(|post| (post.id, post)).collect();
    for (client, log) in logs {
        let mut reader = Reader { sent: &by_id, rooms: &[], at: None, last: 0, connected: false };
        let found = log.iter().flat_map(|line| reader.read(line));
        faults.extend(found.map(|fault| (client.clone(), fault)));
    }
    faults
}

/// Where one client stands.
struct Reader<'a> {
    sent: &'a BTreeMap<u64, &'a Post>,
    rooms: &'a [String],
    /// All up to here is accounted for; `None` when nobody can say where the client began.
    at: Option<u64>,
    /// The latest it has received at all.
    last: u64,
    connected: bool,
}

impl<'a> Reader<'a> {
    fn read(&mut self, line: &'a Line) -> Vec<Fault> {
        match line {
            Line::Connected { rooms, recovered, since } => {
                self.rooms = rooms;
                self.connected = true;
                if !recovered {
                    self.at = *since;
                }
                Vec::new()
            }
            Line::Received(post) => self.receive(post),
            Line::Cut => {
                self.connected = false;
                Vec::new()
            }
            Line::Until(id) => self.missing(*id + 1),
        }
    }

    fn receive(&mut self, post: &Post) -> Vec<Fault> {
        if !self.connected {
            return vec![Fault::NotConnected(post.id)];
        }
        if self.sent.get(&post.id) != Some(&post) {
            return vec![Fault::NotSent(post.clone())];
        }
        if !self.rooms.contains(&post.room) {
            return vec![Fault::WrongRoom(post.id)];
        }
        match post.id.cmp(&self.last) {
            std::cmp::Ordering::Equal => return vec![Fault::Twice(post.id)],
            std::cmp::Ordering::Less => return vec![Fault::Order(post.id)],
            std::cmp::Ordering::Greater => {}
        }
        let missing = self.missing(post.id);
        self.last = post.id;
        self.at = Some(post.id);
        missing
    }

    /// What the client should have received before the message of this id.
    fn missing(&mut self, id: u64) -> Vec<Fault> {
        let Some(at) = self.at else { return Vec::new() };
        // A range must not end before it begins.
        let due = self.sent.range(at + 1..id.max(at + 1));
        let due = due.filter(|(_, post)| self.rooms.contains(&post.room));
        due.map(|(id, _)| Fault::Missing(*id)).collect()
    }
}

// Named, because the soak has this file from another folder.
#[cfg(test)]
#[path = "delivery/tests.rs"]
mod tests;
