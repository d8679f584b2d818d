//! A response: its head, and its body behind it.

use super::conn::Conn;
use super::shortcut::Answer;
use futures_lite::future::poll_once;
use futures_lite::io::AsyncReadExt;
use httpdate::HttpDate;
use std::fmt::{self, Write as _};
use std::io::{self, Write as _};
use std::pin::pin;
use std::time::{Duration, SystemTime};
use tide::http::headers::{CONNECTION, CONTENT_LENGTH, DATE, TRANSFER_ENCODING};
use tide::http::{Method, Response, StatusCode};

/// How much of a body is gathered before it is written.
const PIECE: usize = 16 * 1024;

/// How the client will know where the body ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    NoBody,
    Length(usize),
    Chunked,
}

/// Whether the application asked for the connection to be closed.
pub fn wants_close(response: &Response) -> bool {
    let values = response.header(CONNECTION);
    values.is_some_and(|values| {
        values.iter().any(|value| value.as_str().eq_ignore_ascii_case("close"))
    })
}

/// Writes a response, head and small body in one write.
pub async fn write(
    conn: &Conn,
    mut response: Response,
    method: Method,
    keep_alive: bool,
    patience: Duration,
) -> io::Result<()> {
    let ending = ending(&response, method);
    let mut out = head(&response, ending, keep_alive)?;
    let mut left = match ending {
        _ if method == Method::Head => 0,
        Ending::NoBody => 0,
        Ending::Length(length) => length,
        Ending::Chunked => usize::MAX,
    };
    let mut body = response.take_body();
    let mut piece = vec![0; left.min(PIECE)];
    while left > 0 {
        let most = left.min(PIECE);
        let mut read = pin!(body.read(&mut piece[..most]));
        let count = match poll_once(&mut read).await {
            Some(count) => count?,
            None => {
                // What there is goes out before we wait for more: it may be an event of a stream.
                conn.write_all(&out, patience).await?;
                out.clear();
                read.await?
            }
        };
        match ending {
            Ending::Chunked => write!(out, "{count:x}\r\n")?,
            // Only the end of the connection can now tell the client that its answer is not whole.
            _ if count == 0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            _ => left -= count,
        }
        out.extend_from_slice(&piece[..count]);
        if ending == Ending::Chunked {
            out.extend_from_slice(b"\r\n");
            if count == 0 {
                break;
            }
        }
        if out.len() >= PIECE {
            conn.write_all(&out, patience).await?;
            out.clear();
        }
    }
    conn.write_all(&out, patience).await
}

/// The bytes of an answer of a shortcut.
pub fn short(answer: &Answer, method: Method, keep_alive: bool) -> Vec<u8> {
    let Answer { status, headers, body } = answer;
    let mut out = String::with_capacity(256 + body.len());
    status_line(&mut out, *status);
    for (name, value) in *headers {
        out.extend([*name, ": ", *value, "\r\n"]);
    }
    let ending = if is_bodiless(*status) { Ending::NoBody } else { Ending::Length(body.len()) };
    finish(&mut out, ending, keep_alive, true);
    if method != Method::Head && ending != Ending::NoBody {
        out.push_str(body);
    }
    out.into_bytes()
}

/// Writes the head of an answer that hands the connection over.
pub async fn write_upgrade(conn: &Conn, response: &Response, patience: Duration) -> io::Result<()> {
    conn.write_all(&head(response, Ending::NoBody, true)?, patience).await
}

fn ending(response: &Response, method: Method) -> Ending {
    let says_itself = || response.header(CONTENT_LENGTH).is_some();
    match response.len() {
        _ if is_bodiless(response.status()) => Ending::NoBody,
        // A handler for HEAD has no body, and may know how long the one of GET is.
        Some(0) if method == Method::Head && says_itself() => Ending::NoBody,
        Some(length) => Ending::Length(length),
        None => Ending::Chunked,
    }
}

fn is_bodiless(status: StatusCode) -> bool {
    matches!(status, StatusCode::NoContent | StatusCode::NotModified)
}

fn head(response: &Response, ending: Ending, keep_alive: bool) -> io::Result<Vec<u8>> {
    let mut out = String::with_capacity(1024);
    let status = response.status();
    status_line(&mut out, status);
    let switching = status == StatusCode::SwitchingProtocols;
    for (name, values) in response.iter() {
        // These are the edge's own to say.
        let framing = *name == TRANSFER_ENCODING
            || (*name == CONTENT_LENGTH && ending != Ending::NoBody)
            || (*name == CONNECTION && !switching);
        for value in values.iter().filter(|_| !framing) {
            let (name, value) = (name.as_str(), value.as_str());
            if !is_token(name) || !value.bytes().all(|b| matches!(b, b' '..=b'~' | b'\t')) {
                let error = format!("the response header {name:?} cannot be sent: {value:?}");
                return Err(io::Error::new(io::ErrorKind::InvalidInput, error));
            }
            out.extend([name, ": ", value, "\r\n"]);
        }
    }
    finish(&mut out, ending, keep_alive, response.header(DATE).is_none());
    Ok(out.into_bytes())
}

fn status_line(out: &mut String, status: StatusCode) {
    put(out, format_args!("HTTP/1.1 {} {}\r\n", status as u16, status.canonical_reason()));
}

/// The edge's own headers, and the end of the head.
fn finish(out: &mut String, ending: Ending, keep_alive: bool, dates: bool) {
    match ending {
        Ending::Length(length) => put(out, format_args!("content-length: {length}\r\n")),
        Ending::Chunked => out.push_str("transfer-encoding: chunked\r\n"),
        Ending::NoBody => {}
    }
    if !keep_alive {
        out.push_str("connection: close\r\n");
    }
    if dates {
        put(out, format_args!("date: {}\r\n", HttpDate::from(SystemTime::now())));
    }
    out.push_str("\r\n");
}

fn put(out: &mut String, text: fmt::Arguments<'_>) {
    out.write_fmt(text).expect("writing to a string does not fail");
}

fn is_token(name: &str) -> bool {
    !name.is_empty()
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b))
}

#[cfg(test)]
mod tests;
