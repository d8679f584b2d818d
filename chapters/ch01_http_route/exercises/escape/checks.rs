//! A name is shown as it is, wherever it stands. The checks read the page as a browser does.

use super::app;
use lesson::Answer;

const NAMES: [(&str, &str); 7] = [
    ("Ann", "Ann"),
    ("%3Cb%3EAnn%3C/b%3E", "<b>Ann</b>"),
    ("Tom%20%26%20Ann", "Tom & Ann"),
    ("%26lt;", "&lt;"),
    ("O%27Neil", "O'Neil"),
    ("%22Bob%22", "\"Bob\""),
    ("%22%20autofocus%20onfocus=%22alert(1)", "\" autofocus onfocus=\"alert(1)"),
];

fn hello(name: &str) -> Answer {
    lesson::app(app()).get(&format!("/hello?name={name}"))
}

/// What a browser shows for text in HTML.
fn shown(html: &str) -> String {
    let entities = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#x27;", "'"),
        ("&apos;", "'"),
    ];
    // `&amp;` last, for what it leaves is no entity any more.
    let html =
        entities.iter().fold(html.to_owned(), |html, (entity, text)| html.replace(entity, text));
    html.replace("&amp;", "&")
}

/// What stands between two marks, or all that there is.
fn between<'a>(page: &'a str, from: &str, to: &str) -> &'a str {
    let after = page.split_once(from).map_or(page, |(_, after)| after);
    after.split_once(to).map_or(after, |(text, _)| text)
}

#[test]
fn the_greeting_shows_the_name() {
    for (coded, name) in NAMES {
        let answer = hello(coded);
        // A tag ends a text: the browser would read on elsewhere.
        let text = shown(between(&answer.body, "<p>", "<"));
        let why = "Between tags, `<` begins a tag and `&` begins an escape. Escape once, not twice, and drop nothing.";
        answer.shows("the browser shows", &format!("Hello, {name}!"), &text, why);
    }
}

#[test]
fn the_field_shows_the_name() {
    for (coded, name) in NAMES {
        let answer = hello(coded);
        let tag = between(&answer.body, "<input value=", "\u{0}");
        let quote = tag.get(..1).unwrap_or("\"");
        let value = shown(between(tag, quote, quote));
        let why = "The value of a field ends at the next quote. What comes after it is read as further attributes, and some \
                   of those run scripts. Escape that too, and drop nothing.";
        answer.shows("the field has", name, &value, why);
    }
}

#[test]
fn the_page_is_still_a_page() {
    let answer = hello("Ann");
    let why = "As plain text nothing could run, but then there is no field either.";
    answer.shows("what it is", "text/html", between(&answer.content_type, "", ";"), why);
}
