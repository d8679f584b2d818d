use super::*;
use proptest::prelude::*;

/// Decodes `pieces` one after the other, through an output of `room` bytes. Returns the data, what was left
/// over behind the body, and how it ended.
fn decode(pieces: &[&[u8]], limit: u64, room: usize) -> (Vec<u8>, Vec<u8>, Result<bool, u16>) {
    let (mut chunked, mut data, mut left) = (Chunked::new(limit), Vec::new(), Vec::new());
    for piece in pieces {
        left.extend_from_slice(piece);
        loop {
            let mut output = vec![0; room];
            match chunked.decode(&left, &mut output) {
                Ok((0, 0)) => break,
                Ok((read, written)) => {
                    left.drain(..read);
                    data.extend_from_slice(&output[..written]);
                }
                // Nobody sees the data of a body that is refused.
                Err(refusal) => return (vec![], left, Err(refusal.status as u16)),
            }
        }
    }
    (data, left, Ok(chunked.is_done()))
}

fn whole(body: &str) -> (String, String, Result<bool, u16>) {
    let (data, left, end) = decode(&[body.as_bytes()], 1000, 100);
    (String::from_utf8(data).unwrap(), String::from_utf8(left).unwrap(), end)
}

#[test]
fn bodies() {
    let done = |data: &str, left: &str| (data.to_owned(), left.to_owned(), Ok(true));
    assert_eq!(whole("0\r\n\r\nGET"), done("", "GET"));
    assert_eq!(
        whole("3\r\nabc\r\n00a;x=\"\ty\"\r\n0123456789\r\n0;z\r\n\r\n\r\n"),
        done("abc0123456789", "\r\n")
    );
    assert_eq!(whole("0\r\nA: b\r\nC: d\r\n\r\nX"), done("", "X"));
    assert_eq!(whole("3\r\nab"), ("ab".to_owned(), String::new(), Ok(false)));
}

#[test]
fn malformed_bodies() {
    for body in [
        "\r\n",
        ";x\r\n",
        "g",
        "+1",
        "-1",
        "0x1",
        " 1",
        "1 \r\n",
        "1\n",
        "1\r\r",
        "1\r\na\n",
        "1\r\nab",
        "1\r\na\r0",
        "1;\0",
        "1;x\n",
        "0\r\nA: b\n",
        "0\r\nA\0",
        "0\r\n\r\r",
        "0000000000000001\r\n",
    ] {
        assert_eq!(whole(body).2, Err(400), "{body:?}");
    }
}

#[test]
fn limits_of_a_body() {
    assert_eq!(decode(&[b"3e8\r\n"], 1000, 10).2, Ok(false));
    assert_eq!(decode(&[b"3e9\r\n"], 1000, 10).2, Err(413));
    assert_eq!(decode(&[b"2\r\nab\r\n2\r\n"], 3, 10).2, Err(413));
    assert_eq!(decode(&[b"fffffffffffffff\r\n"], u64::MAX, 10).2, Ok(false));
    assert_eq!(whole(&format!("1;{}\r\na\r\n", "x".repeat(256))).2, Ok(false));
    assert_eq!(whole(&format!("1;{}", "x".repeat(257))).2, Err(400));
    assert_eq!(whole(&format!("0\r\n{}", "A: b\r\n".repeat(600))).2, Ok(false));
    assert_eq!(whole(&format!("0\r\n{}", "A: b\r\n".repeat(700))).2, Err(431));
}

/// Cuts `bytes` at the given places.
fn cut<'a>(bytes: &'a [u8], at: &[prop::sample::Index]) -> Vec<&'a [u8]> {
    let mut at: Vec<_> = at.iter().map(|at| at.index(bytes.len() + 1)).collect();
    at.sort_unstable();
    let ends = at.iter().copied().chain([bytes.len()]);
    let starts = [0].into_iter().chain(at.iter().copied());
    starts.zip(ends).map(|(start, end)| &bytes[start..end]).collect()
}

proptest! {
    #[test]
    fn what_was_coded_is_decoded_however_it_comes(
        chunks: Vec<Vec<u8>>,
        at: Vec<prop::sample::Index>,
        room in 1_usize..50,
    ) {
        let mut body = Vec::new();
        for chunk in chunks.iter().filter(|chunk| !chunk.is_empty()) {
            body.extend_from_slice(format!("{:X};e\r\n", chunk.len()).as_bytes());
            body.extend_from_slice(chunk);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"0\r\nT: x\r\n\r\nnext");
        let (data, left, end) = decode(&cut(&body, &at), 1 << 20, room);
        prop_assert_eq!((data, left, end), (chunks.concat(), b"next".to_vec(), Ok(true)));
    }

    #[test]
    fn cutting_changes_nothing(
        body in "[0-3a;\r\n]{0,60}",
        at: Vec<prop::sample::Index>,
        room in 1_usize..5,
    ) {
        let (data, _, end) = decode(&[body.as_bytes()], 20, 100);
        let (cut_data, _, cut_end) = decode(&cut(body.as_bytes(), &at), 20, room);
        prop_assert_eq!((data, end), (cut_data, cut_end));
    }

    #[test]
    fn no_bytes_panic(bytes: Vec<u8>, room in 0_usize..5) {
        let _ = decode(&[&bytes], 100, room);
    }
}
