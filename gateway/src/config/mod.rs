//! Settings: `dakenh.default.toml` (compiled in), then a file, then the
//! environment, then flags. A key that the default file does not have is an
//! error that names the nearest one.

mod assistant;
mod chat;
mod http;
mod layers;
mod learning;
mod linking;
mod nearest;
mod officers;
mod pages;
mod queue;
mod sections;
mod sms;

pub(crate) use assistant::AssistantSection;
pub(crate) use layers::{Overrides, load};
pub(crate) use sections::Config;

/// Every setting with its unit, default and reason.
pub(crate) const DEFAULT: &str = include_str!("../../dakenh.default.toml");
