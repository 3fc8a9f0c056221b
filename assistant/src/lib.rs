#![doc = include_str!("../README.md")]

pub mod dialogue;
pub mod evaluation;
pub mod learning;
pub mod messenger;
pub mod telegram;
pub mod webchat;
pub mod zalo;

pub use dialogue::Dialogue;
