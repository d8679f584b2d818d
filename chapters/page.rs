//! What the pages of all chapters need: their files, sent under one strict policy.

use tide::http::mime::{CSS, JAVASCRIPT, Mime};
use tide::{Response, Server, StatusCode};

/// A file of a page. The page may load scripts and styles from here, and from nowhere else.
pub fn file(content: &'static str, kind: Mime) -> Response {
    Response::builder(StatusCode::Ok)
        .body(content)
        .content_type(kind)
        .header("Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'")
        .header("X-Content-Type-Options", "nosniff")
        .build()
}

/// The files that the pages share: their style, and the panel that shows the wire.
pub fn attach<S: Clone + Send + Sync + 'static>(app: &mut Server<S>) {
    app.at("/style.css").get(async |_| Ok(file(include_str!("../static/style.css"), CSS)));
    app.at("/wire.css").get(async |_| Ok(file(include_str!("../static/wire.css"), CSS)));
    app.at("/wire.js").get(async |_| Ok(file(include_str!("../static/wire.js"), JAVASCRIPT)));
}
