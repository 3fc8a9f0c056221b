//! Queues of centres.

pub(super) mod now;
pub(super) mod place;
