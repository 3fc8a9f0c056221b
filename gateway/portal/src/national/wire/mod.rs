//! The wire as it is, private to the adapter.

pub(super) mod dossier;
pub(super) mod envelope;
pub(super) mod lenient;
pub(super) mod procedure;
