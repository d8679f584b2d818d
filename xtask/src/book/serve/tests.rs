use super::*;
use std::io::Read;

/// What a browser gets for `target` from a book of one page.
fn get(name: &str, target: &str) -> String {
    let output = std::env::temp_dir().join(format!("book-{name}-{}", std::process::id()));
    fs::create_dir_all(&output).expect("a folder");
    fs::write(output.join("index.html"), "the first page").expect("a page");
    fs::write(output.join("404.html"), "no such page").expect("a page");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let mut browser = TcpStream::connect(listener.local_addr().expect("an address")).expect("open");
    write!(browser, "GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n").expect("sent");
    let (stream, _) = listener.accept().expect("a connection");
    answer(&stream, &output).expect("an answer");
    drop(stream);
    let mut text = String::new();
    browser.read_to_string(&mut text).expect("the answer");
    fs::remove_dir_all(output).expect("removed");
    text
}

#[test]
fn the_root_is_the_first_page() {
    let answer = get("root", "/?query");
    assert!(answer.starts_with("HTTP/1.1 200 \r\nContent-Type: text/html"), "{answer}");
    assert!(
        answer.contains("Content-Length: 14\r\n") && answer.ends_with("the first page"),
        "{answer}"
    );
}

#[test]
fn a_page_that_is_not_there_is_a_404() {
    let answer = get("none", "/nothing.html");
    assert!(answer.starts_with("HTTP/1.1 404 ") && answer.ends_with("no such page"), "{answer}");
}

#[test]
fn nothing_outside_of_the_book_is_served() {
    for target in ["/../secret", "//etc/passwd", "/a/../../secret"] {
        let answer = get("outside", target);
        assert!(answer.starts_with("HTTP/1.1 404 "), "{target}: {answer}");
    }
}

#[test]
fn pages_can_ask_whether_the_book_was_built_anew() {
    let answer = get("builds", "/builds");
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.ends_with("\r\n\r\n0"), "{answer}");
}
