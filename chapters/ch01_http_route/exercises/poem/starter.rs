//! A poem by the line.
//!
//! `GET /poem/1` answers with the first line of a poem. So far so good. But `/poem/9`, `/poem/0` and `/poem/x`
//! all get 500, *Internal Server Error*, with no word of why. 500 says: it is the server's fault. It is not.
//!
//! Make it so that
//!
//! - a line which is not there gets 404, and the text `There is no line 9.`;
//! - what is no number at all gets 400, and the text `x is no number.`

use tide::Request;

const POEM: [&str; 4] = [
    "A page was asked for, and was sent,",
    "and nobody knew where it went.",
    "The next one asked, and had to see",
    "that servers have no memory.",
];

/// `/poem/1` is the first line.
async fn line(request: Request<()>) -> tide::Result {
    let line: usize = request.param("line")?.parse()?;
    Ok(POEM[line - 1].into())
}

/// The poem, line by line.
pub fn app() -> tide::Server<()> {
    let mut app = tide::new();
    app.at("/poem/:line").get(line);
    app
}

mod checks;
