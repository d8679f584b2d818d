//! In a route, `?` makes a 500 of any error, and a panic does the same. Both say that the server is to blame. So
//! whatever a client can do wrong gets an answer of its own.
//!
//! `Err(tide::Error::from_str(…))` has a status too, but tide keeps its text for the log: the client would see
//! nothing. `get` gives an `Option` in place of a panic, and `checked_sub` does for the line before the first.

use tide::{Request, Response};

const POEM: [&str; 4] = [
    "A page was asked for, and was sent,",
    "and nobody knew where it went.",
    "The next one asked, and had to see",
    "that servers have no memory.",
];

/// `/poem/1` is the first line.
async fn line(request: Request<()>) -> tide::Result {
    let wanted = request.param("line")?;
    let Ok(number) = wanted.parse::<usize>() else {
        return Ok(answer(400, &format!("{wanted} is no number.")));
    };
    Ok(match number.checked_sub(1).and_then(|index| POEM.get(index)) {
        Some(line) => answer(200, line),
        None => answer(404, &format!("There is no line {number}.")),
    })
}

fn answer(status: u16, text: &str) -> Response {
    Response::builder(status).body(text).build()
}

/// The poem, line by line.
pub fn app() -> tide::Server<()> {
    let mut app = tide::new();
    app.at("/poem/:line").get(line);
    app
}

mod checks;
