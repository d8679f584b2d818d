//! The edge as a client sees it: real applications, raw TCP.
//!
//! A test whose name begins with a letter and a number is the row of that id in the list of bad input and
//! faults that this server is held to.

mod answers;
mod app;
mod bodies;
mod client;
mod heads;
mod peers;
#[cfg(unix)]
mod process;
mod shortcut;
mod stopping;
mod upgrades;

const MS: std::time::Duration = std::time::Duration::from_millis(1);
