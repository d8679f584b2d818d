use super::*;

/// Both ways, at the lengths where the header changes.
#[test]
fn what_is_written_is_read() {
    for length in [0, 1, 125, 126, 127, 1000, 65_535] {
        let text = vec![b'x'; length];
        for (push, key) in
            [(push_server as fn(&[u8], &mut Vec<u8>), None), (push_client, Some([0; 4]))]
        {
            let mut bytes = Vec::new();
            push(&text, &mut bytes);
            let frame = read(&bytes).unwrap();
            assert_eq!((frame.opcode, frame.key, frame.end), (1, key, bytes.len()), "{length}");
            assert_eq!(bytes[frame.start..frame.end], text, "{length}");
        }
    }
}

#[test]
fn of_a_frame_that_is_not_complete_nothing_is_taken() {
    for length in [3, 126] {
        let mut bytes = Vec::new();
        push_client(&vec![b'x'; length], &mut bytes);
        for cut in 0..bytes.len() {
            assert!(read(&bytes[..cut]).is_none(), "{cut} of {} bytes", bytes.len());
        }
    }
}

#[test]
fn the_wide_length_is_read() {
    let mut bytes = vec![0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0];
    bytes.resize(10 + 65_536, 0);
    let frame = read(&bytes).unwrap();
    assert_eq!((frame.opcode, frame.start, frame.end), (2, 10, bytes.len()));
}
