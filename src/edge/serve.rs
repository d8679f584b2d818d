//! One connection from its first request to its end.

use super::Limits;
use super::body::BodyReader;
use super::conn::Conn;
use super::deadline::Deadline;
use super::head::{self, Head};
use super::peer::{Peer, Upgraded};
use super::refusal::Refusal;
use super::response;
use futures_lite::future::yield_now;
use futures_lite::{FutureExt, io::BufReader};
use std::future::poll_fn;
use std::io;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::task::{Poll, ready};
use std::time::{Duration, Instant};
use tide::Server;
use tide::http::headers::CONTENT_TYPE;
use tide::http::{Body, Method, Request, Response, StatusCode, upgrade};
use tide::log;

/// What becomes of a connection after an answer.
enum After {
    KeepAlive,
    Close,
    /// It belongs to somebody else, or nothing can be sent over it any more.
    Leave,
}

/// Serves a connection until it closes, fails or is handed over.
pub async fn serve<State>(conn: Arc<Conn>, app: Server<State>, limits: Arc<Limits>)
where
    State: Clone + Send + Sync + 'static,
{
    let mut deadline = Deadline::default();
    let mut wait = limits.head_timeout;
    loop {
        let after = match next_head(&conn, &limits, &mut deadline, wait).await {
            Ok(None) => return,
            // Boxed, so that a connection that only waits does not hold the room for this.
            Ok(Some(head)) => Box::pin(exchange(&conn, *head, &app, &limits)).await,
            Err(refusal) => refuse(&conn, refusal, Method::Get, &limits).await,
        };
        match after {
            After::KeepAlive => wait = limits.keep_alive,
            After::Close => return conn.linger().await,
            After::Leave => return,
        }
        // A client that sends ahead must not keep the thread to itself.
        if !conn.input().bytes.is_empty() {
            yield_now().await;
        }
    }
}

/// Waits for a request. `None` means that the client has none.
async fn next_head(
    conn: &Conn,
    limits: &Limits,
    deadline: &mut Deadline,
    wait: Duration,
) -> Result<Option<Box<Head>>, Refusal> {
    let mut until = Instant::now() + wait;
    let mut begun = false;
    poll_fn(|cx| {
        let mut input = conn.input();
        loop {
            if let Some((head, length)) = head::parse(&input.bytes, limits)? {
                input.consume(length);
                return Poll::Ready(Ok(Some(head)));
            }
            if !begun && !input.bytes.is_empty() {
                begun = true;
                until = Instant::now() + limits.head_timeout;
            }
            let refusal = match conn.poll_fill(&mut input, cx, limits.max_head) {
                Poll::Ready(0) => Refusal::CUT_OFF,
                Poll::Ready(_) => continue,
                // A request that has come by now is still answered.
                Poll::Pending if !begun && conn.is_stopping() => return Poll::Ready(Ok(None)),
                Poll::Pending => {
                    ready!(deadline.poll(cx, until));
                    Refusal::HEAD_TIMEOUT
                }
            };
            return Poll::Ready(if begun { Err(refusal) } else { Ok(None) });
        }
    })
    .await
}

/// Answers one request.
async fn exchange<State>(
    conn: &Arc<Conn>,
    head: Head,
    app: &Server<State>,
    limits: &Limits,
) -> After
where
    State: Clone + Send + Sync + 'static,
{
    let Head { mut request, framing, keep_alive, expects_continue, upgrade } = head;
    let method = request.method();
    let length = framing.length();
    let number = conn.input().begin(framing, expects_continue);
    if length != Some(0) {
        let reader = BodyReader::new(Arc::downgrade(conn), number, limits.body_timeout);
        let has_type = request.header(CONTENT_TYPE).is_some();
        let length = length.and_then(|length| usize::try_from(length).ok());
        request.set_body(Body::from_reader(BufReader::with_capacity(1024, reader), length));
        if !has_type {
            // Setting a body sets a type, of which the client has said nothing.
            request.remove_header(CONTENT_TYPE);
        }
    }
    request.set_local_addr(conn.local_addr);
    request.set_peer_addr(Some(conn.peer_addr));
    request.ext_mut().insert(Peer::of(conn));

    let answer = AssertUnwindSafe(app.respond::<Request, Response>(request)).catch_unwind().await;
    // Whatever the handler made of a body that failed: the client has to know.
    let ended = conn.input().end();
    let rest_is_short = match ended {
        Ok(rest_is_short) => rest_is_short,
        Err(refusal) => return refuse(conn, refusal, method, limits).await,
    };
    let mut response = match answer {
        Ok(Ok(response)) => response,
        Ok(Err(error)) => Response::new(error.status()),
        Err(_) => {
            log::error!("a handler panicked; its request is answered with 500");
            return refuse(conn, Refusal::FAILED, method, limits).await;
        }
    };
    if response.status() == StatusCode::SwitchingProtocols && upgrade && response.has_upgrade() {
        if response::write_upgrade(conn, &response, limits.write_timeout).await.is_ok() {
            let stream = upgrade::Connection::new(Upgraded(conn.clone()));
            response.send_upgrade().send(stream).await;
        }
        return After::Leave;
    }
    if response.status().is_informational() {
        log::error!(
            "a handler answered {} to a request that did not ask for it",
            response.status()
        );
        return refuse(conn, Refusal::FAILED, method, limits).await;
    }
    let keep_alive =
        keep_alive && rest_is_short && !response::wants_close(&response) && !conn.is_stopping();
    match response::write(conn, response, method, keep_alive, limits.write_timeout).await {
        Ok(()) if keep_alive && conn.discard_body().await => After::KeepAlive,
        Ok(()) => After::Close,
        Err(error) if error.kind() == io::ErrorKind::InvalidInput => {
            log::error!("{error}");
            refuse(conn, Refusal::FAILED, method, limits).await
        }
        Err(error) => {
            log::debug!("an answer could not be sent whole: {error}");
            conn.shut_down();
            After::Leave
        }
    }
}

/// Says why a request is not served, and has the connection closed.
async fn refuse(conn: &Conn, refusal: Refusal, method: Method, limits: &Limits) -> After {
    log::debug!("{}: refused: {refusal}", conn.peer_addr);
    let mut answer = refusal.to_bytes();
    if method == Method::Head {
        answer.truncate(answer.len() - refusal.body().len());
    }
    match conn.write_all(&answer, limits.write_timeout).await {
        Ok(()) => After::Close,
        Err(_) => After::Leave,
    }
}
