#![doc = include_str!("../README.md")]

mod answer;
mod api;
mod labels;
mod openapi;
mod page;
mod v1;

pub use api::{MobileNeeds, channel_parts};
pub use openapi::openapi_json;
