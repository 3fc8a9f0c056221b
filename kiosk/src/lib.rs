#![doc = include_str!("../README.md")]

pub mod composing;
pub mod flow;
pub mod machine;
pub mod pad;
pub mod present;
pub mod print;
pub mod qr;
pub mod run;
mod shown;
pub mod sieve;
pub mod touch;
pub mod voice;
