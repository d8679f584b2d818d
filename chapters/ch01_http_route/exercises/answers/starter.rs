//! Which status?
//!
//! 200 is well, 3xx is elsewhere, 4xx is the client's fault, and 5xx is the server's. Read the routes below, and
//! write down which status each question gets:
//!
//! 1. `GET /hello?from=Ann`
//! 2. `GET /Hello`
//! 3. `POST /hello`
//! 4. `GET /gone`
//! 5. `GET /teapot`
//! 6. `GET /square/5`
//! 7. `GET /square/five`
//! 8. `GET /socket.io/`

use tide::{Request, Response};
use tide_socketio::SocketIo;

/// Your guesses, in the order of the questions.
pub const STATUS: &[&str] = &[
    "?", // 1
    "?", // 2
    "?", // 3
    "?", // 4
    "?", // 5
    "?", // 6
    "?", // 7
    "?", // 8
];

async fn square(request: Request<()>) -> tide::Result<String> {
    let side: u64 = request.param("side")?.parse()?;
    Ok((side * side).to_string())
}

/// Four routes, and Socket.IO.
pub fn app() -> tide::Server<()> {
    let mut app = tide::new();
    SocketIo::new().attach(&mut app);
    app.at("/hello").get(async |_| Ok("Hello!"));
    app.at("/gone").get(async |_| Ok("404 Not Found"));
    app.at("/teapot").get(async |_| Ok(Response::new(418)));
    app.at("/square/:side").get(square);
    app
}

mod checks;
