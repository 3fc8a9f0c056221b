//! What terminals ask for themselves. All of it is signed.

pub(crate) mod bundle;
pub(super) mod calls;
pub(super) mod catalogue;
pub(super) mod continuations;
pub(super) mod heartbeat;
pub(super) mod settings;
