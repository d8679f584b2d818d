//! One connection from its first request to its end.

use super::Limits;
use super::conn::Conn;
use super::deadline::Deadline;
use super::head::{self, Head};
use super::peer::Upgraded;
use super::refusal::Refusal;
use super::response;
use super::shortcut::{Answering, Ask, Shortcut};
use crate::notice::Notice;
use futures_lite::future::yield_now;
use futures_lite::{FutureExt, io::BufReader};
use std::future::poll_fn;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::task::{Poll, ready};
use std::thread;
use std::time::{Duration, Instant};
use tide::Server;
use tide::http::headers::CONTENT_TYPE;
use tide::http::{Body, Method, Request, Response, StatusCode, upgrade};
use tide::log;

static REFUSED: Notice = Notice::new();

/// What an edge serves, and how.
pub struct Site<State> {
    pub app: Server<State>,
    pub shortcut: Option<Box<dyn Shortcut>>,
    pub limits: Limits,
}

/// What becomes of a connection after an answer.
enum After {
    KeepAlive,
    Close,
    /// It belongs to somebody else, or nothing can be sent over it any more.
    Leave,
}

/// Serves a connection until it closes, fails or is handed over.
pub async fn serve<State>(conn: Arc<Conn>, site: Arc<Site<State>>)
where
    State: Clone + Send + Sync + 'static,
{
    let mut deadline = Deadline::default();
    let mut wait = site.limits.head_timeout;
    loop {
        let begun = match next_head(&conn, &site.limits, &mut deadline, wait).await {
            Ok(None) => return,
            Ok(Some(bytes)) => {
                Head::read(&bytes, &site.limits).and_then(|head| begin(&conn, head, &site))
            }
            Err(refusal) => Err(refusal),
        };
        // Boxed, so that a connection that only waits does not hold the room for what comes with an answer.
        let after = match begun {
            Ok((exchange, By::Shortcut(answer))) => Box::pin(exchange.short(answer)).await,
            Ok((exchange, By::App(request))) => Box::pin(exchange.full(*request, &site.app)).await,
            Err(refusal) => refuse(&conn, refusal, Method::Get, &site.limits).await,
        };
        match after {
            After::KeepAlive => wait = site.limits.keep_alive,
            After::Close => return conn.linger().await,
            After::Leave => return,
        }
        // A client that sends ahead must not keep the thread to itself.
        if !conn.input().bytes.is_empty() {
            yield_now().await;
        }
    }
}

/// Waits for the head of a request. `None` means that the client has none.
async fn next_head(
    conn: &Conn,
    limits: &Limits,
    deadline: &mut Deadline,
    wait: Duration,
) -> Result<Option<Vec<u8>>, Refusal> {
    let mut until = Instant::now() + wait;
    let mut begun = false;
    poll_fn(|cx| {
        let mut input = conn.input();
        loop {
            if let Some(length) = head::length(&input.bytes, limits)? {
                return Poll::Ready(Ok(Some(input.take(length))));
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

/// Who answers a request.
enum By {
    Shortcut(Answering),
    App(Box<Request>),
}

/// One request and its answer.
struct Exchange<'a> {
    conn: &'a Arc<Conn>,
    limits: &'a Limits,
    method: Method,
    keep_alive: bool,
    upgrade: bool,
}

/// Has the body of a request read behind its head, and finds who answers it.
fn begin<'a, State>(
    conn: &'a Arc<Conn>,
    mut head: Head<'_>,
    site: &'a Site<State>,
) -> Result<(Exchange<'a>, By), Refusal> {
    let Site { limits, shortcut, .. } = site;
    let framing = std::mem::take(&mut head.framing);
    let body_length = framing.length();
    let number = conn.input().begin(framing, head.expects_continue);
    let Head { method, keep_alive, upgrade, .. } = head;
    let exchange = Exchange { conn, limits, method, keep_alive, upgrade };
    let body_timeout = limits.body_timeout;
    let ask = Ask { head: &head, conn, number, body_length, body_timeout };
    if let Some(shortcut) = shortcut
        && let Some(answer) = unpanicked(catch_unwind(AssertUnwindSafe(|| shortcut.take(&ask))))?
    {
        return Ok((exchange, By::Shortcut(answer)));
    }
    let mut request = ask.request()?;
    if body_length != Some(0) {
        let has_type = request.header(CONTENT_TYPE).is_some();
        let length = body_length.and_then(|length| usize::try_from(length).ok());
        request.set_body(Body::from_reader(BufReader::with_capacity(1024, ask.body()), length));
        if !has_type {
            // Setting a body sets a type, of which the client has said nothing.
            request.remove_header(CONTENT_TYPE);
        }
    }
    request.ext_mut().insert(ask.peer());
    Ok((exchange, By::App(Box::new(request))))
}

impl Exchange<'_> {
    async fn short(self, answer: Answering) -> After {
        let answer = AssertUnwindSafe(answer).catch_unwind().await;
        match self.handled(answer) {
            Ok((answer, rest_is_short)) => {
                let keep_alive = self.keeps_alive(rest_is_short);
                let bytes = response::short(&answer, self.method, keep_alive);
                let patience = self.limits.write_timeout;
                let written = self.conn.write_all(&bytes, patience).await;
                self.answered(written, keep_alive).await
            }
            Err(refusal) => self.refuse(refusal).await,
        }
    }

    async fn full<State>(self, request: Request, app: &Server<State>) -> After
    where
        State: Clone + Send + Sync + 'static,
    {
        let answer = app.respond::<Request, Response>(request);
        let answer = AssertUnwindSafe(answer).catch_unwind().await;
        let (mut response, rest_is_short) = match self.handled(answer) {
            Ok((Ok(response), rest_is_short)) => (response, rest_is_short),
            Ok((Err(error), rest_is_short)) => (Response::new(error.status()), rest_is_short),
            Err(refusal) => return self.refuse(refusal).await,
        };
        let patience = self.limits.write_timeout;
        let status = response.status();
        if status == StatusCode::SwitchingProtocols && self.upgrade && response.has_upgrade() {
            if response::write_upgrade(self.conn, &response, patience).await.is_ok() {
                let stream = upgrade::Connection::new(Upgraded(self.conn.clone()));
                response.send_upgrade().send(stream).await;
            }
            return After::Leave;
        }
        if status.is_informational() {
            log::error!("a handler answered {status} to a request that did not ask for it");
            return self.refuse(Refusal::FAILED).await;
        }
        let keep_alive = self.keeps_alive(rest_is_short) && !response::wants_close(&response);
        let written = response::write(self.conn, response, self.method, keep_alive, patience).await;
        self.answered(written, keep_alive).await
    }

    /// What a handler has come to, and whether the rest of the body is worth reading.
    fn handled<T>(&self, answer: thread::Result<T>) -> Result<(T, bool), Refusal> {
        // Whatever the handler made of a body that failed: the client has to know.
        let rest_is_short = self.conn.input().end()?;
        Ok((unpanicked(answer)?, rest_is_short))
    }

    fn keeps_alive(&self, rest_is_short: bool) -> bool {
        self.keep_alive && rest_is_short && !self.conn.is_stopping()
    }

    /// An answer was written, or could not be.
    async fn answered(self, written: io::Result<()>, keep_alive: bool) -> After {
        match written {
            Ok(()) if keep_alive && self.conn.discard_body().await => After::KeepAlive,
            Ok(()) => After::Close,
            Err(error) if error.kind() == io::ErrorKind::InvalidInput => {
                log::error!("{error}");
                self.refuse(Refusal::FAILED).await
            }
            Err(error) => {
                log::debug!("an answer could not be sent whole: {error}");
                self.conn.shut_down();
                After::Leave
            }
        }
    }

    async fn refuse(self, refusal: Refusal) -> After {
        refuse(self.conn, refusal, self.method, self.limits).await
    }
}

/// What the application's own code came to, if it did not panic.
fn unpanicked<T>(result: thread::Result<T>) -> Result<T, Refusal> {
    result.map_err(|_| {
        log::error!("a handler panicked; its request is answered with 500");
        Refusal::FAILED
    })
}

/// Says why a request is not served, and has the connection closed.
async fn refuse(conn: &Conn, refusal: Refusal, method: Method, limits: &Limits) -> After {
    REFUSED.warn(format_args!("{}: refused with {refusal}", conn.peer_addr()));
    let mut answer = refusal.to_bytes();
    if method == Method::Head {
        answer.truncate(answer.len() - refusal.body().len());
    }
    match conn.write_all(&answer, limits.write_timeout).await {
        Ok(()) => After::Close,
        Err(_) => After::Leave,
    }
}
