use super::*;
use benches::frame;

#[test]
fn the_time_that_is_stamped_is_the_time_that_is_read() {
    let chat = Prepared::new("42[\"chat\",", frame::push_client);
    let mut out = b"before".to_vec();
    chat.push(0x0123_4567_89ab_cdef, &mut out);
    chat.push(7, &mut out);

    let first = frame::read(&out[6..]).unwrap();
    let second = frame::read(&out[6 + first.end..]).unwrap();
    let packets =
        [&out[6..][first.start..first.end], &out[6 + first.end..][second.start..second.end]];
    assert_eq!(sent(packets[0], b"42[\"chat\","), Some(0x0123_4567_89ab_cdef));
    assert_eq!(sent(packets[1], b"42[\"chat\","), Some(7));
    for packet in packets {
        let json: serde_json::Value = serde_json::from_slice(&packet[2..]).unwrap();
        assert_eq!(json[1]["m"].as_str().map(str::len), Some(60), "{json}");
    }
}

#[test]
fn another_packet_has_no_time() {
    assert_eq!(sent(b"42[\"other\",{\"m\":\"0000000000000007\"}]", b"42[\"chat\","), None);
    assert_eq!(sent(b"42[\"chat\",{\"m\":\"7\"}]", b"42[\"chat\","), None);
    assert_eq!(sent(b"42[\"chat\",{\"m\":\"no hexadecimal!!\"}]", b"42[\"chat\","), None);
}
