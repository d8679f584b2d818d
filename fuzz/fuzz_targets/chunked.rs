//! `cargo +nightly fuzz run chunked`
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| tide_socketio::fuzzing::chunked(data));
