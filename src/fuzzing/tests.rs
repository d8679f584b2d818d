//! What a fuzzer begins with, and what one has found: read once with every `cargo test`.

use std::path::Path;

type Target = fn(&[u8]);

const TARGETS: [(&str, Target); 6] = [
    ("chunked", super::chunked),
    ("frames", super::frames),
    ("head", super::head),
    ("packet", |bytes| text(bytes, super::packet)),
    ("payload", |bytes| text(bytes, super::payload)),
    ("session", super::session),
];

/// The fuzzer gives these no bytes that are no text.
fn text(bytes: &[u8], target: fn(&str)) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        target(text);
    }
}

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz"))
}

#[test]
fn the_seeds_hold() {
    for (name, target) in TARGETS {
        let path = folder().join("seeds").join(name).with_extension("txt");
        let seeds = std::fs::read_to_string(&path).expect(name);
        assert!(seeds.lines().count() > 5, "{name}");
        for seed in seeds.lines() {
            // One character is one byte.
            let bytes: String = serde_json::from_str(seed).expect(seed);
            let bytes: Option<Vec<u8>> = bytes.chars().map(|c| u8::try_from(c).ok()).collect();
            println!("{name} {seed}");
            target(&bytes.expect(seed));
        }
    }
}

#[test]
fn what_was_found_does_not_come_back() {
    for (name, target) in TARGETS {
        // The folder of a target is there once something was found.
        let found = std::fs::read_dir(folder().join("regressions").join(name));
        for file in found.into_iter().flatten() {
            let path = file.expect("a file").path();
            println!("{}", path.display());
            target(&std::fs::read(path).expect("a file"));
        }
    }
}
