//! A clock that stands still until it is moved, and rows to write.

mod clock;
mod rows;

pub(crate) use clock::TestClock;
pub(crate) use rows::{DOSSIER, PHONE, row};
