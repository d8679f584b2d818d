//! Every kind of bad input that this server is held to, sent to a real one, with a healthy client connected
//! all the while.
//!
//! A row says what is sent and what must come of it; [`vitals`] checks beside each what must hold whatever is
//! sent. `table.md` is the list of all rows and of what was seen; `BLESS=1 cargo test --test bad_input` writes
//! it anew.

mod chat;
mod chat_rows;
mod client;
mod frame_rows;
mod http;
mod outcome;
mod packet_rows;
mod packets;
mod post_rows;
mod request_rows;
mod seeds;
mod server;
mod sessions;
mod table;
mod upgrades;
mod vitals;
mod websocket;
mod ws;
