#![doc = include_str!("../README.md")]

mod answer;
mod api;
mod kiosk;
mod labels;
mod openapi;
mod page;
mod v1;

pub use api::{MobileNeeds, channel_parts};
pub use kiosk::{KioskConfig, KioskConfigProblem, KioskNeeds, LocalRange, SiteConfig, SiteNotice, signing_key};
pub use openapi::openapi_json;
