//! A complete, compact Socket.IO server for tide.
//!
//! ```no_run
//! use tide_socketio::{Edge, SocketIo};
//!
//! #[async_std::main]
//! async fn main() -> std::io::Result<()> {
//!     let mut app = tide::new();
//!     let io = SocketIo::new();
//!     io.on_connection(async |socket| {
//!         socket.on("chat", async |socket, msg: String| socket.broadcast().emit("chat", &msg));
//!     });
//!     io.attach(&mut app);
//!     app.listen(Edge::new("127.0.0.1:3000").on_stop(async move || io.close())).await
//! }
//! ```
//!
//! # The map
//!
//! ```text
//!   your handlers        async |socket, data| { … }
//!         │
//!      Socket            one client in one namespace: on, emit, join, broadcast
//!   ┌─────┴──────┐
//!   │  socket/   │       Socket.IO 5: packets, namespaces, rooms, acks, recovery
//!   ├────────────┤
//!   │  engine/   │       Engine.IO 4: a session over polling or WebSocket
//!   ├────────────┤
//!   │  edge/     │       HTTP/1.1 with limits: a listener for any tide application
//!   └─────┬──────┘
//!      network
//! ```
//!
//! Each layer knows only what is below it. What decides (`engine/session.rs`, the codecs) takes inputs and a
//! time and gives outputs; what moves bytes (`engine/transport/`, `edge/`) decides as little as it can.
//!
//! JavaScript names keep their shape: `io.to(id).emit(…)` is [`Namespace::to`] and [`Broadcast::emit`]. An
//! async closure that captures nothing is a handler as it stands; one that captures is written
//! `move |socket, data| { let x = x.clone(); async move { … } }`.

#![cfg_attr(feature = "internals", allow(missing_docs))]

mod bundle;
pub mod edge;
pub mod engine;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzzing;
/// What `benches/` measures by itself. No part of the interface.
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod internals {
    pub use crate::engine::frame;
    pub use crate::socket::packet;
}
mod notice;
mod options;
mod scoped;
mod socket;

pub use edge::Edge;
pub use options::{AllowRequest, Cors, Options, Origin, Recovery, ServeClient};
pub use socket::{
    AckError, Args, Binary, Broadcast, BroadcastAckError, ConnectError, Data, DynamicNamespace,
    Emitter, Event, Namespace, Outcome, Socket, SocketIo,
};
