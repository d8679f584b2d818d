//! The wall clock may jump: nothing that is due depends on it.

use std::fs;
use std::path::Path;

/// Where the time of day is used, and what for.
const TIME_OF_DAY: [(&str, &str); 3] = [
    ("edge/refusal.rs", "the Date header"),
    ("edge/response.rs", "the Date header"),
    ("engine/handshake.rs", "when a request came, for the application to see"),
];

/// All files of a folder and those below it.
fn sources(folder: &Path, all: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        match path.is_dir() {
            true => sources(&path, all),
            false => all.push((
                path.display().to_string(),
                fs::read_to_string(&path).expect("a source file"),
            )),
        }
    }
}

/// All deadlines are `Instant`s, and so are those of the timers below (async-io's): the system's monotonic
/// clock, which no change of the date moves. What a jump of that clock does, as after a computer's sleep, is
/// with the unit tests of the session (`a_clock_that_jumps_sends_one_ping`).
#[test]
fn f9_no_deadline_is_by_the_time_of_day() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut all = Vec::new();
    sources(&root, &mut all);
    assert!(all.len() > 50, "the sources are not where they were");
    for (file, text) in &all {
        let uses = text.contains("SystemTime") || text.contains("UNIX_EPOCH");
        let allowed = TIME_OF_DAY.iter().find(|(name, _)| file.ends_with(name));
        assert!(!uses || allowed.is_some(), "{file} reads the time of day");
        // A comparison or a sum would be a deadline.
        let is_due = ["SystemTime::now() +", ".duration_since(SystemTime", "SystemTime::elapsed"];
        assert!(!is_due.iter().any(|due| text.contains(due)), "{file} counts by the time of day");
    }
    let sessions = all.iter().find(|(file, _)| file.ends_with("session/tests.rs"));
    let sessions = &sessions.expect("the session has unit tests").1;
    assert!(sessions.contains("fn a_clock_that_jumps_sends_one_ping()"));
}
