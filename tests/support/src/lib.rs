#![doc = include_str!("../README.md")]
#![expect(clippy::expect_used, clippy::panic, reason = "a story that cannot go on has failed")]

mod aggregator;
mod browser;
mod chat;
mod chromium;
mod counter;
mod database;
mod demo;
mod patience;
mod process;
mod smsc;
mod telegram;
mod texting;
mod web;
mod webchat;
mod zalo;

pub use aggregator::Aggregator;
pub use browser::{Browser, csrf_of};
pub use chat::{ChatPeer, Delivery, Heard, at_peer};
pub use chromium::{Chromium, Walked};
pub use counter::{ALWAYS_OPEN, COUNTER, HALL, Officer, large_number, ticket_before};
pub use database::Database;
pub use demo::Demo;
pub use patience::{eventually, eventually_or, skipped};
pub use process::{Ended, Process, binary, dakenh, dakenh_fed, dakenh_with};
pub use smsc::{Letter, SHORT_CODE, Smsc, encoded};
pub use telegram::{BOT_NAME, BOT_SECRET, BOT_TOKEN, BotApi, Fault};
pub use texting::{NO_QUIET_HOURS, Sample, Texting, road, road_at};
pub use web::{Answer, client, get, now, post, post_form, put};
pub use webchat::{Listening, Webchat};
pub use zalo::{Zalo, ZaloEvent, ZaloFault, ZaloMessage};
