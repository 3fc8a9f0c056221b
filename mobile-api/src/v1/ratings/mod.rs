//! What citizens think of a service.

pub(super) mod post;
