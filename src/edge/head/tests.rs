use super::*;
use crate::edge::fuzz_head;
use proptest::prelude::*;

fn parsed(bytes: &[u8]) -> Result<Option<(Head<'_>, Request, usize)>, Refusal> {
    fuzz_head(bytes)
}

fn refused(head: &str) -> u16 {
    parsed(head.as_bytes()).expect_err(head).status as u16
}

fn host(host: &str) -> Result<Request, Refusal> {
    let head = format!("GET /x HTTP/1.1\r\nHost: {host}\r\n\r\n");
    parsed(head.as_bytes()).map(|head| head.unwrap().1)
}

#[test]
fn a_head_is_read() {
    let bytes =
        b"POST /a?b=c HTTP/1.1\r\nHOST: example.org:81\r\ncontent-length: 007\r\nX-Y: 1\r\n\
        x-y: 2\r\nExpect: 100-continue\r\nConnection: a,\tClose\r\n\r\n1234567GET";
    let (head, request, length) = parsed(bytes).unwrap().unwrap();
    assert_eq!(length, bytes.len() - 10);
    assert_eq!((head.method, request.method()), (Method::Post, Method::Post));
    assert_eq!(head.target, "/a?b=c");
    assert_eq!(head.header("x-y"), Some(b"1".as_slice()));
    assert_eq!(request.url().as_str(), "http://example.org:81/a?b=c");
    let values: Vec<_> = request.header("X-Y").unwrap().iter().map(|v| v.as_str()).collect();
    assert_eq!(values, ["1", "2"]);
    assert_eq!(head.framing.length(), Some(7));
    assert!(head.expects_continue && !head.keep_alive && !head.upgrade);
}

#[test]
fn what_is_asked_of_the_connection() {
    let head = |lines: &str| {
        let head = format!("GET / HTTP/1.1\r\nHost: a\r\n{lines}\r\n");
        parsed(head.leak().as_bytes()).unwrap().unwrap().0
    };
    assert!(head("").keep_alive);
    assert!(!head("Connection: x\r\nConnection: y, close\r\n").keep_alive);
    assert!(head("Connection: closed\r\n").keep_alive);
    assert!(head("Connection: upgrade\r\nUpgrade: h2c\r\n").upgrade);
    assert!(!head("Upgrade: h2c\r\n").upgrade);
    assert!(!head("Connection: upgrade\r\n").upgrade);
    assert!(!head("Connection: upgrade\r\nUpgrade: h2c\r\nContent-Length: 1\r\n").upgrade);
    assert!(!head("Expect: 100-continue\r\n").expects_continue, "there is no body to wait for");
    assert!(!head("Transfer-Encoding: CHUNKED\r\n").framing.is_done());
    assert!(head("Content-Length: 0\r\n").framing.is_done());
}

#[test]
fn a_host_is_an_authority() {
    for good in
        ["a", "a.b-c_d~e", "127.0.0.1", "127.0.0.1:3000", "[::1]", "[::ffff:1.2.3.4]:80", "a:"]
    {
        let request = host(good).unwrap_or_else(|refusal| panic!("{good}: {refusal}"));
        assert_eq!(request.url().path(), "/x", "{good}");
    }
    for bad in [
        "",
        "a b",
        "a/b",
        "a?b",
        "a#b",
        "a\\b",
        "u@a",
        "u:p@a",
        ":80",
        "a:b",
        "a:1:2",
        "[::1",
        "::1",
        "[::1]x",
        "[x]",
        "[]",
        "a:65536",
        "a%2fb",
        "한",
        "1.2.3.4.5",
        "[::1]:x",
    ] {
        assert_eq!(host(bad).expect_err(bad).status as u16, 400);
    }
}

#[test]
fn a_target_is_a_path() {
    let target = |target: &str| {
        let head = format!("GET {target} HTTP/1.1\r\nHost: a\r\n\r\n");
        let head = parsed(head.as_bytes());
        head.map(|head| head.unwrap().1.url().as_str()["http://a".len()..].to_owned())
    };
    for same in
        ["/", "//", "/a//b/", "/a?", "/a??b", "/%zz%", "/a%2F..%2Fb", "/...", "/a?/../", "/a;b@c:d"]
    {
        assert_eq!(target(same).expect(same), same);
    }
    assert_eq!(target("/한?<한>").unwrap(), "/%ED%95%9C?%3C%ED%95%9C%3E");
    for bad in
        ["/.", "/..", "/a/../b", "/a/%2e%2E", "/a/.%2e/b", "/a\\b", "/a#b", "a", "*", "http://a/"]
    {
        assert_eq!(target(bad).expect_err(bad).status as u16, 400);
    }
}

#[test]
fn limits_of_a_head() {
    let of_length = |length: usize| {
        let start = "GET / HTTP/1.1\r\nHost: a\r\nX: ";
        format!("{start}{}\r\n\r\n", "x".repeat(length - start.len() - 4))
    };
    assert!(parsed(of_length(8192).as_bytes()).unwrap().is_some());
    assert_eq!(refused(&of_length(8193)), 431);
    assert_eq!(refused(&"\r\n".repeat(4096)), 431);
    assert!(parsed(&of_length(8192).as_bytes()[..8191]).unwrap().is_none());
}

/// A head that is good, of random parts.
fn good_head() -> impl Strategy<Value = String> {
    let line = ("[A-Za-z-]{1,12}", "[ -~]{0,20}")
        .prop_map(|(name, value)| format!("x{name}: {value}\r\n"));
    let lines = proptest::collection::vec(line, 0..8).prop_map(|lines| lines.concat());
    ("(\r\n){0,2}", "(GET|POST|PUT|HEAD)", "/[a-z0-9/]{0,20}(\\?[a-z=&%]{0,20})?", lines).prop_map(
        |(blank, method, target, lines)| {
            format!("{blank}{method} {target} HTTP/1.1\r\n{lines}Host: a\r\n\r\n")
        },
    )
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = parsed(&bytes);
    }

    #[test]
    fn no_damage_panics(mut head in good_head().prop_map(String::into_bytes), at: prop::sample::Index, byte: u8) {
        let at = at.index(head.len());
        head[at] = byte;
        let _ = parsed(&head);
    }

    #[test]
    fn a_good_head_is_read_when_it_is_whole(head in good_head(), rest in "[ -~]{0,40}") {
        for cut in 0..head.len() {
            prop_assert!(parsed(&head.as_bytes()[..cut]).unwrap().is_none());
        }
        let whole = format!("{head}{rest}");
        for cut in head.len()..=whole.len() {
            prop_assert_eq!(parsed(&whole.as_bytes()[..cut]).unwrap().unwrap().2, head.len());
        }
    }

    #[test]
    fn what_was_refused_stays_refused(bytes in "[GET/ HTP1.:\r\na]{0,80}", more in "[ -~\r\n]{0,40}") {
        if parsed(bytes.as_bytes()).is_err() {
            prop_assert!(parsed((bytes + &more).as_bytes()).is_err());
        }
    }
}
