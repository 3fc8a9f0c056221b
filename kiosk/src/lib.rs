#![doc = include_str!("../README.md")]

pub mod flow;
pub mod present;
pub mod qr;
pub mod run;
pub mod touch;
