//! The server that the test suite of the official `socket.io-client` runs against.
//!
//! `cargo run --example client_suite -- --port 3210`

use async_std::sync::Mutex;
use serde_json::{Value, json};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tide_socketio::{
    AllowRequest, Args, Binary, ConnectError, Edge, Options, Recovery, Socket, SocketIo,
};

/// What the suite checks to be a date in the form of JavaScript's `toISOString`.
fn now() -> String {
    let since = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
    let days = since.as_secs() / 86_400;
    // Only the form matters: a date of 1970, with the time of this day.
    let (day, seconds) = (1 + days % 28, since.as_secs() % 86_400);
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    format!("1970-01-{day:02}T{hours:02}:{minutes:02}:{seconds:02}.{:03}Z", since.subsec_millis())
}

fn answer_texts_and_dates(socket: &Socket) {
    socket.on("hi", async |socket, ()| socket.emit("hi", ()));
    socket.on("echo", async |_, value: Value| Ok::<_, Infallible>(value));
    socket.on("ack", async |socket, ()| {
        let answer = socket.emit_with_ack::<(Value, Value)>("ack", ());
        // A handler that waited here would keep the socket's next event waiting.
        async_std::task::spawn(async move {
            if answer.await == Ok((json!(5), json!({ "test": true }))) {
                socket.emit("got it", ());
            }
        });
    });
    socket.on("getAckDate", async |_, _: Value| Ok::<_, Infallible>(now()));
    socket.on("getDate", async |socket, ()| socket.emit("takeDate", now()));
    socket.on("getDateObj", async |socket, ()| {
        socket.emit("takeDateObj", json!({ "date": now() }));
    });
    socket.on("getUtf8", async |socket, ()| {
        let texts = ["てすと", "Я Б Г Д Ж Й", "Ä ä Ü ü ß", "utf8 — string", "utf8 — string"];
        for text in texts {
            socket.emit("takeUtf8", text);
        }
    });
    socket.on("false", async |socket, ()| socket.emit("false", false));
    socket.on("getId", async |socket, ()| Ok::<_, Infallible>(socket.id().to_owned()));
    socket.on("getHandshake", async |socket, ()| Ok::<_, Infallible>(socket.handshake()));
}

fn answer_binary(socket: &Socket) {
    let binary = || Binary::from("asdfasdf".as_bytes());
    socket.on("doge", move |socket, ()| async move { socket.emit("doge", binary()) });
    socket.on("getbin", move |socket, ()| async move { socket.emit("takebin", binary()) });
    socket.on("buffa", async |socket, _: Binary| socket.emit("buffack", ()));
    #[derive(serde::Deserialize)]
    struct Mixed {
        hello: String,
        #[serde(rename = "message")]
        _message: Binary,
        goodbye: String,
    }
    socket.on("jsonbuff", async |socket, data: Mixed| {
        if data.hello == "lol" && data.goodbye == "gotcha" {
            socket.emit("jsonbuff-ack", ());
        }
    });
    // Two events that count only in their order.
    let first = Arc::new(Mutex::new(false));
    let seen = first.clone();
    socket.on("abuff1", move |_, _: Binary| {
        let seen = seen.clone();
        async move { *seen.lock().await = true }
    });
    socket.on("abuff2", move |socket, _: Args| {
        let first = first.clone();
        async move {
            if *first.lock().await {
                socket.emit("abuff2-ack", ());
            }
        }
    });
}

#[async_std::main]
async fn main() -> std::io::Result<()> {
    femme::with_level(femme::LevelFilter::Warn);
    let io = SocketIo::with(Options {
        ping_interval: Duration::from_secs(2),
        connection_state_recovery: Some(Recovery::default()),
        // One test connects with no patience at all, and must find the handshake still under way.
        allow_request: Some(AllowRequest::new(async |_| {
            async_std::task::sleep(Duration::from_millis(10)).await;
            Ok(())
        })),
        ..Options::default()
    });
    io.use_(async |socket| match socket.request().query("fail").as_deref() {
        Some(value) if !value.is_empty() => Err(ConnectError::from("Auth failed (main namespace)")),
        _ => Ok(()),
    });
    io.on_connection(async |socket| {
        answer_texts_and_dates(&socket);
        answer_binary(&socket);
    });
    io.of("/foo").on_connection(async |socket| {
        socket.on("getId", async |socket, ()| Ok::<_, Infallible>(socket.id().to_owned()));
    });
    io.of("/abc").on_connection(async |socket| socket.emit("handshake", socket.handshake()));
    io.of("/no").use_(async |_| Err(ConnectError::from("Auth failed (custom namespace)")));
    for name in ["/timeout_socket", "/valid", "/asd"] {
        io.of(name);
    }

    let mut app = tide::new();
    io.attach(&mut app);
    app.listen(Edge::from_env("127.0.0.1:3210")?.shortcut(io)).await
}
