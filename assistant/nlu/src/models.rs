//! The trained models, as they lie in the binary, and how they are made.

use std::sync::Arc;

use gateway_core::domain::Procedure;

use crate::corpus::{self, CorpusError};
use crate::intent::{Example, LinearModel, ModelError, TrainingSettings, train};

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
        let of = |examples: &[Example], settings| train(examples, settings, corpus::fingerprint(examples));
        Ok(Self {
            intents: Arc::new(of(&corpus::intents(procedures)?, &settings)),
            topics: Arc::new(of(&corpus::topics()?, &few)),
        })
    }

    /// Whether they were trained from the utterances that are compiled in, as
    /// sentences are normalised today.
    ///
    /// # Errors
    /// [`CorpusError`].
    pub fn are_fresh(&self, procedures: &[Procedure]) -> Result<bool, CorpusError> {
        let intents = corpus::fingerprint(&corpus::intents(procedures)?);
        let topics = corpus::fingerprint(&corpus::topics()?);
        Ok(*self.intents.trained_from() == intents && *self.topics.trained_from() == topics)
    }
}
