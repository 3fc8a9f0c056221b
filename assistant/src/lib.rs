#![doc = include_str!("../README.md")]

pub mod dialogue;
pub mod evaluation;

pub use dialogue::Dialogue;
