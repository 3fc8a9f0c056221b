//! `cargo xtask fuzz 60 accept_language`: see the crate's README.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz_targets::accept_language(data));
