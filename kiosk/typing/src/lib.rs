#![doc = include_str!("../README.md")]

mod buffer;
mod compose;
mod context;
mod letters;
pub mod scan;

pub use buffer::{Buffer, Pressed};
pub use letters::{Key, Mark, Method, Tone};
