//! What a handler may know of the client at the other end.

use super::conn::Conn;
use futures_lite::io::{AsyncRead, AsyncWrite};
use std::fmt;
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Weak};
use std::task::{Context, Poll};

/// The client of a request, found in the request's extensions: `request.ext::<Peer>()`.
///
/// It keeps nothing open, and costs nothing unless it is asked.
///
/// ```
/// use std::time::Duration;
/// use futures_lite::FutureExt;
/// use tide_socketio::edge::Peer;
///
/// async fn wait_long(request: tide::Request<()>) -> tide::Result<&'static str> {
///     let news = async {
///         async_std::task::sleep(Duration::from_secs(60)).await;
///         Ok("news")
///     };
///     let gone = async {
///         match request.ext::<Peer>() {
///             Some(peer) => peer.closed().await,
///             // The request did not come through an edge.
///             None => std::future::pending().await,
///         }
///         Ok("nobody reads this")
///     };
///     news.or(gone).await
/// }
/// # let mut app = tide::new();
/// # app.at("/").get(wait_long);
/// ```
#[derive(Clone)]
pub struct Peer(Weak<Conn>);

impl Peer {
    pub(super) fn of(conn: &Arc<Conn>) -> Self {
        Self(Arc::downgrade(conn))
    }

    /// Waits until the client has gone: it closed the connection or its side of it, or the connection broke.
    ///
    /// A client that sends further requests without waiting for answers is read ahead 8 KiB; behind more
    /// than that its end is not seen until the requests before it are answered.
    pub async fn closed(&self) {
        poll_fn(|cx| match self.0.upgrade() {
            Some(conn) => conn.poll_gone(cx),
            None => Poll::Ready(()),
        })
        .await;
    }
}

impl fmt::Debug for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let addr = self.0.upgrade().map(|conn| conn.peer_addr());
        f.debug_tuple("Peer").field(&addr).finish()
    }
}

/// A connection that goes on in another protocol.
#[derive(Debug)]
pub struct Upgraded(pub Arc<Conn>);

impl AsyncRead for Upgraded {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        output: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        self.0.poll_read(cx, output)
    }
}

impl AsyncWrite for Upgraded {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.0.poll_write(cx, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_close(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(self.0.close_writing())
    }
}
