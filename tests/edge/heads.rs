//! Heads: what is read, what is refused, what is given up.

use crate::MS;
use crate::client::{Client, Server, get, post};
use std::io::Write;
use std::net::{Shutdown, TcpStream};

#[test]
fn h01_request_line_without_end() {
    let server = Server::start();
    let mut client = server.connect();
    client.send(format!("GET /{}", "a".repeat(8 * 1024)));
    client.refusal(431);
    // One that goes on sending regardless is cut off, and costs no memory: nothing is kept of it.
    let mut stream = TcpStream::connect(server.addr).unwrap();
    let sent = stream.write_all(&vec![b'a'; 10 << 20]);
    assert!(sent.is_err() || !Client { stream, unread: vec![] }.fill_all().contains(" 200 "));
    server.is_well();
}

#[test]
fn h02_header_of_9000_bytes() {
    let server = Server::start();
    server.refuses(format!("GET / HTTP/1.1\r\nHost: a\r\nX: {}\r\n\r\n", "a".repeat(9000)), 431);
}

#[test]
fn h03_header_of_20000_bytes() {
    let server = Server::start();
    server.refuses(format!("GET / HTTP/1.1\r\nHost: a\r\nX: {}\r\n\r\n", "a".repeat(20_000)), 431);
}

#[test]
fn h04_150_headers() {
    let server = Server::start();
    let many = |count: usize| (0..count).map(|n| format!("X{n}: a\r\n")).collect::<String>();
    server.refuses(format!("GET / HTTP/1.1\r\nHost: a\r\n{}\r\n", many(150)), 431);
    server.refuses(format!("GET / HTTP/1.1\r\nHost: a\r\n{}\r\n", many(100)), 431);
    let mut client = server.connect();
    client.send(format!("GET / HTTP/1.1\r\nHost: a\r\n{}\r\n", many(99)));
    assert_eq!(client.answer().status, 200);
}

#[test]
fn h05_content_length_and_transfer_encoding() {
    let server = Server::start();
    let both = "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n";
    server.refuses(post("/echo", both, &format!("0\r\n\r\n{}", get("/smuggled"))), 400);
    assert!(!server.saw("smuggled"));
}

#[test]
fn h06_two_content_lengths() {
    let server = Server::start();
    server.refuses(post("/echo", "Content-Length: 4\r\nContent-Length: 40\r\n", "abcd"), 400);
    server.refuses(post("/echo", "Content-Length: 4\r\nContent-Length: 4\r\n", "abcd"), 400);
    server.refuses(post("/echo", "Content-Length: 4, 4\r\n", "abcd"), 400);
}

#[test]
fn h07_content_length_with_plus() {
    Server::start().refuses(post("/echo", "Content-Length: +4\r\n", "abcd"), 400);
}

#[test]
fn h08_content_length_below_zero() {
    let server = Server::start();
    server.refuses(post("/echo", "Content-Length: -1\r\n", "abcd"), 400);
    server.refuses(post("/echo", "Content-Length: \r\n", "abcd"), 400);
    server.refuses(post("/echo", "Content-Length: 0x4\r\n", "abcd"), 400);
}

#[test]
fn h09_gzip_chunked_smuggles_nothing() {
    let server = Server::start();
    let mut client = server.connect();
    client.send(post("/", "Transfer-Encoding: gzip, chunked\r\n", ""));
    std::thread::sleep(20 * MS);
    let _ = client.stream.write_all(get("/smuggled").as_bytes());
    client.refusal(501);
    server.refuses(
        post("/", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", ""),
        400,
    );
    server.refuses(post("/", "Transfer-Encoding: xchunked\r\n", ""), 501);
    assert!(!server.saw("smuggled"));
}

#[test]
fn h11_content_length_of_a_terabyte() {
    let server = Server::start();
    let mut client = server.connect();
    client.send(post("/echo", "Content-Length: 1000000000000\r\n", "abcd"));
    client.stream.shutdown(Shutdown::Write).unwrap();
    client.refusal(413);
    server.refuses(post("/echo", "Content-Length: 99999999999999999999999999\r\n", "abcd"), 413);
    server.refuses(post("/echo", "Content-Length: 10485761\r\n", ""), 413);
}

#[test]
fn h12_chunked_body_over_the_limit() {
    let server = Server::with(|edge| edge.max_body(1_000_000));
    let mut client = server.connect();
    client.send(post("/echo", "Transfer-Encoding: chunked\r\n", ""));
    let chunk = format!("10000\r\n{}\r\n", "a".repeat(65_536));
    for _ in 0..40 {
        if client.stream.write_all(chunk.as_bytes()).is_err() {
            break;
        }
    }
    client.refusal(413);
    server.sees(&format!("body failed: {}", "413: the body is larger than this server takes"));
}

#[test]
fn h14_no_host_or_two() {
    let server = Server::start();
    server.refuses("GET / HTTP/1.1\r\n\r\n", 400);
    server.refuses("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400);
    server.refuses("GET / HTTP/1.1\r\nHost:\r\n\r\n", 400);
}

#[test]
fn h15_http_1_0() {
    let server = Server::start();
    server.refuses("GET / HTTP/1.0\r\nHost: a\r\n\r\n", 505);
    server.refuses("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505);
}

#[test]
fn h17_tls_on_the_plain_port() {
    Server::start().refuses(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\x00\x00", 400);
}

#[test]
fn h18_two_pipelined_requests() {
    let server = Server::start();
    let mut client = server.connect();
    client.send(format!("{}{}", get("/seen/1"), get("/seen/2")));
    assert!(client.answer().body.starts_with("/seen/1 "));
    assert!(client.answer().body.starts_with("/seen/2 "));
    // With a body between them, which one handler reads and one does not.
    let body = "Content-Length: 4\r\n";
    client.send(post("/echo", body, "abcd") + &post("/ignore", body, "efgh") + &get("/seen/3"));
    assert_eq!(client.answer().body, "abcd");
    assert_eq!(client.answer().body, "ignored");
    assert!(client.answer().body.starts_with("/seen/3 "));
    // A long row, in segments that fit nothing.
    let row: String = (0..300).map(|n| get(&format!("/seen/{n}"))).collect();
    let mut sender = client.stream.try_clone().unwrap();
    std::thread::spawn(move || {
        row.as_bytes().chunks(777).for_each(|part| sender.write_all(part).unwrap())
    });
    for n in 0..300 {
        assert!(client.answer().body.starts_with(&format!("/seen/{n} ")));
    }
}

#[test]
fn h19_bad_percent_encoding() {
    let server = Server::start();
    let answer = server.connect().get("/seen/%zz%?transport=%zz&x=%");
    assert!(answer.body.starts_with("/seen/%zz% Some(\"transport=%zz&x=%\")"), "{}", answer.body);
}

#[test]
fn h21_other_methods() {
    let server = Server::start();
    let mut client = server.connect();
    for method in ["DELETE", "PATCH", "PUT", "OPTIONS"] {
        client.send(format!("{method} / HTTP/1.1\r\nHost: a\r\n\r\n"));
        assert_eq!(client.answer().body, "home");
    }
    client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
    let answer = client.answer_to("HEAD");
    assert_eq!((answer.status, answer.header("content-length")), (200, Some("4")));
    // Nothing of a body came: the next answer is in its place.
    assert_eq!(client.get("/").body, "home");
    server.refuses("BREW / HTTP/1.1\r\nHost: a\r\n\r\n", 501);
    server.refuses("get / HTTP/1.1\r\nHost: a\r\n\r\n", 501);
}

#[test]
fn h24_path_traversal() {
    let server = Server::start();
    for path in ["/seen/../../etc/passwd", "/..", "/seen/%2e%2E/x", "/seen/./x", "/seen\\..\\x"] {
        server.refuses(get(path), 400);
    }
}

#[test]
fn h25_query_of_8_kb() {
    let server = Server::start();
    let query = "a".repeat(7900);
    assert!(server.connect().get(&format!("/seen/x?x={query}")).body.contains(&query));
}

#[test]
fn w33_a_protocol_list_of_3000_spaces() {
    let server = Server::start();
    let list = format!("Sec-WebSocket-Protocol: a{}b\r\n", " ".repeat(3000));
    let mut client = server.connect();
    client.send(format!("GET /seen/x HTTP/1.1\r\nHost: a\r\n{list}\r\n"));
    assert_eq!(client.answer().status, 200);
}

#[test]
fn syntax_that_two_readers_could_understand_in_two_ways() {
    let server = Server::start();
    for head in [
        "GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n  folded\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nContent-Length : 4\r\n\r\nabcd",
        "GET / HTTP/1.1\r\nHost: a\nX: 1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: 1\rY: 2\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n",
        "GET / HTTP/1.1\r\n Host: a\r\n\r\n",
        "GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a/qpairs?v=1&w=\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a:80:80\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a:99999\r\n\r\n",
        "GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
        "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /#x HTTP/1.1\r\nHost: a\r\n\r\n",
        "\r\n\x01\r\n\r\n",
    ] {
        server.refuses(head, 400);
    }
    server.refuses(post("/", "Expect: the-best\r\n", ""), 417);
}

#[test]
fn the_target_and_the_addresses_arrive_as_they_were() {
    let server = Server::start();
    let mut client = server.connect();
    let host = "Host: [::1]:3000\r\nCookie: name=한\r\n";
    client.send(format!("\r\nGET /seen//a%2Fb;c=d?e=%20f&g HTTP/1.1\r\n{host}\r\n"));
    let answer = client.answer();
    let (peer, local) = (client.stream.local_addr().unwrap(), server.addr);
    let expected = format!(
        "/seen//a%2Fb;c=d Some(\"e=%20f&g\") Some(\"[::1]\") peer={:?} local={:?} \
         cookie=Some(\"name=%ED%95%9C\") type=None",
        Some(peer.to_string()),
        Some(local.to_string()),
    );
    assert_eq!(answer.body, expected);
}

#[test]
fn a_head_in_single_bytes() {
    let server = Server::start();
    let mut client = server.connect();
    for byte in get("/seen/x").bytes() {
        client.send([byte]);
    }
    assert_eq!(client.answer().status, 200);
}

#[test]
fn f23_a_slow_head_is_answered_and_silence_is_not() {
    let server = Server::with(|edge| edge.head_timeout(100 * MS).keep_alive(100 * MS));
    let mut client = server.connect();
    client.send("GET / HT");
    client.refusal(408);
    server.connect().is_closed();
    // After an answer as well.
    let mut client = server.connect();
    assert_eq!(client.get("/").status, 200);
    client.is_closed();
    let mut client = server.connect();
    assert_eq!(client.get("/").status, 200);
    client.send("G");
    client.refusal(408);
}

#[test]
fn a_head_that_is_cut_off() {
    let server = Server::start();
    let mut client = server.connect();
    client.send("GET / HTTP/1.1\r\nHost: a\r\n");
    client.stream.shutdown(Shutdown::Write).unwrap();
    client.refusal(400);
    let mut client = server.connect();
    client.stream.shutdown(Shutdown::Write).unwrap();
    client.is_closed();
}
