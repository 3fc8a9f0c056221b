//! `cargo xtask fuzz 60 catalogue_bundle`: see the crate's README.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz_targets::catalogue_bundle(data));
