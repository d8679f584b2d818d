//! All logs against all that was sent, a few seconds at a time: a run is longer than memory.

use crate::delivery::{Fault, Line, Post, check};
use crate::member::{Log, World};
use crate::server::Process;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// What was found so far.
#[derive(Debug, Default, Clone, Copy)]
pub struct Totals {
    pub sent: u64,
    pub received: u64,
    pub lost: u64,
    pub twice: u64,
    pub reordered: u64,
    /// Anything else that must not be.
    pub wrong: u64,
}

/// Where a client's log was left off.
#[derive(Debug, Default)]
struct Mark {
    rooms: Vec<String>,
    is_connected: bool,
    /// It began after this message.
    since: Option<u64>,
    last: Option<Post>,
}

impl Mark {
    /// The lines that bring a checker to where this log was left off.
    fn preface(&self) -> Vec<Line> {
        if self.rooms.is_empty() {
            return Vec::new();
        }
        let since = if self.last.is_some() { None } else { self.since };
        let rooms = self.rooms.clone();
        let mut lines = vec![Line::Connected { rooms, recovered: false, since }];
        lines.extend(self.last.clone().map(Line::Received));
        if !self.is_connected {
            lines.push(Line::Cut);
        }
        lines
    }

    fn pass(&mut self, line: &Line) {
        match line {
            Line::Connected { rooms, recovered, since } => {
                self.rooms = rooms.clone();
                self.is_connected = true;
                if !recovered {
                    (self.since, self.last) = (*since, None);
                }
            }
            Line::Received(post) => self.last = Some(post.clone()),
            Line::Cut => self.is_connected = false,
            Line::Until(_) => {}
        }
    }

    /// No message up to here is needed any more.
    fn past(&self) -> Option<u64> {
        match &self.last {
            Some(post) => Some(post.id - 1),
            None => self.since,
        }
    }
}

#[derive(Debug, Default)]
pub struct Ledger {
    sent: Vec<Post>,
    marks: HashMap<String, Mark>,
    pub totals: Totals,
}

impl Ledger {
    /// Checks what came since the last time. With `all`, whoever is connected must have everything.
    pub fn settle(&mut self, world: &World, server: &Process, all: bool) {
        let (news, gone) = take_logs(world);
        let ids = news.values().flatten().filter_map(|line| match line {
            Line::Received(post) => Some(post.id),
            _ => None,
        });
        let posts = server.posts(ids.max().unwrap_or(0));
        self.totals.sent += posts.len() as u64;
        self.sent.extend(posts);
        let latest = self.sent.last().map_or(0, |post| post.id);
        let mut logs = BTreeMap::new();
        for (name, lines) in news {
            let mark = self.marks.entry(name.clone()).or_default();
            let mut log = mark.preface();
            lines.iter().for_each(|line| mark.pass(line));
            self.totals.received +=
                lines.iter().filter(|line| matches!(line, Line::Received(_))).count() as u64;
            log.extend(lines);
            if all && mark.is_connected {
                log.push(Line::Until(latest));
            }
            logs.insert(name, log);
        }
        for (name, fault) in check(&self.sent, &logs) {
            eprintln!("{name}: {fault:?}");
            *match fault {
                Fault::Missing(_) => &mut self.totals.lost,
                Fault::Twice(_) => &mut self.totals.twice,
                Fault::Order(_) | Fault::Sender(_) => &mut self.totals.reordered,
                Fault::NotSent(_) | Fault::WrongRoom(_) | Fault::NotConnected(_) => {
                    &mut self.totals.wrong
                }
            } += 1;
        }
        gone.iter().for_each(|name| drop(self.marks.remove(name)));
        let past = self.marks.values().filter_map(Mark::past).min().unwrap_or(0);
        self.sent.retain(|post| post.id > past);
    }
}

/// What everybody wrote since the last time, and who will not write any more.
fn take_logs(world: &World) -> (BTreeMap<String, Vec<Line>>, Vec<String>) {
    let mut logs = world.logs.lock().unwrap();
    let is_over = |log: &Log| Arc::strong_count(log) == 1;
    let gone: Vec<_> =
        logs.iter().filter(|(_, log)| is_over(log)).map(|(name, _)| name.clone()).collect();
    let news = logs.iter().map(|(name, log)| {
        let lines = std::mem::take(&mut *log.lock().unwrap());
        (name.clone(), lines)
    });
    let news = news.collect();
    logs.retain(|(name, _)| !gone.contains(name));
    (news, gone)
}
