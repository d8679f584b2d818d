//! What tide-socketio costs, beside its peers: `cargo xtask bench`.
//!
//! `load` plays the clients of one scenario against one server, `limit` is a server that does next to
//! nothing, and `benches` runs them and writes the report.

pub mod frame;
pub mod outcome;
pub mod process;
pub mod scenario;
