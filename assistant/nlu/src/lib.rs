#![doc = include_str!("../README.md")]

pub mod corpus;
pub mod intent;
#[cfg(any(feature = "rust-bert", feature = "candle"))]
pub mod neural;
pub mod normal;
pub mod slots;
