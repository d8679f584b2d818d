//! Where a program listens, as whoever starts it wants it.

use super::Edge;
use std::io;

impl Edge {
    /// An edge for `default`, or for what the program was told instead: `--port` on the command line, or
    /// `PORT` and `HOST` in the environment. Port 0 lets the system choose one.
    ///
    /// # Errors
    /// When the port is no number up to 65535.
    pub fn from_env(default: &str) -> io::Result<Self> {
        let env = |name| std::env::var(name).ok();
        resolve(default, std::env::args().skip(1), env("HOST"), env("PORT")).map(Self::new)
    }
}

fn resolve(
    default: &str,
    args: impl Iterator<Item = String>,
    host: Option<String>,
    port: Option<String>,
) -> io::Result<String> {
    let (default_host, default_port) = default.rsplit_once(':').unwrap_or((default, "0"));
    let mut args = args;
    let mut wanted = port;
    while let Some(arg) = args.next() {
        if arg == "--port" {
            wanted = Some(args.next().unwrap_or_default());
        } else if let Some(port) = arg.strip_prefix("--port=") {
            wanted = Some(port.to_owned());
        }
    }
    let host = host.unwrap_or_else(|| default_host.to_owned());
    let port = wanted.unwrap_or_else(|| default_port.to_owned());
    if port.parse::<u16>().is_err() {
        let message = format!("{port:?} is no port: use a number from 0 (any) to 65535");
        return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
    }
    // An IPv6 address has colons of its own.
    let host =
        if host.contains(':') && !host.starts_with('[') { format!("[{host}]") } else { host };
    Ok(format!("{host}:{port}"))
}

#[cfg(test)]
mod tests;
