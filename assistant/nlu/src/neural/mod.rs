//! Neural models by choice of the operator: a transformer (BERT, RoBERTa, XLM-R)
//! from a local directory in the place of the linear model. Two rooms read the
//! same directory and give the same probabilities: `rust_bert` through libtorch,
//! which also trains, and `candle` in pure Rust, which only serves.
//! `gateway/docs/neural.md` says how to turn it on and whether it is worth it.

#[cfg(feature = "candle")]
pub mod candle;
mod directory;
mod heads;
#[cfg(feature = "rust-bert")]
pub mod rust_bert;
#[cfg(test)]
mod tests;
#[cfg(feature = "rust-bert")]
mod vocabulary;
mod words;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::intent::{IntentModel, Reranker};

pub use directory::{Activation, Calibration, Family, ModelConfig, Sigmoid};

/// Why a directory does not serve.
#[derive(Debug, thiserror::Error)]
pub enum NeuralError {
    /// A file cannot be read or written.
    #[error("{path}: {problem}", path = .0.display(), problem = .1)]
    Io(PathBuf, std::io::Error),
    /// A file is not the JSON that is expected.
    #[error("{path}: {problem}", path = .0.display(), problem = .1)]
    NotJson(PathBuf, serde_json::Error),
    /// The vocabulary cannot be read, or does not fit the model.
    #[error("the vocabulary: {0}")]
    Vocabulary(String),
    /// The files can be read, and are not a model for us.
    #[error("the model directory: {0}")]
    Unfit(String),
    /// The weights cannot be read, or do not fit the configuration.
    #[error("the weights: {0}")]
    Weights(String),
}

/// Loads a model of intents. Where both features are built in, candle serves: it
/// takes a tenth of the memory and gives the same probabilities.
///
/// # Errors
/// [`NeuralError`]; everything that could fail later is tried here once.
pub fn load(dir: &Path) -> Result<Arc<dyn IntentModel>, NeuralError> {
    #[cfg(feature = "candle")]
    return Ok(Arc::new(candle::Intents::load(dir)?));
    #[cfg(not(feature = "candle"))]
    Ok(Arc::new(rust_bert::Intents::load(dir)?))
}

/// Loads a reranker: a cross-encoder where the directory has exactly one label,
/// else the cosine between means of the last layer.
///
/// # Errors
/// [`NeuralError`], as for [`load`].
pub fn load_reranker(dir: &Path) -> Result<Arc<dyn Reranker>, NeuralError> {
    #[cfg(feature = "candle")]
    return Ok(Arc::new(candle::Names::load(dir)?));
    #[cfg(not(feature = "candle"))]
    Ok(Arc::new(rust_bert::Names::load(dir)?))
}
