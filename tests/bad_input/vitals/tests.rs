use super::*;
use crate::server::Server;
use tide_socketio::Options;

/// What the watch says of a row.
fn verdict(row: impl FnMut() -> Seen) -> Result<String, String> {
    let _alone = alone();
    let server = Server::start(Options::default());
    let mut vitals = Vitals::of(server.address);
    vitals.patience = Duration::from_millis(100);
    vitals.watch("", "", row).seen
}

fn fails_with(what: &str, row: impl FnMut() -> Seen) {
    let verdict = verdict(row);
    assert!(verdict.as_ref().is_err_and(|said| said.contains(what)), "{verdict:?}");
}

#[test]
fn nothing_is_said_of_a_row_that_does_no_harm() {
    assert_eq!(verdict(|| Ok("well".to_owned())), Ok("well".to_owned()));
}

#[test]
fn a_row_that_is_not_met_fails_without_a_second_try() {
    let mut tries = 0;
    let row = || {
        tries += 1;
        Err("not met".into())
    };
    fails_with("not met", row);
    assert_eq!(tries, 1);
}

#[cfg(target_os = "linux")]
#[test]
fn a_descriptor_that_is_left_open_is_seen() {
    let mut left = Vec::new();
    fails_with("descriptors", || {
        left.push(std::net::TcpListener::bind("127.0.0.1:0").map_err(|error| error.to_string())?);
        Ok(String::new())
    });
}

#[cfg(target_os = "linux")]
#[test]
fn memory_that_is_kept_is_seen() {
    let mut left = Vec::new();
    fails_with("memory", || {
        left.push(vec![1_u8; 8 * 1024 * 1024]);
        Ok(String::new())
    });
}

#[test]
fn a_server_that_does_not_answer_for_a_while_is_seen() {
    fails_with("waited", || {
        let busy = || std::thread::sleep(Duration::from_millis(200));
        // Every thread of the server's, and more.
        (0..8).for_each(|_| drop(async_std::task::spawn(async move { busy() })));
        std::thread::sleep(Duration::from_millis(200));
        Ok(String::new())
    });
}

#[test]
fn a_panic_anywhere_is_seen() {
    fails_with("panicked", || {
        let _ = std::thread::spawn(|| panic!("a thread of the test's own, and meant to")).join();
        Ok(String::new())
    });
}
