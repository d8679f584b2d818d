//! What the JavaScript server is held to by its own tests, line by line: `table.tsv` says for each of the
//! 194 where it is proved here, or why it is not.

#[path = "../support/mod.rs"]
mod support;

mod arguments;
mod attachment;
mod close;
mod dynamic;
mod handshake;
mod listeners;
mod messaging;
mod middleware;
mod namespaces;
mod recovery;
mod socket;
mod table;
mod timeout;
mod utility;
mod v2;
mod volatile;
