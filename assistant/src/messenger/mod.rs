//! What every messenger has in common: events on disk before they are
//! acknowledged, one answer for each in the citizen's order, and messages on
//! their way out.

mod wire;

pub use wire::{Arrived, Event, Intake, NotTaken, Saying, Sent, Taken, Wire};
