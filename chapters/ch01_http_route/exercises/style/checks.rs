//! Each file says what it is.

use super::app;
use lesson::Answer;

/// `text/html;charset=utf-8` without what stands after the semicolon.
fn kind(answer: &Answer) -> &str {
    answer.content_type.split(';').next().unwrap_or_default().trim()
}

#[test]
fn the_page_is_html() {
    let answer = lesson::app(app()).get("/");
    answer.shows(
        "what it is",
        "text/html",
        kind(&answer),
        "Anything else, and the browser shows the source of the page.",
    );
    answer.shows(
        "the beginning",
        "<!DOCTYPE html>",
        &answer.body[..15.min(answer.body.len())],
        "The page itself was right.",
    );
}

#[test]
fn the_style_is_css() {
    let answer = lesson::app(app()).get("/page.css");
    answer.shows(
        "what it is",
        "text/css",
        kind(&answer),
        "A browser does not read the name of a file, nor what is in it. It reads this header, and throws away what is no \
         style.",
    );
    answer.shows("the body", "p { color: crimson; }", &answer.body, "The style itself was right.");
}

#[test]
fn the_script_is_javascript() {
    let answer = lesson::app(app()).get("/page.js");
    // Two names are in use for it.
    let came = kind(&answer).replace("application/", "text/");
    answer.shows(
        "what it is",
        "text/javascript",
        &came,
        "With `nosniff` a browser runs nothing that does not say it is a script.",
    );
}
