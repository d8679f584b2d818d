//! What is measured.

/// One measurement: every server is put through it in turn.
#[derive(Debug, Clone, Copy)]
pub struct Scenario {
    /// How it is asked for.
    pub name: &'static str,
    /// What the clients do.
    pub kind: Kind,
    /// How many they are.
    pub clients: usize,
    /// The server on the first CPU and the load on the second, or both wherever the system puts them.
    pub pinned: bool,
}

/// What the clients do, all at once or in turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `chat`, each to all others, with as much on its way as the window lets.
    Fan {
        /// How many clients say it, in turn.
        senders: usize,
    },
    /// `all` to everybody, twenty times a second.
    Paced,
    /// `echo` with an ack, one at a time from each client.
    Echo,
    /// The same over long-polling, on two kept connections for each client.
    Polling,
    /// `room` to the others in a room.
    Rooms {
        /// How many there are. Each client is in one.
        rooms: usize,
    },
    /// Handshakes; then silence.
    Idle,
}

impl Kind {
    /// What is counted.
    pub fn unit(self) -> &'static str {
        match self {
            Self::Fan { .. } | Self::Paced | Self::Rooms { .. } => "deliveries",
            Self::Echo | Self::Polling => "round trips",
            Self::Idle => "handshakes",
        }
    }
}

/// Everything, in the order of the report.
pub const SCENARIOS: [Scenario; 15] = [
    pinned("fan-100", Kind::Fan { senders: 1 }, 100),
    pinned("fan-1000", Kind::Fan { senders: 1 }, 1_000),
    pinned("fan-5000", Kind::Fan { senders: 1 }, 5_000),
    pinned("fan-1000-of-100", Kind::Fan { senders: 100 }, 1_000),
    pinned("rooms", Kind::Rooms { rooms: 50 }, 1_000),
    pinned("paced-100", Kind::Paced, 100),
    pinned("paced-1000", Kind::Paced, 1_000),
    pinned("paced-5000", Kind::Paced, 5_000),
    pinned("echo", Kind::Echo, 100),
    pinned("polling", Kind::Polling, 100),
    pinned("idle-5000", Kind::Idle, 5_000),
    pinned("idle-10000", Kind::Idle, 10_000),
    unpinned("fan-1000-unpinned", Kind::Fan { senders: 1 }, 1_000),
    unpinned("fan-1000-of-100-unpinned", Kind::Fan { senders: 100 }, 1_000),
    unpinned("echo-unpinned", Kind::Echo, 100),
];

const fn pinned(name: &'static str, kind: Kind, clients: usize) -> Scenario {
    Scenario { name, kind, clients, pinned: true }
}

const fn unpinned(name: &'static str, kind: Kind, clients: usize) -> Scenario {
    Scenario { name, kind, clients, pinned: false }
}

/// The scenario of that name.
pub fn find(name: &str) -> Option<&'static Scenario> {
    SCENARIOS.iter().find(|scenario| scenario.name == name)
}

impl Scenario {
    /// What it is, in a line for the report.
    pub fn title(&self) -> String {
        let Self { clients, kind, pinned, .. } = *self;
        let what = match kind {
            Kind::Fan { senders: 1 } => format!("Fan-out: one client to {clients}, saturated"),
            Kind::Fan { senders } => format!("Fan-out: {senders} clients to {clients}, saturated"),
            Kind::Rooms { rooms } => {
                format!("Rooms: {clients} clients in {rooms} rooms, saturated")
            }
            Kind::Paced => format!("Fan-out: to {clients}, twenty times a second"),
            Kind::Echo => format!("Echo with ack: {clients} clients"),
            Kind::Polling => format!("Echo with ack over long-polling: {clients} clients"),
            Kind::Idle => format!("Idle: {clients} clients"),
        };
        let pins = if pinned { "" } else { ", not pinned" };
        format!("{what}{pins}")
    }
}
