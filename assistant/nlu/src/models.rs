//! The trained models, as they lie in the binary, and how they are made.

use std::sync::Arc;

use gateway_core::domain::Procedure;

use crate::corpus::{self, CorpusError};
use crate::intent::{LinearModel, ModelError, TrainingSettings, train};

static INTENTS: &[u8] = include_bytes!("../model/intents.bin");
static TOPICS: &[u8] = include_bytes!("../model/topics.bin");

/// What is wanted, and what is out of scope about.
#[derive(Debug, Clone)]
pub struct Models {
    /// What is wanted.
    pub intents: Arc<LinearModel>,
    /// What a question out of scope is about.
    pub topics: Arc<LinearModel>,
}

impl Models {
    /// The models that were compiled in.
    ///
    /// # Errors
    /// [`ModelError`], where the files in `model/` are damaged; a test reads them.
    pub fn compiled_in() -> Result<Self, ModelError> {
        Ok(Self {
            intents: Arc::new(LinearModel::from_bytes(INTENTS)?),
            topics: Arc::new(LinearModel::from_bytes(TOPICS)?),
        })
    }

    /// Trains both from the project's own utterances. It takes a minute of one
    /// core; nothing does it at start.
    ///
    /// # Errors
    /// [`CorpusError`].
    pub fn trained(procedures: &[Procedure]) -> Result<Self, CorpusError> {
        let settings = TrainingSettings::default();
        let few = TrainingSettings { most_features: 8_000, ..settings };
        let fingerprint = corpus::fingerprint();
        Ok(Self {
            intents: Arc::new(train(&corpus::intents(procedures)?, &settings, fingerprint)),
            topics: Arc::new(train(&corpus::topics()?, &few, fingerprint)),
        })
    }

    /// Whether they were trained from the utterances that are compiled in.
    pub fn are_fresh(&self) -> bool {
        [&self.intents, &self.topics].iter().all(|model| *model.trained_from() == corpus::fingerprint())
    }
}
