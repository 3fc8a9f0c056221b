//! `cargo xtask fuzz 60 dossier_number`: see the crate's README.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz_targets::dossier_number(data));
