//! `cargo +nightly fuzz run session`
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| tide_socketio::fuzzing::session(data));
