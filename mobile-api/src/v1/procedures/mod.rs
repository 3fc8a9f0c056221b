//! Procedures: what they need.

mod cursor;
pub(super) mod find;
pub(super) mod show;
