//! `cargo xtask fuzz 60 smpp_receipt`: see the crate's README.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz_targets::smpp_receipt(data));
