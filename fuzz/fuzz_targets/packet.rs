//! `cargo +nightly fuzz run packet`
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &str| tide_socketio::fuzzing::packet(data));
