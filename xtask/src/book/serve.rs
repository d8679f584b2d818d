//! The book on a port of this machine, built anew whenever something it shows is saved.
//!
//! It does without the library, so that it runs while somebody has the library in pieces.

use super::render;
use crate::root;
use crate::saves::Saves;
use anyhow::{Context, Result};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

/// What the book is made of.
const SOURCES: [&str; 5] = ["book", "chapters", "src", "static", "tests"];
/// How often the book was built: the pages ask for it, and reload when it grows.
static BUILDS: AtomicU64 = AtomicU64::new(0);

/// Serves the book until the process is stopped.
pub fn serve(port: u16) -> Result<()> {
    let output = render(true)?;
    let listener = TcpListener::bind(("127.0.0.1", port))
        .with_context(|| format!("port {port} is not free: name another, or none"))?;
    println!("the book is on http://{}/ and follows what you save", listener.local_addr()?);
    thread::spawn(rebuild);
    for stream in listener.incoming() {
        let (stream, output) = (stream?, output.clone());
        thread::spawn(move || {
            // A browser that leaves in the middle is no news.
            let _ = answer(&stream, &output);
        });
    }
    Ok(())
}

fn rebuild() {
    let mut saves = Saves::of(SOURCES.iter().map(|source| root().join(source)).collect());
    loop {
        saves.wait();
        match render(true) {
            Ok(_) => println!("built anew"),
            Err(error) => eprintln!("{error:#}"),
        }
        BUILDS.fetch_add(1, Ordering::Relaxed);
    }
}

/// One request: a GET without a body, from a browser on this machine.
fn answer(mut stream: &TcpStream, output: &Path) -> Result<()> {
    let mut head = BufReader::new(stream).lines();
    let request = head.next().context("no request")??;
    while head.next().transpose()?.is_some_and(|line| !line.is_empty()) {}
    let target = request.split(' ').nth(1).unwrap_or("/");
    let path = target.split('?').next().unwrap_or("/").trim_start_matches('/');
    let (status, kind, body) = if path == "builds" {
        (200, "text/plain", BUILDS.load(Ordering::Relaxed).to_string().into_bytes())
    } else {
        match file(output, path) {
            Some((path, body)) => (200, kind(&path), body),
            None => (404, "text/html", fs::read(output.join("404.html"))?),
        }
    };
    write!(
        stream,
        "HTTP/1.1 {status} \r\nContent-Type: {kind}; charset=utf-8\r\nContent-Length: {}\r\n\
         Cache-Control: no-store\r\nConnection: close\r\n\r\n",
        body.len()
    )?;
    Ok(stream.write_all(&body)?)
}

/// A file of the book, and none outside of it.
fn file(output: &Path, path: &str) -> Option<(PathBuf, Vec<u8>)> {
    if path.split('/').any(|part| part == "..") {
        return None;
    }
    let path = output.join(if path.is_empty() { "index.html" } else { path });
    fs::read(&path).ok().map(|body| (path, body))
}

fn kind(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html",
        Some("css") => "text/css",
        Some("js") => "text/javascript",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests;
