//! The name that ran.
//!
//! `/hello?name=Ann` greets Ann, and has a field in which she may correct her name. Whoever wrote it knew that a
//! name may be `<b>Ann</b>`, and escapes it. Good.
//!
//! But somebody passes a link round: `/hello?name=" autofocus onfocus="alert(1)`. Who follows it sees a box with
//! a 1: a stranger's script has run on your page.
//!
//! Find the hole. Whatever the name is, both places must show it letter for letter.

use serde::Deserialize;
use tide::http::mime;
use tide::{Request, Response, StatusCode};

#[derive(Deserialize)]
struct Visitor {
    name: String,
}

/// Text as it has to be written in HTML.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
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
