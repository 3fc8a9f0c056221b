//! Serving through rust-bert and libtorch. The encoders are rust-bert's; the heads
//! stand here, because rust-bert's own keep the last layer to themselves.

mod train;

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use ::rust_bert::bert::{BertConfig, BertEmbeddings, BertModel};
use ::rust_bert::roberta::RobertaEmbeddings;
use tch::{Device, Kind, Tensor, nn, no_grad};

use super::NeuralError;
use super::directory::{Activation, Directory, Family, ModelConfig};
use super::heads::{self, Network};
use super::words::Tokens;
use crate::intent::{IntentModel, Reranker};

pub use train::{Recipe, Trained, train};

/// A model of intents.
pub struct Intents(heads::Intents<Shared>);

impl Intents {
    /// Loads a model directory.
    ///
    /// # Errors
    /// [`NeuralError`].
    pub fn load(dir: &Path) -> Result<Self, NeuralError> {
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
pub struct Names(heads::Names<Shared>);

impl Names {
    /// Loads a model directory.
    ///
    /// # Errors
    /// [`NeuralError`].
    pub fn load(dir: &Path) -> Result<Self, NeuralError> {
        heads::Names::load(dir).map(Self)
    }
}

impl Reranker for Names {
    fn scores(&self, question: &str, names: &[&str]) -> Vec<f32> {
        self.0.scores(question, names)
    }
}

/// libtorch's tensors may go from thread to thread, and may not be shared: one
/// question at a time.
struct Shared(Mutex<Encoder>);

impl Network for Shared {
    fn build(directory: &Directory) -> Result<Self, NeuralError> {
        // More threads than one only wait for each other over a sentence, and take
        // the cores of requests beside it.
        tch::set_num_threads(1);
        let mut encoder = Encoder::new(&directory.config, directory.prefix, directory.has_head);
        encoder.store.load(&directory.weights).map_err(weights)?;
        // Half precision saves disk; the CPU has no arithmetic for it.
        encoder.store.float();
        encoder.store.freeze();
        Ok(Self(Mutex::new(encoder)))
    }

    fn scores(&self, tokens: &Tokens) -> Result<Vec<f32>, NeuralError> {
        let encoder = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let batch = Batch::one(tokens);
        let scores = no_grad(|| encoder.scores(&batch, false))?;
        Vec::<f32>::try_from(scores.squeeze_dim(0)).map_err(weights)
    }

    fn mean(&self, tokens: &Tokens) -> Result<Vec<f32>, NeuralError> {
        let encoder = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (hidden, _) = no_grad(|| encoder.hidden(&Batch::one(tokens), false))?;
        let mean = hidden.squeeze_dim(0).mean_dim(0, false, Kind::Float);
        Vec::<f32>::try_from(mean).map_err(weights)
    }
}

/// Sentences side by side, filled up to the longest.
struct Batch {
    ids: Tensor,
    kinds: Tensor,
    /// `None`: all of one length.
    mask: Option<Tensor>,
}

impl Batch {
    fn one(tokens: &Tokens) -> Self {
        let row = |numbers: &[u32]| {
            let numbers: Vec<i64> = numbers.iter().map(|number| i64::from(*number)).collect();
            Tensor::from_slice(&numbers).unsqueeze(0)
        };
        Self { ids: row(&tokens.ids), kinds: row(&tokens.kinds), mask: None }
    }
}

enum Body {
    Bert(BertModel<BertEmbeddings>),
    Roberta(BertModel<RobertaEmbeddings>),
}

enum Head {
    /// Behind the pooler, which is the encoder's.
    Bert(nn::Linear),
    Roberta {
        dense: nn::Linear,
        out: nn::Linear,
    },
}

struct Encoder {
    store: nn::VarStore,
    body: Body,
    head: Option<Head>,
    /// How much of a head's input is left out in training.
    dropout: f64,
}

impl Encoder {
    fn new(config: &ModelConfig, prefix: &str, has_head: bool) -> Self {
        let store = nn::VarStore::new(Device::Cpu);
        let root = store.root();
        let own = if prefix.is_empty() { store.root() } else { store.root() / prefix };
        let bert = bert_config(config);
        let body = match config.model_type {
            Family::Bert => Body::Bert(BertModel::new_with_optional_pooler(own, &bert, has_head)),
            Family::Roberta | Family::XlmRoberta => {
                Body::Roberta(BertModel::new_with_optional_pooler(own, &bert, false))
            }
        };
        let (hidden, labels) = (bert.hidden_size, long(config.id2label.len()));
        let classifier = root / "classifier";
        let head = has_head.then(|| match config.model_type {
            Family::Bert => Head::Bert(nn::linear(classifier, hidden, labels, nn::LinearConfig::default())),
            Family::Roberta | Family::XlmRoberta => Head::Roberta {
                dense: nn::linear(&classifier / "dense", hidden, hidden, nn::LinearConfig::default()),
                out: nn::linear(&classifier / "out_proj", hidden, labels, nn::LinearConfig::default()),
            },
        });
        Self { store, body, head, dropout: config.hidden_dropout_prob }
    }

    /// The last layer, and BERT's pooled first token.
    fn hidden(&self, batch: &Batch, learns: bool) -> Result<(Tensor, Option<Tensor>), NeuralError> {
        let (ids, mask) = (Some(&batch.ids), batch.mask.as_ref());
        let kinds = Some(&batch.kinds);
        let out = match &self.body {
            Body::Bert(body) => body.forward_t(ids, mask, kinds, None, None, None, None, learns),
            Body::Roberta(body) => body.forward_t(ids, mask, kinds, None, None, None, None, learns),
        };
        let out = out.map_err(|problem| NeuralError::Weights(problem.to_string()))?;
        Ok((out.hidden_state, out.pooled_output))
    }

    /// A row of scores for each sentence.
    fn scores(&self, batch: &Batch, learns: bool) -> Result<Tensor, NeuralError> {
        let (hidden, pooled) = self.hidden(batch, learns)?;
        match (&self.head, pooled) {
            (Some(Head::Bert(out)), Some(pooled)) => Ok(pooled.dropout(self.dropout, learns).apply(out)),
            (Some(Head::Roberta { dense, out }), _) => {
                let first = hidden.select(1, 0).dropout(self.dropout, learns);
                Ok(first.apply(dense).tanh().dropout(self.dropout, learns).apply(out))
            }
            _ => Err(NeuralError::Unfit("it has no head".to_owned())),
        }
    }
}

fn bert_config(config: &ModelConfig) -> BertConfig {
    BertConfig {
        hidden_act: match config.hidden_act {
            Activation::Gelu => ::rust_bert::Activation::gelu,
            Activation::GeluNew => ::rust_bert::Activation::gelu_new,
            Activation::Relu => ::rust_bert::Activation::relu,
        },
        attention_probs_dropout_prob: config.attention_probs_dropout_prob,
        hidden_dropout_prob: config.hidden_dropout_prob,
        hidden_size: i64::from(config.hidden_size),
        initializer_range: 0.02,
        intermediate_size: i64::from(config.intermediate_size),
        max_position_embeddings: i64::from(config.max_position_embeddings),
        num_attention_heads: i64::from(config.num_attention_heads),
        num_hidden_layers: i64::from(config.num_hidden_layers),
        type_vocab_size: i64::from(config.type_vocab_size),
        vocab_size: i64::from(config.vocab_size),
        output_attentions: None,
        output_hidden_states: None,
        is_decoder: None,
        id2label: None,
        label2id: None,
    }
}

fn long(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

#[expect(clippy::needless_pass_by_value, reason = "it stands in map_err")]
fn weights(problem: tch::TchError) -> NeuralError {
    NeuralError::Weights(problem.to_string())
}
