//! The model directory: the files that Hugging Face's tools write, and one of ours.
//!
//! | file | what |
//! | --- | --- |
//! | `config.json` | the shape of the network, and `id2label` |
//! | `tokenizer.json`, or `vocab.txt` and perhaps `tokenizer_config.json` | the vocabulary |
//! | `model.safetensors` | the weights |
//! | `calibration.json` | ours, optional: the curve from score to probability of each label |

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::NeuralError;
use super::words::Words;

pub(super) const CONFIG: &str = "config.json";
pub(super) const WEIGHTS: &str = "model.safetensors";
pub(super) const CALIBRATION: &str = "calibration.json";

/// The longest header of a weights file that is read, in bytes: XLM-R's has
/// 50 KB.
const HEADER_MOST: u64 = 4 << 20;

/// Networks that are one but for their positions and their heads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Family {
    /// BERT.
    Bert,
    /// RoBERTa, PhoBERT among them.
    Roberta,
    /// XLM-R.
    XlmRoberta,
}

impl Family {
    /// What the names of the encoder's weights begin with.
    pub(super) const fn prefix(self) -> &'static str {
        match self {
            Self::Bert => "bert",
            Self::Roberta | Self::XlmRoberta => "roberta",
        }
    }

    /// The first position: RoBERTa counts from behind its padding mark.
    pub(super) const fn first_position(self) -> u32 {
        match self {
            Self::Bert => 0,
            Self::Roberta | Self::XlmRoberta => 2,
        }
    }
}

/// The curve inside a layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Activation {
    /// With the error function.
    Gelu,
    /// Its approximation with tanh.
    GeluNew,
    /// max(0, x).
    Relu,
}

/// `config.json`, as far as it concerns us. Unknown keys are others' business.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names are Hugging Face's")]
pub struct ModelConfig {
    pub model_type: Family,
    pub vocab_size: u32,
    pub hidden_size: u32,
    pub num_hidden_layers: u32,
    pub num_attention_heads: u32,
    pub intermediate_size: u32,
    pub hidden_act: Activation,
    #[serde(default)]
    pub hidden_dropout_prob: f64,
    #[serde(default)]
    pub attention_probs_dropout_prob: f64,
    pub max_position_embeddings: u32,
    pub type_vocab_size: u32,
    /// candle reads it; rust-bert always takes 1e-12.
    #[serde(default = "smallest")]
    pub layer_norm_eps: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pad_token_id: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem_type: Option<String>,
    #[serde(default)]
    pub id2label: BTreeMap<u32, String>,
}

const fn smallest() -> f64 {
    1e-12
}

impl ModelConfig {
    /// The labels in the order of the scores.
    pub fn labels(&self) -> Vec<String> {
        self.id2label.values().cloned().collect()
    }

    /// Tokens of the longest input, its marks included.
    pub(super) const fn longest(&self) -> u32 {
        self.max_position_embeddings.saturating_sub(self.model_type.first_position())
    }

    fn check(&self) -> Result<(), NeuralError> {
        let unfit = |what: &str| Err(NeuralError::Unfit(format!("{CONFIG}: {what}")));
        let sizes = [self.vocab_size, self.hidden_size, self.num_hidden_layers, self.intermediate_size];
        if sizes.contains(&0) || self.type_vocab_size == 0 {
            return unfit("a size is 0");
        }
        if self.num_attention_heads == 0 || !self.hidden_size.is_multiple_of(self.num_attention_heads) {
            return unfit("hidden_size is no multiple of num_attention_heads");
        }
        if self.longest() < 8 {
            return unfit("max_position_embeddings is too small");
        }
        if self.id2label.keys().zip(0..).any(|(id, place)| *id != place) {
            return unfit("id2label has gaps");
        }
        if self.problem_type.as_deref().is_some_and(|kind| kind != "multi_label_classification") {
            return unfit("problem_type is not multi_label_classification: labels would exclude each other");
        }
        // rust-bert takes 1, whatever stands here, and both must agree.
        if self.model_type != Family::Bert && self.pad_token_id.is_some_and(|id| id != 1) {
            return unfit("pad_token_id of a RoBERTa is not 1");
        }
        Ok(())
    }
}

/// Platt's curve 1 / (1 + exp(a·score + b)); a plain sigmoid by default.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the formula says it")]
pub struct Sigmoid {
    pub a: f32,
    pub b: f32,
}

impl Default for Sigmoid {
    fn default() -> Self {
        Self { a: -1.0, b: 0.0 }
    }
}

impl Sigmoid {
    pub(super) fn of(self, score: f32) -> f32 {
        1.0 / (1.0 + (self.a * score + self.b).exp())
    }
}

/// `calibration.json`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calibration {
    /// [`crate::corpus::fingerprint`] of what the model was trained from, in
    /// hexadecimal digits, so that a stale one can be told.
    #[serde(default)]
    pub trained_from: String,
    /// The curve of each label.
    #[serde(default)]
    pub sigmoids: BTreeMap<String, Sigmoid>,
}

/// What the two rooms build their networks from.
pub(super) struct Directory {
    pub(super) config: ModelConfig,
    pub(super) words: Words,
    pub(super) labels: Vec<String>,
    pub(super) sigmoids: Vec<Sigmoid>,
    pub(super) weights: PathBuf,
    /// What the encoder's weights begin with; empty for a bare encoder.
    pub(super) prefix: &'static str,
    /// Whether there is a head over the labels.
    pub(super) has_head: bool,
}

impl Directory {
    /// Reads everything but the weights themselves, and checks that it fits
    /// together: libtorch would answer a token beyond its table with a panic.
    pub(super) fn read(dir: &Path) -> Result<Self, NeuralError> {
        let config: ModelConfig = json(&dir.join(CONFIG))?;
        config.check()?;
        let words = Words::read(dir, &config)?;
        let weights = dir.join(WEIGHTS);
        let shapes = shapes(&weights)?;
        let labels = config.labels();
        let own = config.model_type.prefix();
        let embeddings = "embeddings.word_embeddings.weight";
        let prefix = if shapes.contains_key(&format!("{own}.{embeddings}")) { own } else { "" };
        let named = |name: &str| if prefix.is_empty() { name.to_owned() } else { format!("{prefix}.{name}") };
        let hidden = u64::from(config.hidden_size);
        let expect = |name: &str, shape: &[u64]| match shapes.get(name) {
            Some(there) if there.shape == shape => Ok(()),
            Some(there) => Err(NeuralError::Weights(format!("{name} is {:?}, not {shape:?}", there.shape))),
            None => Err(NeuralError::Weights(format!("{name} is missing"))),
        };
        expect(&named(embeddings), &[u64::from(config.vocab_size), hidden])?;
        let positions = u64::from(config.max_position_embeddings);
        expect(&named("embeddings.position_embeddings.weight"), &[positions, hidden])?;
        expect(&named("embeddings.token_type_embeddings.weight"), &[u64::from(config.type_vocab_size), hidden])?;
        let head = match config.model_type {
            Family::Bert => "classifier.weight",
            Family::Roberta | Family::XlmRoberta => "classifier.out_proj.weight",
        };
        let has_head = shapes.contains_key(head);
        if has_head {
            expect(head, &[u64::try_from(labels.len()).unwrap_or(u64::MAX), hidden])?;
        }
        let calibration = dir.join(CALIBRATION);
        let calibration: Calibration = if calibration.exists() { json(&calibration)? } else { Calibration::default() };
        let sigmoids =
            labels.iter().map(|label| calibration.sigmoids.get(label).copied().unwrap_or_default()).collect();
        Ok(Self { config, words, labels, sigmoids, weights, prefix, has_head })
    }
}

/// Reads a file of JSON.
pub(super) fn json<T: DeserializeOwned>(path: &Path) -> Result<T, NeuralError> {
    let bytes = std::fs::read(path).map_err(|problem| NeuralError::Io(path.to_owned(), problem))?;
    serde_json::from_slice(&bytes).map_err(|problem| NeuralError::NotJson(path.to_owned(), problem))
}

#[derive(Deserialize)]
struct Entry {
    shape: Vec<u64>,
}

/// The names and shapes in a safetensors file: eight bytes of length, then JSON.
fn shapes(path: &Path) -> Result<BTreeMap<String, Entry>, NeuralError> {
    use std::io::Read as _;
    let io = |problem| NeuralError::Io(path.to_owned(), problem);
    let mut file = std::fs::File::open(path).map_err(io)?;
    let mut len = [0; 8];
    file.read_exact(&mut len).map_err(io)?;
    let len = u64::from_le_bytes(len);
    if len > HEADER_MOST {
        return Err(NeuralError::Weights(format!("{WEIGHTS} has a header of {len} bytes")));
    }
    let mut header = Vec::new();
    file.take(len).read_to_end(&mut header).map_err(io)?;
    let mut entries: BTreeMap<String, serde_json::Value> =
        serde_json::from_slice(&header).map_err(|problem| NeuralError::NotJson(path.to_owned(), problem))?;
    entries.remove("__metadata__");
    let read = |(name, entry)| {
        let entry = serde_json::from_value(entry).map_err(|problem| NeuralError::NotJson(path.to_owned(), problem))?;
        Ok((name, entry))
    };
    entries.into_iter().map(read).collect()
}
