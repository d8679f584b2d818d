//! The story, as the server really sees it.

use super::{REASONS, app};
use lesson::Lesson;
use std::time::Duration;
use tide_socketio::{Options, SocketIo};

/// Why somebody went, once it is not what it was before.
fn reason(lesson: &Lesson, before: Option<&String>) -> String {
    let mut reason = String::new();
    lesson::soon(|| {
        reason = lesson.get("/last").body;
        !reason.is_empty() && Some(&reason) != before
    });
    reason
}

#[test]
fn the_reasons_are_foreseen() {
    let io = SocketIo::new();
    let lesson = lesson::app(app(&io));
    let mut reasons = Vec::new();
    let note = |reasons: &mut Vec<String>| reasons.push(reason(&lesson, reasons.last()));
    lesson.client("Ann").says("41");
    note(&mut reasons);
    lesson.client("Bob").leaves();
    note(&mut reasons);
    lesson.client("Carol").says("hello");
    note(&mut reasons);
    let mut dora = lesson.client("Dora");
    let _eva = lesson.client("Eva");
    note(&mut reasons);
    dora.says("41");
    let impatient = SocketIo::with(Options {
        ping_interval: Duration::from_millis(200),
        ping_timeout: Duration::from_millis(200),
        ..Options::default()
    });
    let hasty = lesson::app(app(&impatient));
    // He answers no ping.
    let _finn = hasty.client("Finn");
    reasons.push(reason(&hasty, None));
    reasons.push({
        let io = SocketIo::new();
        let lesson = lesson::app(app(&io));
        let _gina = lesson.client("Gina");
        io.close();
        reason(&lesson, None)
    });

    let steps = [
        ("Ann sends 41", "Whose word is 41: the client's or the server's? And what does it leave?"),
        (
            "Bob closes the window",
            "Bob says nothing in Socket.IO's words. What ends is what lies below.",
        ),
        (
            "Carol sends `hello`",
            "The server tries to read it as a packet. There is a word for the failing of that.",
        ),
        (
            "Eva goes",
            "Look at what the handler of `on_connection` does. Who ends it, and what does it leave?",
        ),
        (
            "Finn's cable is pulled",
            "Nothing comes from Finn any more, no end either. How does the server ever know?",
        ),
        ("Gina is here when the server stops", "Not Gina's own end: that of all."),
    ];
    let story = steps.into_iter().zip(reasons).map(|((what, thought), came)| (what, came, thought));
    lesson::foreseen(REASONS, &story.collect::<Vec<_>>());
}
