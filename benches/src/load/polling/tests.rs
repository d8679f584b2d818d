use super::*;

const TWO: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nyes";

#[test]
fn only_complete_responses_are_taken() {
    for cut in 0..=TWO.len() {
        let mut bodies = Vec::new();
        let used = answered(&TWO[..cut], |body| {
            bodies.push(String::from_utf8_lossy(body).into_owned());
            Ok(())
        });
        let expected: (usize, &[&str]) = match cut {
            ..40 => (0, &[]),
            40..81 => (40, &["ok"]),
            _ => (81, &["ok", "yes"]),
        };
        assert_eq!((used.unwrap(), bodies.len()), (expected.0, expected.1.len()), "{cut} bytes");
        assert_eq!(bodies, expected.1);
    }
}

#[test]
fn a_refusal_ends_the_run() {
    let refused = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 2\r\n\r\nno";
    let error = answered(refused, |_| Ok(())).unwrap_err();
    assert!(error.to_string().contains("400 Bad Request"), "{error}");
}
