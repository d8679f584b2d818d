//! `cargo +nightly fuzz run payload`
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &str| tide_socketio::fuzzing::payload(data));
