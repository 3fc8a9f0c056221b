//! Terminals: how one becomes the house's.

pub(super) mod enrol;
