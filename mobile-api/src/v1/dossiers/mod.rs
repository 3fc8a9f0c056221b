//! Dossiers: where they are.

pub(super) mod code;
pub(super) mod disclose;
pub(super) mod rate;
pub(super) mod show;
mod view;
