#![doc = include_str!("../README.md")]
#![expect(clippy::expect_used, clippy::panic, reason = "a story that cannot go on has failed")]

mod demo;
mod process;
mod web;

pub use demo::Demo;
pub use process::{Ended, Process, binary, dakenh, dakenh_with};
pub use web::{Answer, client, get, post, put};
