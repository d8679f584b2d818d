//! `cargo +nightly fuzz run frames`
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| tide_socketio::fuzzing::frames(data));
