#![doc = include_str!("../README.md")]
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a story that cannot go on has failed")]

mod display;
mod names;
mod terminal;

mod kiosk_look_up;
mod kiosk_monkey;
mod kiosk_names;
mod kiosk_number;
mod kiosk_outage;

use test_support::{ALWAYS_OPEN, Demo};

/// A gateway whose hall is open at any hour.
fn gateway(more: &[&str]) -> Demo {
    Demo::start(&arguments(more))
}

fn arguments<'a>(more: &[&'a str]) -> Vec<&'a str> {
    ALWAYS_OPEN.iter().copied().chain(more.iter().copied()).flat_map(|setting| ["--set", setting]).collect()
}
