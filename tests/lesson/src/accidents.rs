//! Panics in the learner's own lines. They happen in a thread of the server, and what such a thread prints the test
//! runner shows beside some other test, or not at all.

use std::panic::{PanicHookInfo, set_hook, take_hook};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

/// Where each was, and what it said.
static SEEN: Mutex<Vec<(String, String)>> = Mutex::new(Vec::new());

fn seen() -> MutexGuard<'static, Vec<(String, String)>> {
    SEEN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Has every panic noted from now on. Says how many there were before.
pub fn watch() -> usize {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let print = take_hook();
        set_hook(Box::new(move |panic| {
            note(panic);
            print(panic);
        }));
    });
    seen().len()
}

fn note(panic: &PanicHookInfo<'_>) {
    let Some(place) = panic.location() else { return };
    let text = panic.payload().downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.payload().downcast_ref::<String>().map(String::as_str));
    let text = format!("{place}: {}", text.unwrap_or("no message"));
    seen().push((place.file().to_owned(), text));
}

/// The first in this file that was not among those `before`.
pub fn first_in(file: &str, before: usize) -> Option<String> {
    let seen = seen();
    let mut new = seen.iter().skip(before);
    new.find(|(place, _)| place == file).map(|(_, text)| text.clone())
}

#[cfg(test)]
mod tests {
    use std::panic::catch_unwind;

    #[test]
    fn a_panic_of_the_server_is_told_by_the_check_that_it_fails() {
        let lesson = crate::of(|io| {
            io.on_connection(async |socket| {
                socket.on("add", async |socket, numbers: Vec<u64>| {
                    socket.emit("sum", numbers[0] + numbers[1]);
                });
            });
        });
        let mut ann = lesson.client("Ann");
        ann.says(r#"42["add",[1,2]]"#);
        ann.hears(r#"42["sum",3]"#, "one and two");
        ann.says(r#"42["add",[1]]"#);
        let hears = move || ann.hears(r#"42["sum",1]"#, "one number is its own sum");
        let failed = catch_unwind(std::panic::AssertUnwindSafe(hears)).unwrap_err();
        let message = failed.downcast_ref::<String>().expect("a message");
        assert!(message.contains("one number is its own sum\nYour code panicked on the way, at "));
        assert!(message.contains("accidents.rs:") && message.contains("the len is 1 but"));
    }
}
