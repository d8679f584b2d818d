//! Long-polling: a GET that waits for packets, a POST that brings some.
//!
//! Protocol: Engine.IO v4, "HTTP long-polling".

use crate::edge::{Answer, Ask, BodyReader, Peer};
use crate::engine::close::CloseReason;
use crate::engine::conn::Conn;
use crate::engine::handshake::{Refusal, RefusalCode};
use crate::engine::packet::{Packet, ParseError};
use crate::engine::payload;
use crate::engine::session::{Refused, Session};
use crate::engine::waiting::Waiter;
use crate::notice::Notice;
use crate::options::Options;
use futures_lite::FutureExt;
use futures_lite::io::{AsyncRead, AsyncReadExt};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tide::http::{Body, Request, StatusCode, mime};

static TOO_LARGE: Notice = Notice::new();

/// Nothing between here and the client may keep an answer.
const NO_STORE: (&str, &str) = ("cache-control", "no-store");

/// How long a POST that closes the session waits for the client's poll.
const MEETING: Duration = Duration::from_millis(50);

/// Answers a GET: at once if something waits for the client, else as soon as something does.
pub async fn get(conn: &Arc<Conn>, peer: Option<Peer>) -> Result<Answer, Refusal> {
    conn.update(|session| {
        // The client may count as exactly as we do: what is due by now is done first.
        session.tick(Instant::now());
        session.poll()
    })
    .map_err(refusal)?;
    let answer = async { Some(conn.wait(Waiter::Poll, Session::poll_answer).await) };
    let gone = async {
        match peer {
            Some(peer) => peer.closed().await,
            // A listener that cannot tell: the heartbeat will find out.
            None => std::future::pending().await,
        }
        None
    };
    match answer.or(gone).await {
        Some(answer) => {
            // The last answer of a session ends it.
            conn.update(|_| ());
            answer.map(text).map_err(refusal)
        }
        None => {
            conn.update(Session::poll_lost);
            Ok(Answer { status: StatusCode::BadRequest, headers: &[], body: String::new() })
        }
    }
}

/// A POST, however it came here.
pub struct Posting<R> {
    content_type: Option<String>,
    length: Option<u64>,
    body: R,
}

impl Posting<Body> {
    pub fn of(mut request: Request) -> Self {
        Self {
            content_type: request.content_type().map(|kind| kind.essence().to_owned()),
            length: request.len().map(|length| length as u64),
            body: request.take_body(),
        }
    }
}

impl Posting<BodyReader> {
    pub fn shortly(ask: &Ask<'_>) -> Self {
        let kind = ask.header("content-type");
        Self {
            content_type: kind.map(|kind| String::from_utf8_lossy(kind).into_owned()),
            length: ask.body_length(),
            body: ask.body(),
        }
    }
}

/// Answers a POST, when its packets have been handed on.
pub async fn post<R: AsyncRead + Unpin>(
    conn: &Arc<Conn>,
    posting: Posting<R>,
    options: &Options,
) -> Result<Answer, Refusal> {
    // Engine.IO 4 sends text only; version 3 sent its binary payloads so.
    if posting
        .content_type
        .as_ref()
        .is_some_and(|kind| kind.starts_with(mime::BYTE_STREAM.essence()))
    {
        conn.update(|session| session.abort(CloseReason::TransportError));
        return Err(Refusal::new(RefusalCode::BadRequest));
    }
    conn.update(Session::post).map_err(refusal)?;
    let body = read(posting, options.max_http_buffer_size);
    let closed = async {
        conn.wait(Waiter::Post, |session| session.is_closed().then_some(())).await;
        Err(Unread::Closed)
    };
    let body = body.or(closed).await;
    conn.update(Session::posted);
    let body = match body {
        Ok(body) => body,
        Err(Unread::TooLarge) => {
            TOO_LARGE.warn(format_args!(
                "session {}: a request over max_http_buffer_size ({} bytes) refused",
                conn.sid(),
                options.max_http_buffer_size
            ));
            return Ok(Answer {
                status: StatusCode::PayloadTooLarge,
                headers: &[],
                body: String::new(),
            });
        }
        Err(Unread::Closed | Unread::Failed) => {
            conn.update(|session| session.abort(CloseReason::TransportError));
            return Err(Refusal::new(RefusalCode::BadRequest));
        }
        Err(Unread::NotText) => {
            conn.receive(Err(ParseError::UnknownType));
            return Err(Refusal::new(RefusalCode::BadRequest));
        }
    };
    for packet in payload::decode(&body, options.max_packets_per_payload) {
        if packet == Ok(Packet::Close) {
            meet_poll(conn).await;
        }
        if !conn.receive(packet) {
            return Err(Refusal::new(RefusalCode::BadRequest));
        }
    }
    // A client sends its next request after this answer: one that sends too much has to wait.
    conn.wait(Waiter::Post, |session| (!session.is_backlogged()).then_some(())).await;
    let headers = &[("content-type", "text/html"), NO_STORE];
    Ok(Answer { status: StatusCode::Ok, headers, body: "ok".to_owned() })
}

/// A client that closes has a poll under way on another connection, and expects it to be answered. The two
/// may arrive in either order.
async fn meet_poll(conn: &Arc<Conn>) {
    let polling = conn.wait(Waiter::Post, |session| session.is_polling().then_some(()));
    let _ = async_std::future::timeout(MEETING, polling).await;
}

/// An answer that carries packets.
pub fn text(body: String) -> Answer {
    let headers = &[("content-type", "text/plain; charset=UTF-8"), NO_STORE];
    Answer { status: StatusCode::Ok, headers, body }
}

fn refusal(refused: Refused) -> Refusal {
    Refusal::new(match refused {
        Refused::Gone => RefusalCode::SessionIdUnknown,
        Refused::WrongTransport | Refused::Overlap => RefusalCode::BadRequest,
    })
}

enum Unread {
    TooLarge,
    Failed,
    NotText,
    Closed,
}

async fn read<R: AsyncRead + Unpin>(posting: Posting<R>, limit: usize) -> Result<String, Unread> {
    if posting.length.is_some_and(|length| length > limit as u64) {
        return Err(Unread::TooLarge);
    }
    let mut body = Vec::new();
    let mut reader = posting.body.take(limit as u64 + 1);
    reader.read_to_end(&mut body).await.map_err(|_| Unread::Failed)?;
    if body.len() > limit {
        return Err(Unread::TooLarge);
    }
    String::from_utf8(body).map_err(|_| Unread::NotText)
}
