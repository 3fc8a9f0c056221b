//! `cargo xtask fuzz 60 procedure_line`: see the crate's README.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz_targets::procedure_line(data));
