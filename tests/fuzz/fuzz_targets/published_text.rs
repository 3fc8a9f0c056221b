//! `cargo xtask fuzz 60 published_text`: see the crate's README.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz_targets::published_text(data));
