//! The listener: accepts connections, within limits, until the server is to stop.

use super::conn::Conn;
use super::refusal::Refusal;
use super::serve::{Site, serve};
use super::table::Table;
use super::{Edge, signals};
use crate::notice::Notice;
use async_io::Async;
use async_std::net::ToSocketAddrs;
use async_std::task::{sleep, spawn};
use futures_lite::future::poll_once;
use futures_lite::{AsyncReadExt, AsyncWriteExt, FutureExt};
use socket2::{Domain, Socket, Type};
use std::fmt;
use std::io;
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::time::Duration;
use tide::listener::{ListenInfo, Listener, ToListener};
use tide::utils::async_trait;
use tide::{Server, log};

/// How many connections the system keeps until they are accepted: enough for all clients of a server that
/// has just started again.
const BACKLOG: i32 = 1024;
/// How long requests may still run when the server stops.
const GRACE: Duration = Duration::from_secs(10);
/// How long a client that is turned away has to read why; so long does accepting rest when the process has
/// no descriptor left.
const REST: Duration = Duration::from_millis(50);

static TURNED_AWAY: Notice = Notice::new();
static NOT_ACCEPTED: Notice = Notice::new();

/// An [`Edge`] with the application it serves: what tide makes of it.
pub struct EdgeListener<State> {
    edge: Edge,
    bound: Option<(TcpListener, Arc<Site<State>>)>,
    info: Option<ListenInfo>,
}

impl<State> ToListener<State> for Edge
where
    State: Clone + Send + Sync + 'static,
{
    type Listener = EdgeListener<State>;

    fn to_listener(self) -> io::Result<Self::Listener> {
        Ok(EdgeListener { edge: self, bound: None, info: None })
    }
}

#[async_trait]
impl<State> Listener<State> for EdgeListener<State>
where
    State: Clone + Send + Sync + 'static,
{
    async fn bind(&mut self, app: Server<State>) -> io::Result<()> {
        let listener = self.edge.listen().await?;
        let address = listener.local_addr()?;
        if let Some(on_listen) = self.edge.on_listen.take() {
            on_listen(address);
        }
        let url = format!("http://{address}");
        self.info = Some(ListenInfo::new(url, "tcp".to_owned(), false));
        let (shortcut, limits) = (self.edge.shortcut.take(), self.edge.limits.clone());
        self.bound = Some((listener, Arc::new(Site { app, shortcut, limits })));
        Ok(())
    }

    async fn accept(&mut self) -> io::Result<()> {
        let unbound =
            || io::Error::new(io::ErrorKind::NotConnected, "bind the listener first, once");
        let (listener, site) = self.bound.take().ok_or_else(unbound)?;
        let table = self.edge.table.clone();
        signals::watch(&table)?;
        let stopped = async {
            table.stopped().await;
            Ok(())
        };
        // The listener goes with the loop: from then on the port refuses.
        stopped.or(accept_all(listener, site, &table)).await?;
        let on_stop = self.edge.on_stop.take();
        let orderly = async {
            if let Some(on_stop) = on_stop {
                on_stop().await;
            }
            table.empty().await;
        };
        let late = async {
            sleep(GRACE).await;
            log::warn!("connections that did not end in {GRACE:?} are cut");
        };
        orderly.or(late).await;
        table.shut_down();
        Ok(())
    }

    fn info(&self) -> Vec<ListenInfo> {
        self.info.iter().cloned().collect()
    }
}

impl<State> fmt::Display for EdgeListener<State> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.info {
            Some(info) => info.fmt(f),
            None => write!(f, "http://{}", self.edge.addr),
        }
    }
}

impl<State> fmt::Debug for EdgeListener<State> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EdgeListener").field("edge", &self.edge).finish_non_exhaustive()
    }
}

impl Edge {
    async fn listen(&self) -> io::Result<TcpListener> {
        let mut error = io::Error::new(io::ErrorKind::InvalidInput, "the address names no host");
        for addr in self.addr.to_socket_addrs().await? {
            match self.listen_on(addr) {
                Ok(listener) => return Ok(listener),
                Err(failed) => error = failed,
            }
        }
        Err(io::Error::new(error.kind(), format!("cannot listen on {}: {error}", self.addr)))
    }

    fn listen_on(&self, addr: SocketAddr) -> io::Result<TcpListener> {
        let socket = Socket::new(Domain::for_address(addr), Type::STREAM, None)?;
        // On Unix this lets a server start again at once; on Windows it would let two share a port.
        #[cfg(unix)]
        socket.set_reuse_address(true)?;
        socket.bind(&addr.into())?;
        socket.listen(BACKLOG)?;
        Ok(socket.into())
    }
}

async fn accept_all<State>(
    listener: TcpListener,
    site: Arc<Site<State>>,
    table: &Arc<Table>,
) -> io::Result<()>
where
    State: Clone + Send + Sync + 'static,
{
    let accepting = Async::new(listener.try_clone()?)?;
    // A descriptor to give up when there is no other, so that a client can be told.
    let mut reserve = listener.try_clone().ok();
    loop {
        match accepting.accept().await {
            Ok((stream, addr)) => admit(stream, addr, &site, table),
            Err(error) if is_transient(&error) => {}
            Err(error) => {
                drop(reserve.take());
                NOT_ACCEPTED.warn(format_args!("accepting a connection failed: {error}"));
                match poll_once(accepting.accept()).await {
                    Some(Ok((stream, _))) => turn_away(stream).await,
                    _ => sleep(REST).await,
                }
                reserve = listener.try_clone().ok();
            }
        }
    }
}

/// Whether the fault was the client's, not ours.
fn is_transient(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}

fn admit<State>(
    stream: Async<TcpStream>,
    addr: SocketAddr,
    site: &Arc<Site<State>>,
    table: &Arc<Table>,
) where
    State: Clone + Send + Sync + 'static,
{
    let Ok(place) = table.admit(addr, &site.limits) else {
        TURNED_AWAY.warn(format_args!(
            "{addr}: turned away: there are max_connections ({}), or max_connections_per_ip ({}) from there",
            site.limits.max_connections, site.limits.max_connections_per_ip
        ));
        spawn(turn_away(stream));
        return;
    };
    // Without it the second of two small writes waits for the first one's acknowledgement.
    let _ = stream.get_ref().set_nodelay(true);
    spawn(serve(Conn::new(stream, place), site.clone()));
}

/// Tells a client that there is no room for it, if it listens.
async fn turn_away(mut stream: Async<TcpStream>) {
    let _ = poll_once(stream.write_all(&Refusal::FULL.to_bytes())).await;
    let _ = stream.get_ref().shutdown(Shutdown::Write);
    sleep(REST).await;
    // Closing with its request unread would reset the connection before it has read the answer.
    let _ = poll_once(stream.read(&mut [0; 4096])).await;
}
