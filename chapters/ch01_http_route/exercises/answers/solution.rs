//! A route is a path and a method. A status is a number of its own: a text that speaks of 404 is still a 200.
//!
//! And `?` makes a 500 of any error, even if the client is to blame. The next exercise puts that right.

use tide::{Request, Response};
use tide_socketio::SocketIo;

/// Your guesses, in the order of the questions.
pub const STATUS: &[&str] = &[
    "200", // the query is no part of the path
    "404", // capitals are
    "405", // there is such a path, but not for POST
    "200", // a text is a text, whatever it says
    "418", // the handler has chosen it
    "200", // 25
    "500", // `?` blames the server
    "400", // Socket.IO blames the client, and is right
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
