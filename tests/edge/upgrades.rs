//! Connections that go on in another protocol.

use crate::client::{Server, get, post};
use std::net::Shutdown;

const UPGRADE: &str = "Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n\
    Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

#[test]
fn w30_the_first_frame_in_the_segment_of_the_upgrade() {
    let server = Server::start();
    let mut client = server.connect();
    let mut request = format!("GET /ws HTTP/1.1\r\nHost: a\r\n{UPGRADE}\r\n").into_bytes();
    request.extend_from_slice(b"\x81\x82\x00\x00\x00\x0040");
    client.send(&request);
    let answer = client.answer();
    assert_eq!((answer.status, answer.header("content-length")), (101, None));
    assert_eq!(answer.header("sec-websocket-accept"), Some("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
    assert_eq!(answer.header("connection"), Some("Upgrade"));
    // An unmasked text frame.
    let frame = b"\x81\x0byou said 40";
    while client.unread.len() < frame.len() {
        assert!(client.fill());
    }
    assert_eq!(client.unread, frame);
}

#[test]
fn any_protocol_can_take_over() {
    let server = Server::start();
    let mut client = server.connect();
    client
        .send("GET /raw HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\nearly");
    assert_eq!(client.answer().status, 101);
    assert_eq!(client.take(5), "early");
    client.send("late");
    assert_eq!(client.take(4), "late");
    client.stream.shutdown(Shutdown::Write).unwrap();
    client.is_closed();
}

#[test]
fn upgrades_that_are_not_to_be() {
    let server = Server::start();
    let with_body = format!("{UPGRADE}Content-Length: 4\r\n");
    server.refuses(format!("GET /ws HTTP/1.1\r\nHost: a\r\n{with_body}\r\nabcd"), 400);
    let chunked = format!("{UPGRADE}Transfer-Encoding: chunked\r\n");
    server.refuses(format!("GET /ws HTTP/1.1\r\nHost: a\r\n{chunked}\r\n"), 400);
    // Clients offer HTTP/2 with any request; who does not know it answers as ever.
    let mut client = server.connect();
    let offer = "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nContent-Length: 4\r\n";
    client.send(post("/echo", offer, "abcd"));
    assert_eq!(client.answer().body, "abcd");
    // A handler that switches unasked, or without taking the connection.
    server.refuses(get("/switch"), 500);
    server.refuses(get("/raw"), 500);
    server.refuses(
        "GET /switch HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n",
        500,
    );
}
