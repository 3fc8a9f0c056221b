//! What understands citizens.

use std::path::PathBuf;

use serde::Deserialize;

/// The models behind the understanding.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AssistantSection {
    pub(crate) intent_model: PathBuf,
    pub(crate) reranker: PathBuf,
}
