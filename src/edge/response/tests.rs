use super::*;

fn text(response: &Response, method: Method, keep_alive: bool) -> String {
    let head = head(response, ending(response, method), keep_alive).unwrap();
    String::from_utf8(head).unwrap()
}

#[test]
fn heads() {
    let mut response = Response::new(404);
    response.insert_header("date", "today");
    assert_eq!(
        text(&response, Method::Get, true),
        "HTTP/1.1 404 Not Found\r\ndate: today\r\ncontent-length: 0\r\n\r\n"
    );
    let mut response = Response::new(200);
    response.set_body(tide::Body::from_reader(futures_lite::io::empty(), None));
    // What the application says of the framing does not count.
    response.insert_header("content-length", "7");
    response.insert_header("transfer-encoding", "gzip");
    response.insert_header("connection", "keep-alive");
    let head = text(&response, Method::Get, false);
    assert!(
        head.contains("\r\ntransfer-encoding: chunked\r\nconnection: close\r\ndate: "),
        "{head}"
    );
    assert!(
        !head.contains("gzip") && !head.contains("content-length") && !head.contains("keep-alive")
    );
}

#[test]
fn heads_without_a_body() {
    for status in [204, 304] {
        let head = text(&Response::new(status), Method::Get, true);
        assert!(!head.contains("content-length") && !head.contains("transfer-encoding"), "{head}");
    }
    let mut response = Response::new(200);
    response.insert_header("content-length", "1234");
    assert!(text(&response, Method::Head, true).contains("content-length: 1234\r\n"));
    response.remove_header("content-length");
    response.set_body("four");
    assert!(text(&response, Method::Head, true).contains("content-length: 4\r\n"));
}

#[test]
fn headers_that_cannot_be_sent() {
    for (name, value) in
        [("x", "a\r\nb: c"), ("x", "a\nb"), ("x", "\0"), ("x y", "a"), ("", "a"), ("x\n", "")]
    {
        let mut response = Response::new(200);
        response.insert_header(name, value);
        let error = head(&response, Ending::NoBody, true).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidInput, "{name:?}: {value:?}");
    }
}

#[test]
fn who_wants_the_connection_closed() {
    let mut response = Response::new(200);
    assert!(!wants_close(&response));
    response.insert_header("connection", "Close");
    assert!(wants_close(&response));
}
