//! What is dangerous depends on where the text goes. Between tags it is `<`. Between quotes it is the quote: it
//! ends the value, and all that follows is read as further attributes.
//!
//! One function for both places has to know the characters of both. `&` comes first, or it would escape the
//! escapes. And nothing is thrown away: a name with quotes is a name.

use serde::Deserialize;
use tide::http::mime;
use tide::{Request, Response, StatusCode};

#[derive(Deserialize)]
struct Visitor {
    name: String,
}

/// Text as it has to be written in HTML.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

async fn hello(request: Request<()>) -> tide::Result {
    let visitor: Visitor = request.query()?;
    let name = escape(&visitor.name);
    let page = format!(r#"<!DOCTYPE html><p>Hello, {name}!</p><input value="{name}">"#);
    Ok(Response::builder(StatusCode::Ok).body(page).content_type(mime::HTML).build())
}

/// A page that greets.
pub fn app() -> tide::Server<()> {
    let mut app = tide::new();
    app.at("/hello").get(hello);
    app
}

mod checks;
