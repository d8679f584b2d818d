//! What the JavaScript server is held to by its own tests, line by line: `table.tsv` says for each of the
//! 194 where it is proved here, or why it is not.

#[path = "../support/mod.rs"]
mod support;

mod attachment;
mod close;
mod handshake;
mod messaging;
mod middleware;
mod namespaces;
mod recovery;
mod socket;
mod table;
mod timeout;
mod utility;
mod v2;
