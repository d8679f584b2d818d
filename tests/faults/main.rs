//! What breaks between client and server, and what must still hold: a proxy cuts connections, and the
//! delivery checker looks at every message.
//!
//! A test whose name begins with a letter and a number is the row of that id in the list of faults that this
//! server is held to.

#[allow(dead_code, reason = "these tests use a part of it")]
#[path = "../bad_input/client.rs"]
mod client;
mod delivery;
mod handlers;
mod heartbeats;
mod interleavings;
#[allow(dead_code, reason = "these tests use a part of it")]
#[path = "../bad_input/outcome.rs"]
mod outcome;
mod proxy;
mod recovery;
mod stage;
mod upgrade;
#[allow(dead_code, reason = "these tests use a part of it")]
#[path = "../bad_input/ws.rs"]
mod ws;
