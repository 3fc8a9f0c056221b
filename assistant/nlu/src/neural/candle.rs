//! Serving in pure Rust. The encoder is written here over candle's tensors, not
//! taken from candle-transformers: one sentence at a time needs no mask and no
//! padding, BERT and RoBERTa are then one network of a page, and a hundred other
//! models need not be compiled.

use std::path::Path;

use candle_core::{DType, Device, IndexOp as _, Tensor};
use candle_nn::{Embedding, LayerNorm, Linear, Module as _, VarBuilder, embedding, layer_norm, linear, ops};

use super::NeuralError;
use super::directory::{Activation, Directory, Family, ModelConfig};
use super::heads::{self, Network};
use super::words::Tokens;
use crate::intent::{IntentModel, Reranker};

type Result<T> = candle_core::Result<T>;

/// A model of intents.
pub struct Intents(heads::Intents<Encoder>);

impl Intents {
    /// Loads a model directory.
    ///
    /// # Errors
    /// [`NeuralError`].
    pub fn load(dir: &Path) -> std::result::Result<Self, NeuralError> {
        heads::Intents::load(dir).map(Self)
    }
}

impl IntentModel for Intents {
    fn labels(&self) -> &[String] {
        self.0.labels()
    }

    fn probabilities(&self, text: &str) -> Vec<f32> {
        self.0.probabilities(text)
    }
}

/// A reranker.
pub struct Names(heads::Names<Encoder>);

impl Names {
    /// Loads a model directory.
    ///
    /// # Errors
    /// [`NeuralError`].
    pub fn load(dir: &Path) -> std::result::Result<Self, NeuralError> {
        heads::Names::load(dir).map(Self)
    }
}

impl Reranker for Names {
    fn scores(&self, question: &str, names: &[&str]) -> Vec<f32> {
        self.0.scores(question, names)
    }
}

struct Encoder {
    words: Embedding,
    positions: Embedding,
    kinds: Embedding,
    norm: LayerNorm,
    layers: Vec<Layer>,
    head: Option<Head>,
    first_position: u32,
}

/// From the first token to the scores: a layer with tanh, then one for the
/// labels. Only the names differ between the families.
struct Head {
    dense: Linear,
    out: Linear,
}

struct Layer {
    query: Linear,
    key: Linear,
    value: Linear,
    attended: Linear,
    attended_norm: LayerNorm,
    inner: Linear,
    outer: Linear,
    outer_norm: LayerNorm,
    heads: usize,
    activation: Activation,
}

impl Network for Encoder {
    fn build(directory: &Directory) -> std::result::Result<Self, NeuralError> {
        let bytes =
            std::fs::read(&directory.weights).map_err(|problem| NeuralError::Io(directory.weights.clone(), problem))?;
        let weights = VarBuilder::from_buffered_safetensors(bytes, DType::F32, &Device::Cpu).map_err(weights)?;
        Self::new(directory, &weights).map_err(self::weights)
    }

    fn scores(&self, tokens: &Tokens) -> std::result::Result<Vec<f32>, NeuralError> {
        let head = self.head.as_ref().ok_or_else(|| NeuralError::Unfit("it has no head".to_owned()))?;
        let scores = || head.scores(&self.hidden(tokens)?)?.to_vec1::<f32>();
        scores().map_err(weights)
    }

    fn mean(&self, tokens: &Tokens) -> std::result::Result<Vec<f32>, NeuralError> {
        let mean = || self.hidden(tokens)?.mean(0)?.to_vec1::<f32>();
        mean().map_err(weights)
    }
}

impl Encoder {
    fn new(directory: &Directory, weights: &VarBuilder<'_>) -> Result<Self> {
        let config = &directory.config;
        let own = if directory.prefix.is_empty() { weights.clone() } else { weights.pp(directory.prefix) };
        let hidden = size(config.hidden_size);
        let embeddings = own.pp("embeddings");
        let layers = own.pp("encoder").pp("layer");
        Ok(Self {
            words: embedding(size(config.vocab_size), hidden, embeddings.pp("word_embeddings"))?,
            positions: embedding(size(config.max_position_embeddings), hidden, embeddings.pp("position_embeddings"))?,
            kinds: embedding(size(config.type_vocab_size), hidden, embeddings.pp("token_type_embeddings"))?,
            norm: layer_norm(hidden, config.layer_norm_eps, embeddings.pp("LayerNorm"))?,
            layers: (0..config.num_hidden_layers)
                .map(|layer| Layer::new(config, &layers.pp(layer)))
                .collect::<Result<_>>()?,
            head: directory.has_head.then(|| Head::new(directory, weights, &own)).transpose()?,
            first_position: config.model_type.first_position(),
        })
    }

    /// The last layer: a row for each token.
    fn hidden(&self, tokens: &Tokens) -> Result<Tensor> {
        let row = |numbers: &[u32]| Tensor::from_slice(numbers, numbers.len(), &Device::Cpu);
        let positions: Vec<u32> = (self.first_position..).take(tokens.ids.len()).collect();
        let words = self.words.forward(&row(&tokens.ids)?)?;
        let sum =
            ((words + self.positions.forward(&row(&positions)?)?)? + self.kinds.forward(&row(&tokens.kinds)?)?)?;
        self.layers.iter().try_fold(self.norm.forward(&sum)?, |hidden, layer| layer.forward(&hidden))
    }
}

impl Head {
    fn new(directory: &Directory, weights: &VarBuilder<'_>, own: &VarBuilder<'_>) -> Result<Self> {
        let (hidden, labels) = (size(directory.config.hidden_size), directory.labels.len());
        let classifier = weights.pp("classifier");
        Ok(match directory.config.model_type {
            Family::Bert => Self {
                dense: linear(hidden, hidden, own.pp("pooler").pp("dense"))?,
                out: linear(hidden, labels, classifier)?,
            },
            Family::Roberta | Family::XlmRoberta => Self {
                dense: linear(hidden, hidden, classifier.pp("dense"))?,
                out: linear(hidden, labels, classifier.pp("out_proj"))?,
            },
        })
    }

    fn scores(&self, hidden: &Tensor) -> Result<Tensor> {
        self.out.forward(&self.dense.forward(&hidden.i(..1)?)?.tanh()?)?.squeeze(0)
    }
}

impl Layer {
    fn new(config: &ModelConfig, weights: &VarBuilder<'_>) -> Result<Self> {
        let (hidden, wide) = (size(config.hidden_size), size(config.intermediate_size));
        let (attention, output) = (weights.pp("attention"), weights.pp("output"));
        let own = attention.pp("self");
        let attended = attention.pp("output");
        Ok(Self {
            query: linear(hidden, hidden, own.pp("query"))?,
            key: linear(hidden, hidden, own.pp("key"))?,
            value: linear(hidden, hidden, own.pp("value"))?,
            attended: linear(hidden, hidden, attended.pp("dense"))?,
            attended_norm: layer_norm(hidden, config.layer_norm_eps, attended.pp("LayerNorm"))?,
            inner: linear(hidden, wide, weights.pp("intermediate").pp("dense"))?,
            outer: linear(wide, hidden, output.pp("dense"))?,
            outer_norm: layer_norm(hidden, config.layer_norm_eps, output.pp("LayerNorm"))?,
            heads: size(config.num_attention_heads),
            activation: config.hidden_act,
        })
    }

    fn forward(&self, hidden: &Tensor) -> Result<Tensor> {
        let attended = self.attended.forward(&self.attention(hidden)?)?;
        let hidden = self.attended_norm.forward(&(attended + hidden)?)?;
        let inner = self.inner.forward(&hidden)?;
        let inner = match self.activation {
            Activation::Gelu => inner.gelu_erf()?,
            Activation::GeluNew => inner.gelu()?,
            Activation::Relu => inner.relu()?,
        };
        self.outer_norm.forward(&(self.outer.forward(&inner)? + hidden)?)
    }

    fn attention(&self, hidden: &Tensor) -> Result<Tensor> {
        let (tokens, width) = hidden.dims2()?;
        let each = width / self.heads;
        let by_head = |projected: Tensor| projected.reshape((tokens, self.heads, each))?.transpose(0, 1)?.contiguous();
        let query = by_head(self.query.forward(hidden)?)?;
        let key = by_head(self.key.forward(hidden)?)?;
        let value = by_head(self.value.forward(hidden)?)?;
        let scale = 1.0 / f64::from(u32::try_from(each).unwrap_or(u32::MAX)).sqrt();
        let weights = ops::softmax_last_dim(&(query.matmul(&key.t()?)? * scale)?)?;
        weights.matmul(&value)?.transpose(0, 1)?.reshape((tokens, width))
    }
}

fn size(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

#[expect(clippy::needless_pass_by_value, reason = "it stands in map_err")]
fn weights(problem: candle_core::Error) -> NeuralError {
    NeuralError::Weights(problem.to_string())
}
