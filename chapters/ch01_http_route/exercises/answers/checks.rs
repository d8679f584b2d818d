//! The statuses, as the server really sends them.

use super::{STATUS, app};

#[test]
fn each_status_is_foreseen() {
    let lesson = lesson::app(app());
    let get = |path| lesson.get(path).status.to_string();
    lesson::foreseen(
        STATUS,
        &[
            (
                "GET /hello?from=Ann",
                get("/hello?from=Ann"),
                "Does what comes after `?` belong to the path?",
            ),
            ("GET /Hello", get("/Hello"), "Is /Hello the same path as /hello?"),
            (
                "POST /hello",
                lesson.post("/hello", "").status.to_string(),
                "The path is there. What is not there is an answer to this method, and the chapter names the number for that.",
            ),
            (
                "GET /gone",
                get("/gone"),
                "The handler gives a text. Has it said anything of a status?",
            ),
            (
                "GET /teapot",
                get("/teapot"),
                "Here the handler says which. Every number has a name; this one is a joke.",
            ),
            ("GET /square/5", get("/square/5"), "5 is a number."),
            (
                "GET /square/five",
                get("/square/five"),
                "`parse` fails, and `?` hands the error to tide. Whom does tide blame?",
            ),
            ("GET /socket.io/", get("/socket.io/"), "The chapter's transcript has this one."),
        ],
    );
}
