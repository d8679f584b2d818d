//! The two ways bytes travel.

pub mod frame;
pub(super) mod polling;
pub(super) mod websocket;
