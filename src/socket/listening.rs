//! What a socket listens to.

use super::handler::{Event, Listener, Listeners, Outcome, PacketMiddleware, catch_all, listener};
use super::packet::RESERVED;
use super::socket::Socket;
use serde::de::DeserializeOwned;
use std::future::Future;
use std::sync::atomic::Ordering;
use std::sync::{Arc, MutexGuard, PoisonError};

impl Socket {
    pub(super) fn listeners(&self) -> MutexGuard<'_, Listeners> {
        self.0.listeners.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs `handler` for every event of this name, in the order of arrival, one at a time.
    ///
    /// `T` is what the client sent: any type that deserialises takes the first argument, a tuple takes one
    /// per element, `()` none, [`Args`](crate::Args) all. What `handler` returns is the ack: see [`Outcome`].
    ///
    /// `"disconnecting"` and `"disconnect"` come from the library, with the reason as a string. At
    /// `"disconnecting"` [`rooms`](Self::rooms) still tells where the socket was.
    ///
    /// ```
    /// # use tide_socketio::SocketIo;
    /// # async_std::task::block_on(async {
    /// let io = SocketIo::new();
    /// io.on_connection(async |socket| {
    ///     socket.on("add", async |_, (a, b): (i64, i64)| Ok::<_, String>(a + b));
    ///     socket.on("disconnect", async |socket, reason: String| println!("{}: {reason}", socket.id()));
    /// });
    /// # });
    /// ```
    pub fn on<T, F, Fut>(&self, event: &str, handler: F)
    where
        T: DeserializeOwned,
        F: Fn(Socket, T) -> Fut + Send + Sync + 'static,
        Fut: Future + Send + 'static,
        Fut::Output: Outcome,
    {
        self.listeners().add(listener(event, false, handler));
    }

    /// Like [`on`](Self::on), for the next event of this name only.
    pub fn once<T, F, Fut>(&self, event: &str, handler: F)
    where
        T: DeserializeOwned,
        F: Fn(Socket, T) -> Fut + Send + Sync + 'static,
        Fut: Future + Send + 'static,
        Fut::Output: Outcome,
    {
        self.listeners().add(listener(event, true, handler));
    }

    /// Removes all listeners of an event.
    pub fn off(&self, event: &str) {
        let removed = self.listeners().remove(event);
        // Not under the lock, here and below: what they hold is the application's, and so is what it does when dropped.
        drop(removed);
    }

    /// Runs `handler` for every event of whatever name, before its listeners.
    pub fn on_any<F, Fut>(&self, handler: F)
    where
        F: Fn(Socket, Event) -> Fut + Send + Sync + 'static,
        Fut: Future + Send + 'static,
        Fut::Output: Outcome,
    {
        self.listeners().rare_mut().any.push(catch_all(handler));
    }

    /// Removes what [`on_any`](Self::on_any) added.
    pub fn off_any(&self) {
        let removed = std::mem::take(&mut self.listeners().rare_mut().any);
        drop(removed);
    }

    /// Calls `watch` with every event sent to this socket, broadcasts too. After the disconnect it does nothing.
    pub fn on_any_outgoing(&self, watch: impl Fn(&Event) + Send + Sync + 'static) {
        let mut listeners = self.listeners();
        if self.is_gone() {
            return;
        }
        let outgoing = &mut listeners.rare_mut().outgoing;
        if outgoing.is_empty() {
            self.nsp().watched().fetch_add(1, Ordering::Relaxed);
        }
        outgoing.push(Arc::new(watch));
    }

    /// Removes what [`on_any_outgoing`](Self::on_any_outgoing) added.
    pub fn off_any_outgoing(&self) {
        let removed = std::mem::take(&mut self.listeners().rare_mut().outgoing);
        if !removed.is_empty() {
            self.nsp().watched().fetch_sub(1, Ordering::Relaxed);
        }
    }

    /// Has `middleware` look at every event first: JavaScript's `socket.use`. It gives the event on, changed
    /// or not; `Err` drops it, and is reported like a handler's error.
    pub fn use_<F, Fut>(&self, middleware: F)
    where
        F: Fn(Event) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Event, String>> + Send + 'static,
    {
        self.listeners()
            .rare_mut()
            .middleware
            .push(Arc::new(move |event| Box::pin(middleware(event))));
    }

    pub(super) fn take_listeners(&self, event: &str) -> Vec<Listener> {
        let mut listeners = self.listeners();
        let any = listeners.rare().filter(|_| !RESERVED.contains(&event));
        let mut all = any.map_or_else(Vec::new, |rare| rare.any.clone());
        all.append(&mut listeners.take(event));
        all
    }

    pub(super) fn packet_middleware(&self) -> Vec<PacketMiddleware> {
        self.listeners().rare().map_or_else(Vec::new, |rare| rare.middleware.clone())
    }

    pub(super) fn show_outgoing(&self, event: &Event) {
        let watchers = self.listeners().rare().map_or_else(Vec::new, |rare| rare.outgoing.clone());
        watchers.iter().for_each(|watch| watch(event));
    }
}
