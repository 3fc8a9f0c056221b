//! Free text.

pub(super) mod post;
