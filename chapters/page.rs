//! What the pages of all chapters need: their files, sent under one strict policy; and the book they link to.

use std::path::{Component, Path};
use tide::http::mime;
use tide::{Body, Redirect, Request, Response, Server, StatusCode};

/// Where `cargo xtask book` puts the book.
const BOOK: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/target/book");

// ANCHOR: file
/// A file of a page. The page may load scripts and styles from here, and from nowhere else.
pub fn file(content: &'static str, kind: mime::Mime) -> Response {
    Response::builder(StatusCode::Ok)
        .body(content)
        .content_type(kind)
        .header("Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'")
        .header("X-Content-Type-Options", "nosniff")
        .build()
}
// ANCHOR_END: file

/// What the pages share: their style, the panel that shows the wire, and the book.
pub fn attach<S: Clone + Send + Sync + 'static>(app: &mut Server<S>) {
    app.at("/style.css").get(async |_| Ok(file(include_str!("../static/style.css"), mime::CSS)));
    app.at("/wire.css").get(async |_| Ok(file(include_str!("../static/wire.css"), mime::CSS)));
    app.at("/wire.js").get(async |_| Ok(file(include_str!("../static/wire.js"), mime::JAVASCRIPT)));
    app.at("/book").get(Redirect::permanent("/book/"));
    app.at("/book/").get(async |_| book("index.html").await);
    app.at("/book/*page").get(async |request: Request<S>| book(request.param("page")?).await);
}

/// A file of the book, if it has been built.
async fn book(path: &str) -> tide::Result {
    let folder = Path::new(BOOK);
    // Names only: no `..` leads out of the folder.
    let is_inside = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
    let (status, body) = match is_inside.then_some(folder.join(path)) {
        Some(file) if file.is_file() => (StatusCode::Ok, Body::from_file(file).await?),
        _ if folder.is_dir() => (StatusCode::NotFound, "The book has no such page.".into()),
        _ => (StatusCode::NotFound, "The book is not built yet: run `cargo xtask book`.".into()),
    };
    // mdBook puts small scripts and styles into its pages.
    let policy = "default-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";
    let response = Response::builder(status).body(body).header("Content-Security-Policy", policy);
    Ok(response.header("X-Content-Type-Options", "nosniff").build())
}
