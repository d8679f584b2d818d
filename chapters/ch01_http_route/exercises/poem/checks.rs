//! Each answer has the status that tells whose fault it is.

use super::app;

const PANIC: &str = "An array panics when it is asked for what it does not have, and so does 0 - 1. Both become a 500. \
                     `get` and `checked_sub` give an `Option`.";
const STATUS: &str = "People read the text. Programs read the status: with 200, a search engine would keep this as a page.";
const TEXT: &str = "A status alone leaves people in the dark. And tide shows a client nothing of an `Err`: what it shall see \
                    goes into a `Response`.";

#[test]
fn a_line_that_is_there_is_answered() {
    let lesson = lesson::app(app());
    for (path, text) in [
        ("/poem/1", "A page was asked for, and was sent,"),
        ("/poem/4", "that servers have no memory."),
    ] {
        let answer = lesson.get(path);
        answer.shows("the status", "200", &answer.status.to_string(), "This line is there.");
        answer.shows("the body", text, &answer.body, "Arrays begin at 0, poems at 1.");
    }
}

#[test]
fn a_line_that_is_not_there_is_not_found() {
    let lesson = lesson::app(app());
    for line in ["9", "5", "0"] {
        let answer = lesson.get(&format!("/poem/{line}"));
        let why = if answer.status == 500 { PANIC } else { STATUS };
        answer.shows("the status", "404", &answer.status.to_string(), why);
        answer.shows("the body", &format!("There is no line {line}."), &answer.body, TEXT);
    }
}

#[test]
fn what_is_no_number_is_a_bad_request() {
    let lesson = lesson::app(app());
    for line in ["x", "-1", "1.5"] {
        let answer = lesson.get(&format!("/poem/{line}"));
        let why = if answer.status == 500 {
            "In a route, `?` makes a 500 of any error. That says: the server is broken. Who has made the mistake here?"
        } else {
            STATUS
        };
        answer.shows("the status", "400", &answer.status.to_string(), why);
        answer.shows("the body", &format!("{line} is no number."), &answer.body, TEXT);
    }
}
