#![doc = include_str!("../README.md")]

mod channel;
mod config;
mod dispatch;
mod intake;
mod language;
mod notify;
mod operate;
mod pages;
mod reception;
mod routes;
mod talk;
mod watch;
mod words;

pub mod codec;
pub mod keywords;
pub mod providers;
pub mod road;
pub mod segment;
pub mod smpp;

pub use channel::{RoadConfigs, Roads, SmsNeeds, channel_parts};
pub use config::{AnswerConfig, FailoverConfig, NoticeConfig, PolicyName, RouteConfig, SmsConfig, SmsConfigProblem};
pub use notify::Composer;
pub use routes::{Route, Routes};
pub use words::Words;

#[cfg(test)]
mod tests;
