#![doc = include_str!("../README.md")]

pub mod corpus;
pub mod intent;
pub mod normal;
