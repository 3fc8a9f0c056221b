//! Agencies: who receives dossiers.

pub(super) mod list;
