//! The page has no style.
//!
//! The page comes, but it is black on white, and its script does not run. Ask for `/page.css` by hand: there it
//! is, word for word. And yet the browser will have none of it.
//!
//! Find out what the browser sees that you do not see, and make the page red.

use tide::http::mime;
use tide::{Response, StatusCode};

const PAGE: &str = "<!DOCTYPE html><link rel=stylesheet href=/page.css><script src=/page.js defer></script><p>Hello!";
const STYLE: &str = "p { color: crimson; }";
const SCRIPT: &str = "document.querySelector('p').append(' How are you?');";

/// A file of the page. A browser shall take it for what it is, and not guess.
fn file(content: &'static str) -> Response {
    Response::builder(StatusCode::Ok)
        .body(content)
        .content_type(mime::HTML)
        .header("X-Content-Type-Options", "nosniff")
        .build()
}

/// A page, its style and its script.
pub fn app() -> tide::Server<()> {
    let mut app = tide::new();
    app.at("/").get(async |_| Ok(file(PAGE)));
    app.at("/page.css").get(async |_| Ok(file(STYLE)));
    app.at("/page.js").get(async |_| Ok(file(SCRIPT)));
    app
}

mod checks;
