#![doc = include_str!("../README.md")]

pub mod keypad;
pub mod printer;
pub mod qr;
pub mod voice;
