//! A TCP proxy that cuts connections where it is told to.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Client,
    Server,
}

/// Where a connection ends.
#[derive(Debug, Clone, Copy)]
pub struct Cut {
    /// When so many bytes from this side, not counted the head of the HTTP message, have been passed on.
    pub from: Side,
    pub after: usize,
    pub how: How,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// Both sides read the end of the stream.
    Fin,
    /// Both connections are reset.
    Reset,
    /// Only this side has ended: the other may go on.
    Half,
}

pub struct Proxy {
    pub address: SocketAddr,
    next: Arc<Mutex<Option<Cut>>>,
}

impl Proxy {
    pub fn start(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let next = Arc::new(Mutex::new(None));
        let cuts = next.clone();
        std::thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let Ok(upstream) = TcpStream::connect(server) else { continue };
                let cut: Option<Cut> = cuts.lock().expect("a lock").take();
                let (client, upstream) = (Arc::new(client), Arc::new(upstream));
                for (side, from, to) in
                    [(Side::Client, &client, &upstream), (Side::Server, &upstream, &client)]
                {
                    let cut = cut.filter(|cut| cut.from == side);
                    let (from, to) = (from.clone(), to.clone());
                    std::thread::spawn(move || pump(&from, &to, cut));
                }
            }
        });
        Self { address, next }
    }

    /// The next connection is cut so.
    pub fn cut(&self, cut: Cut) {
        *self.next.lock().expect("a lock") = Some(cut);
    }
}

fn pump(from: &TcpStream, to: &TcpStream, cut: Option<Cut>) {
    let (mut head, mut in_head, mut passed) = (Vec::new(), true, 0);
    let mut buffer = [0; 4096];
    let _ = (from.set_nodelay(true), to.set_nodelay(true));
    let (mut reader, mut writer) = (from, to);
    while let Ok(count @ 1..) = reader.read(&mut buffer) {
        let mut bytes = &buffer[..count];
        if in_head {
            head.extend_from_slice(bytes);
            let Some(end) = head.windows(4).position(|window| window == b"\r\n\r\n") else {
                continue;
            };
            let rest = head.split_off(end + 4);
            if writer.write_all(&head).is_err() {
                break;
            }
            in_head = false;
            head = rest;
            bytes = &head;
        }
        let left = cut.map_or(usize::MAX, |cut| cut.after - passed);
        let bytes = &bytes[..bytes.len().min(left)];
        passed += bytes.len();
        if writer.write_all(bytes).is_err() {
            break;
        }
        if let Some(cut) = cut.filter(|cut| passed == cut.after) {
            return end(from, to, cut.how);
        }
    }
    // What ended here ends there.
    let _ = to.shutdown(Shutdown::Write);
}

fn end(from: &TcpStream, to: &TcpStream, how: How) {
    match how {
        How::Half => drop(to.shutdown(Shutdown::Write)),
        How::Fin => [from, to].into_iter().for_each(|stream| drop(stream.shutdown(Shutdown::Both))),
        How::Reset => {
            for stream in [from, to] {
                // With no time to linger, closing is a reset. Whoever reads has to let go of it first.
                let _ = socket2::SockRef::from(stream).set_linger(Some(std::time::Duration::ZERO));
                let _ = stream.shutdown(Shutdown::Read);
            }
        }
    }
}
