//! A browser does not go by the name of a file. It goes by `Content-Type`, and with `nosniff` by nothing else: a
//! style that says it is a page is no style.
//!
//! So what a file is has to be said wherever a file is named. That is why `page::file` of the chapters takes two
//! arguments.

use tide::http::mime;
use tide::{Response, StatusCode};

const PAGE: &str = "<!DOCTYPE html><link rel=stylesheet href=/page.css><script src=/page.js defer></script><p>Hello!";
const STYLE: &str = "p { color: crimson; }";
const SCRIPT: &str = "document.querySelector('p').append(' How are you?');";

/// A file of the page. A browser shall take it for what it is, and not guess.
fn file(content: &'static str, kind: mime::Mime) -> Response {
    Response::builder(StatusCode::Ok)
        .body(content)
        .content_type(kind)
        .header("X-Content-Type-Options", "nosniff")
        .build()
}

/// A page, its style and its script.
pub fn app() -> tide::Server<()> {
    let mut app = tide::new();
    app.at("/").get(async |_| Ok(file(PAGE, mime::HTML)));
    app.at("/page.css").get(async |_| Ok(file(STYLE, mime::CSS)));
    app.at("/page.js").get(async |_| Ok(file(SCRIPT, mime::JAVASCRIPT)));
    app
}

mod checks;
