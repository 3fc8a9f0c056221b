#![doc = include_str!("../README.md")]

pub mod corpus;
pub mod intent;
mod models;
#[cfg(any(feature = "rust-bert", feature = "candle"))]
pub mod neural;
pub mod normal;
pub mod slots;
pub mod understanding;

pub use models::Models;
pub use understanding::{Understander, Understanding};
