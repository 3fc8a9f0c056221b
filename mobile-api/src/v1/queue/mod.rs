//! Queues of centres.

pub(super) mod local;
pub(super) mod now;
pub(super) mod place;
pub(super) mod take;
