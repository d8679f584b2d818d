//! `cargo +nightly fuzz run head`
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| tide_socketio::fuzzing::head(data));
