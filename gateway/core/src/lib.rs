#![doc = include_str!("../README.md")]

pub mod desk;
pub mod domain;
pub mod ports;
pub mod text;
