//! `cargo xtask fuzz 60 zalo_event`: see the crate's README.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz_targets::zalo_event(data));
