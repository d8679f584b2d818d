//! What a fuzzer begins with: what the rows send. `BLESS=1 cargo test --test bad_input` writes the files anew.

use crate::frame_rows::frames;
use crate::packet_rows::{Frame, packets};
use crate::post_rows::posts;

/// What is longer than this teaches a fuzzer nothing but patience.
const LONGEST: usize = 1024;

/// One character is one byte, and what is no ASCII is escaped.
fn line(bytes: &[u8]) -> String {
    let text: String = bytes.iter().copied().map(char::from).collect();
    let json = serde_json::to_string(&text).expect("JSON");
    let escaped = json.chars().map(|c| match c {
        ' '..='~' => c.to_string(),
        _ => format!("\\u{:04x}", u32::from(c)),
    });
    escaped.collect::<String>() + "\n"
}

fn lines(seeds: impl Iterator<Item = Vec<u8>>) -> String {
    seeds.filter(|seed| seed.len() <= LONGEST).map(|seed| line(&seed)).collect()
}

/// The texts of all rows.
fn texts() -> impl Iterator<Item = String> {
    let frames = packets().into_iter().flat_map(|row| row.send);
    frames.filter_map(|frame| match frame {
        Frame::Text(text) => Some(text),
        Frame::Binary(_) => None,
    })
}

#[test]
fn what_a_fuzzer_begins_with() {
    let packets = texts().filter_map(|text| Some(text.strip_prefix('4')?.as_bytes().to_vec()));
    let payloads = posts().into_iter().map(|row| row.body);
    // In pieces of 7 bytes, messages of up to 800.
    let streams = frames().into_iter().map(|row| [&[7, 100], &row.send[..]].concat());
    for (name, seeds) in [
        ("packet", lines(packets)),
        ("payload", lines(payloads.chain(texts().map(String::into_bytes)))),
        ("frames", lines(streams)),
    ] {
        let path = format!("{}/fuzz/seeds/{name}.txt", env!("CARGO_MANIFEST_DIR"));
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(&path, &seeds).expect(&path);
        }
        assert_eq!(std::fs::read_to_string(&path).expect(&path), seeds, "{path}");
    }
}
