//! The application behind the edge: a handler for everything that can happen to one.

use crate::MS;
use async_std::io::ReadExt as _;
use async_std::task;
use futures_lite::{AsyncWriteExt as _, FutureExt as _, StreamExt as _};
use std::future::Future;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tide::http::{StatusCode, headers};
use tide::{Body, Request, Response};
use tide_socketio::edge::Peer;

/// What the handlers saw, in order.
pub type Seen = Arc<Mutex<Vec<String>>>;

pub fn app(seen: Seen) -> tide::Server<Seen> {
    let mut app = tide::with_state(seen);
    app.at("/").all(async |_| Ok("home"));
    app.at("/smuggled").get(async |request: Request<Seen>| {
        request.state().lock().unwrap().push("smuggled".to_owned());
        Ok("smuggled")
    });
    app.at("/echo").post(echo);
    app.at("/ignore").post(async |_| Ok("ignored"));
    app.at("/half").post(async |mut request: Request<Seen>| {
        let mut start = [0; 4];
        request.read_exact(&mut start).await?;
        Ok(String::from_utf8_lossy(&start).into_owned())
    });
    app.at("/stash").post(async |mut request: Request<Seen>| {
        let (body, seen) = (request.take_body(), request.state().clone());
        task::spawn(async move {
            task::sleep(200 * MS).await;
            let error = body.into_bytes().await.map(|_| ()).unwrap_err();
            seen.lock().unwrap().push(format!("stashed body: {error}"));
        });
        Ok("stashed")
    });
    app.at("/seen/*").all(show);
    app.at("/two-tasks").post(two_tasks);
    app.at("/wait").get(wait);
    app.at("/wait").post(wait);
    app.at("/slow").get(async |_| {
        task::sleep(300 * MS).await;
        Ok("slow")
    });
    app.at("/panic").get(panicking);
    app.at("/stream").get(stream);
    app.at("/short")
        .get(async |_| Ok(Body::from_reader(futures_lite::io::Cursor::new("12"), Some(5))));
    app.at("/big").get(async |_| Ok("x".repeat(1_000_000)));
    app.at("/empty").get(async |_| Ok(StatusCode::NoContent));
    app.at("/unchanged").get(async |_| Ok(StatusCode::NotModified));
    app.at("/last").get(async |_| {
        Ok(Response::builder(200).header(headers::CONNECTION, "close").body("last").build())
    });
    app.at("/split").get(async |_| {
        Ok(Response::builder(200).header("x-name", "a\r\nx-evil: 1").body("split").build())
    });
    app.at("/switch").get(async |_| Ok(Response::new(StatusCode::SwitchingProtocols)));
    app.at("/raw").get(raw);
    app.at("/ws").get(tide_websockets::WebSocket::new(|_: Request<Seen>, mut stream| async move {
        while let Some(Ok(tide_websockets::Message::Text(text))) = stream.next().await {
            stream.send_string(format!("you said {text}")).await?;
        }
        Ok(())
    }));
    app
}

/// Answers 200 whatever happens: what the client must learn of a failed body comes from the edge.
async fn echo(mut request: Request<Seen>) -> tide::Result<String> {
    let mut body = String::new();
    if let Err(error) = request.read_to_string(&mut body).await {
        request.state().lock().unwrap().push(format!("body failed: {error}"));
        return Ok("the handler thinks all is well".to_owned());
    }
    Ok(body)
}

async fn show(request: Request<Seen>) -> tide::Result<String> {
    let url = request.url();
    let of = |name: &str| request.header(name).map(|value| value.as_str().to_owned());
    Ok(format!(
        "{} {:?} {:?} peer={:?} local={:?} cookie={:?} type={:?}",
        url.path(),
        url.query(),
        url.host_str(),
        request.peer_addr(),
        request.local_addr(),
        of("cookie"),
        of("content-type"),
    ))
}

/// A long-poll whose news never come.
async fn wait(request: Request<Seen>) -> tide::Result<&'static str> {
    let say = |what: &str| request.state().lock().unwrap().push(what.to_owned());
    let peer = request.ext::<Peer>().unwrap().clone();
    say("waiting");
    let gone = async {
        peer.closed().await;
        say("gone");
        Ok("gone")
    };
    let news = async {
        while !request.state().lock().unwrap().iter().any(|seen| seen == "news") {
            task::sleep(5 * MS).await;
        }
        Ok("news")
    };
    gone.or(news).await
}

/// Reads the body while another task waits for the end of the connection, and says how often that one
/// was woken.
async fn two_tasks(mut request: Request<Seen>) -> tide::Result<String> {
    let (peer, seen) = (request.ext::<Peer>().unwrap().clone(), request.state().clone());
    let woken = Arc::new(AtomicUsize::new(0));
    let count = woken.clone();
    task::spawn(async move {
        let mut closed = Box::pin(peer.closed());
        std::future::poll_fn(|cx| {
            count.fetch_add(1, Ordering::Relaxed);
            closed.as_mut().poll(cx)
        })
        .await;
        seen.lock().unwrap().push("gone".to_owned());
    });
    let mut body = String::new();
    request.read_to_string(&mut body).await?;
    Ok(format!("{body} {}", woken.load(Ordering::Relaxed)))
}

async fn panicking(_: Request<Seen>) -> tide::Result<&'static str> {
    panic!("on purpose")
}

/// Two events, the second 300 ms after the first, of a length nobody knows.
async fn stream(_: Request<Seen>) -> tide::Result<Body> {
    let events = futures_lite::stream::unfold(0, |number| async move {
        if number == 1 {
            task::sleep(300 * MS).await;
        }
        let event = format!("event {number}\n").into_bytes();
        (number < 2).then_some((Ok::<_, std::io::Error>(event), number + 1))
    });
    let reader = futures_lite::io::BufReader::new(Events(Box::pin(events), Vec::new()));
    Ok(Body::from_reader(reader, None))
}

struct Events<S>(std::pin::Pin<Box<S>>, Vec<u8>);

impl<S: futures_lite::Stream<Item = std::io::Result<Vec<u8>>>> futures_lite::AsyncRead
    for Events<S>
{
    fn poll_read(
        mut self: std::pin::Pin<&mut Self>,
        cx: &mut std::task::Context<'_>,
        buffer: &mut [u8],
    ) -> std::task::Poll<std::io::Result<usize>> {
        if self.1.is_empty() {
            match std::task::ready!(self.0.poll_next(cx)) {
                Some(event) => self.1 = event?,
                None => return std::task::Poll::Ready(Ok(0)),
            }
        }
        let count = buffer.len().min(self.1.len());
        buffer[..count].copy_from_slice(&self.1[..count]);
        self.1.drain(..count);
        std::task::Poll::Ready(Ok(count))
    }
}

/// Echoes whatever comes after the upgrade.
async fn raw(_: Request<Seen>) -> tide::Result {
    let mut response = tide::http::Response::new(StatusCode::SwitchingProtocols);
    response.insert_header(headers::UPGRADE, "echo");
    response.insert_header(headers::CONNECTION, "upgrade");
    let connection = response.recv_upgrade().await;
    task::spawn(async move {
        let mut connection = connection.await.unwrap();
        let mut buffer = [0; 1024];
        while let Ok(count @ 1..) = connection.read(&mut buffer).await {
            connection.write_all(&buffer[..count]).await.unwrap();
        }
    });
    Ok(response.into())
}
