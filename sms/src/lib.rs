#![doc = include_str!("../README.md")]

pub mod codec;
pub mod providers;
pub mod road;
pub mod segment;
pub mod smpp;
