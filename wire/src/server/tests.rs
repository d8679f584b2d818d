use super::*;

#[test]
fn a_logged_line_is_taken_out_of_what_femme_puts_around_it() {
    assert_eq!(message("\x1b[32m\x1b[1mch05\x1b[0m Message from ann: hi"), "Message from ann: hi");
    assert_eq!(message(r#"{"level":30,"time":1,"msg":"a\nb: \"c\""}"#), "a\nb: \"c\"");
    assert_eq!(message(r#"{"no":"record"}"#), r#"{"no":"record"}"#);
    assert_eq!(message(" name:ann"), " name:ann");
}

#[test]
fn a_server_that_never_listens_is_an_error_that_shows_what_it_said() {
    let mut command = Command::new("sh");
    command.args(["-c", "echo the port is taken >&2"]);
    let error = Server::start(&mut command).unwrap_err().to_string();
    assert_eq!(error, "the server has ended before it listened: the port is taken");
    assert!(Server::start(&mut Command::new("/no such program")).is_err());
}

#[cfg(target_os = "linux")]
#[test]
fn a_server_ends_when_it_is_dropped() {
    let mut command = Command::new("sh");
    command.args(["-c", "echo listening on port 1; exec sleep 60"]);
    let server = Server::start(&mut command).unwrap();
    assert_eq!(server.port, 1);
    let process = format!("/proc/{}", server.child.id());
    assert!(std::path::Path::new(&process).exists());
    drop(server);
    assert!(!std::path::Path::new(&process).exists());
}
