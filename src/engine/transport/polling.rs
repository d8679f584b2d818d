//! Long-polling: a GET that waits for packets, a POST that brings some.
//!
//! Protocol: Engine.IO v4, "HTTP long-polling".

use crate::edge::Peer;
use crate::engine::close::CloseReason;
use crate::engine::conn::{Conn, Waiter};
use crate::engine::handshake::{Refusal, RefusalCode};
use crate::engine::packet::{Packet, ParseError};
use crate::engine::payload;
use crate::engine::session::{Refused, Session};
use crate::notice::Notice;
use crate::options::Options;
use async_std::io::ReadExt;
use futures_lite::FutureExt;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tide::http::{Request, Response, StatusCode, headers, mime};

static TOO_LARGE: Notice = Notice::new();

/// How long a POST that closes the session waits for the client's poll.
const MEETING: Duration = Duration::from_millis(50);

/// Answers a GET: at once if something waits for the client, else as soon as something does.
pub async fn get(conn: &Arc<Conn>, request: &Request) -> Result<Response, Refusal> {
    conn.update(|session| {
        // The client may count as exactly as we do: what is due by now is done first.
        session.tick(Instant::now());
        session.poll()
    })
    .map_err(refusal)?;
    let peer = request.ext().get::<Peer>().cloned();
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
            answer.map(|body| text(&body)).map_err(refusal)
        }
        None => {
            conn.update(Session::poll_lost);
            Ok(Response::new(StatusCode::BadRequest))
        }
    }
}

/// Answers a POST, when its packets have been handed on.
pub async fn post(
    conn: &Arc<Conn>,
    request: Request,
    options: &Options,
) -> Result<Response, Refusal> {
    if is_octet_stream(&request) {
        conn.update(|session| session.abort(CloseReason::TransportError));
        return Err(Refusal::new(RefusalCode::BadRequest));
    }
    conn.update(Session::post).map_err(refusal)?;
    let body = read(request, options.max_http_buffer_size);
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
            return Ok(Response::new(StatusCode::PayloadTooLarge));
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
    let mut response = text("ok");
    response.insert_header(headers::CONTENT_TYPE, "text/html");
    Ok(response)
}

/// A client that closes has a poll under way on another connection, and expects it to be answered. The two
/// may arrive in either order.
async fn meet_poll(conn: &Arc<Conn>) {
    let polling = conn.wait(Waiter::Post, |session| session.is_polling().then_some(()));
    let _ = async_std::future::timeout(MEETING, polling).await;
}

/// A plain answer that nothing between here and the client may keep.
pub fn text(body: &str) -> Response {
    let mut response = Response::new(StatusCode::Ok);
    response.set_body(body);
    response.insert_header(headers::CONTENT_TYPE, "text/plain; charset=UTF-8");
    response.insert_header(headers::CACHE_CONTROL, "no-store");
    response
}

fn refusal(refused: Refused) -> Refusal {
    Refusal::new(match refused {
        Refused::Gone => RefusalCode::SessionIdUnknown,
        Refused::WrongTransport | Refused::Overlap => RefusalCode::BadRequest,
    })
}

/// Engine.IO 4 sends text only; version 3 sent its binary payloads so.
fn is_octet_stream(request: &Request) -> bool {
    request.content_type().is_some_and(|kind| kind.essence() == mime::BYTE_STREAM.essence())
}

enum Unread {
    TooLarge,
    Failed,
    NotText,
    Closed,
}

async fn read(mut request: Request, limit: usize) -> Result<String, Unread> {
    if request.len().is_some_and(|length| length > limit) {
        return Err(Unread::TooLarge);
    }
    let mut body = Vec::new();
    let mut reader = request.take_body().take(limit as u64 + 1);
    reader.read_to_end(&mut body).await.map_err(|_| Unread::Failed)?;
    if body.len() > limit {
        return Err(Unread::TooLarge);
    }
    String::from_utf8(body).map_err(|_| Unread::NotText)
}
