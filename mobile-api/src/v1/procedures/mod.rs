//! Procedures: what they need.

mod cursor;
pub(super) mod find;
pub(crate) mod show;
