//! The list shows names, and no keys.

use super::app;
use lesson::Lesson;

const POLLING: &str = "/socket.io/?EIO=4&transport=polling";

/// Ann comes by long-polling: where she polls, and the id of her socket.
fn ann(lesson: &Lesson) -> (String, String) {
    let sid = |body: &str| body.split('"').nth(3).unwrap_or_default().to_owned();
    let address = format!("{POLLING}&sid={}", sid(&lesson.get(POLLING).body));
    lesson.post(&address, "40");
    let name = sid(&lesson.get(&address).body);
    (address, name)
}

#[test]
fn nobody_can_speak_for_ann_with_what_the_list_shows() {
    let lesson = lesson::app(app());
    ann(&lesson);
    let shown = lesson.get("/who").body;
    let answer = lesson.post(&format!("{POLLING}&sid={shown}"), "41");
    answer.shows(
        "Mallory has read an id in /who, and says 41, which ends a client",
        r#"400 {"code":1,"message":"Session ID unknown"}"#,
        &format!("{} {}", answer.status, answer.body),
        "The server took Mallory for Ann, and Ann is out. Which of her two ids stands in the address of each of her requests?",
    );
    lesson.tells("/who", &shown, "Ann has done nothing, and is still here.");
}

#[test]
fn the_list_shows_who_is_here() {
    let lesson = lesson::app(app());
    lesson.tells("/who", "", "Nobody has come yet.");
    let (_, ann) = ann(&lesson);
    let why = "This is the id that the server sends with 40: Ann's client knows it as `socket.id`. She has to find herself in the \
               list.";
    lesson.tells("/who", &ann, why);
    let bob = lesson.client("Bob");
    let mut names = [ann.as_str(), bob.name("me")];
    names.sort();
    let both = lesson.get("/who");
    let mut listed = both.body.lines().collect::<Vec<_>>();
    listed.sort();
    both.shows("Ann and Bob, sorted", &names.join("\n"), &listed.join("\n"), why);
}
