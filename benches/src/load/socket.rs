//! A TCP connection that never blocks.

use anyhow::{Result, bail};
use mio::event::Event;
use mio::net::TcpStream;
use mio::{Interest, Registry, Token};
use std::io::{ErrorKind, Read, Write};
use std::net::Ipv4Addr;

/// More than a server writes at once to one client.
pub const SCRATCH: usize = 256 * 1024;

pub struct Socket {
    io: TcpStream,
    /// The beginning of something whose end has not come yet.
    rest: Vec<u8>,
    /// What is to be written.
    pub out: Vec<u8>,
}

impl Socket {
    pub fn connect(port: u16, token: usize, registry: &Registry) -> Result<Self> {
        let mut io = TcpStream::connect((Ipv4Addr::LOCALHOST, port).into())?;
        io.set_nodelay(true)?;
        registry.register(&mut io, Token(token), Interest::READABLE | Interest::WRITABLE)?;
        Ok(Self { io, rest: Vec::new(), out: Vec::new() })
    }

    /// Writes what the server takes now. The rest goes when the socket is writable again.
    pub fn flush(&mut self) -> Result<()> {
        let mut written = 0;
        while written < self.out.len() {
            match self.io.write(&self.out[written..]) {
                Ok(length) => written += length,
                // Still connecting, or the server does not keep up.
                Err(error)
                    if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::NotConnected) =>
                {
                    break;
                }
                Err(error) => bail!("the server closed a connection: {error}"),
            }
        }
        self.out.drain(..written);
        Ok(())
    }

    /// Gives `take` what has come. It tells how much of it was complete, and the rest is kept for the next
    /// time. `scratch` is lent by all connections.
    pub fn read(
        &mut self,
        event: &Event,
        scratch: &mut [u8],
        mut take: impl FnMut(&[u8], &mut Vec<u8>) -> Result<usize>,
    ) -> Result<()> {
        loop {
            let length = match self.io.read(scratch) {
                Ok(0) => bail!("the server closed a connection"),
                Ok(length) => length,
                Err(error)
                    if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::NotConnected) =>
                {
                    return Ok(());
                }
                Err(error) => bail!("the server closed a connection: {error}"),
            };
            if self.rest.is_empty() {
                let used = take(&scratch[..length], &mut self.out)?;
                self.rest.extend(&scratch[used..length]);
            } else {
                self.rest.extend(&scratch[..length]);
                let used = take(&self.rest, &mut self.out)?;
                self.rest.drain(..used);
            }
            // A short read has emptied the socket: no need to be told so by another one (epoll(7)).
            if length < scratch.len() && !event.is_read_closed() {
                return Ok(());
            }
        }
    }
}
