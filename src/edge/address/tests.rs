use super::*;

fn with(args: &[&str], host: Option<&str>, port: Option<&str>) -> io::Result<String> {
    let args = args.iter().map(|arg| (*arg).to_owned());
    resolve("127.0.0.1:3000", args, host.map(str::to_owned), port.map(str::to_owned))
}

#[test]
fn the_command_line_wins_over_the_environment_and_that_over_the_default() {
    assert_eq!(with(&[], None, None).unwrap(), "127.0.0.1:3000");
    assert_eq!(with(&[], None, Some("0")).unwrap(), "127.0.0.1:0");
    assert_eq!(with(&["--port", "4000"], None, Some("0")).unwrap(), "127.0.0.1:4000");
    assert_eq!(with(&["--port=4000"], Some("0.0.0.0"), None).unwrap(), "0.0.0.0:4000");
    assert_eq!(with(&[], Some("::1"), None).unwrap(), "[::1]:3000");
}

#[test]
fn what_is_no_port_is_named() {
    for args in [&["--port"][..], &["--port", "x"], &["--port", "70000"]] {
        let error = with(args, None, None).unwrap_err().to_string();
        assert!(error.contains("is no port"), "{error}");
    }
}
