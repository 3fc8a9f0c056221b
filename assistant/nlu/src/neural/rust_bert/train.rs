//! Training a small BERT from nothing but our own sentences, in minutes on a CPU.

use std::collections::BTreeMap;
use std::path::Path;

use tch::nn::OptimizerConfig as _;
use tch::{Kind, Reduction, Tensor, nn, no_grad};
use tokenizers::Tokenizer;

use super::super::NeuralError;
use super::super::directory::{Activation, CALIBRATION, CONFIG, Calibration, Family, ModelConfig, Sigmoid, WEIGHTS};
use super::super::vocabulary::{damaged, learn, next};
use super::super::words::{TOKENIZER, Words, vocabulary};
use super::{Batch, Encoder, long};
use crate::intent::{Example, platt};

/// How a model is trained. The default is the one that `gateway/docs/neural.md`
/// tells of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Recipe {
    /// Layers of the encoder.
    pub layers: u32,
    /// Its width; a multiple of the heads.
    pub hidden: u32,
    /// Heads of attention.
    pub heads: u32,
    /// The longest sentence, in tokens.
    pub longest: u32,
    /// Pieces of words in the vocabulary, at most.
    pub pieces: usize,
    /// Times that each sentence is seen.
    pub rounds: u32,
    /// Sentences in one step.
    pub batch: usize,
    /// The step's length at its longest.
    pub rate: f64,
    /// The share that is left out while learning. With BERT's own tenth a small
    /// network does not get beyond the base rates of the labels within minutes.
    pub dropout: f64,
    /// A sentence gets typos once in so many times, 0 never.
    pub damage: u64,
    /// Threads of libtorch. Two wait for each other more than they work where the
    /// cores are shared: a round took 180 s instead of 50.
    pub threads: i32,
    /// All that is random.
    pub seed: u32,
}

impl Default for Recipe {
    fn default() -> Self {
        Self {
            layers: 2,
            hidden: 128,
            heads: 4,
            longest: 96,
            pieces: 6_000,
            rounds: 10,
            batch: 64,
            rate: 1.2e-3,
            dropout: 0.0,
            damage: 2,
            threads: 1,
            seed: 20_261_127,
        }
    }
}

/// What a training came to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trained {
    /// Sentences.
    pub examples: usize,
    /// The mean loss of the last round.
    pub loss: f64,
    /// Micro-F1 of the eighth that was held out.
    pub held_out: f64,
    /// Numbers in the network.
    pub weights: usize,
}

/// Trains a model and writes its directory. An eighth of the groups is not learnt:
/// it calibrates. `said` hears how it goes.
///
/// # Errors
/// [`NeuralError`].
pub fn train(
    examples: &[Example],
    recipe: &Recipe,
    trained_from: [u8; 32],
    dir: &Path,
    said: &mut dyn FnMut(&str),
) -> Result<Trained, NeuralError> {
    tch::set_num_threads(recipe.threads);
    std::fs::create_dir_all(dir).map_err(|problem| NeuralError::Io(dir.to_owned(), problem))?;
    let mut labels: Vec<String> = examples.iter().flat_map(|example| example.labels.clone()).collect();
    labels.sort_unstable();
    labels.dedup();
    let texts: Vec<String> = examples.iter().map(|example| example.text.clone()).collect();
    let tokenizer = learn(&texts, recipe.pieces)?;
    let config = config(recipe, &labels, &tokenizer);
    tokenizer.save(dir.join(TOKENIZER), false).map_err(vocabulary)?;
    let words = Words::of(tokenizer, &config)?;
    let course = Course { recipe, config: &config, words: &words, labels: &labels };

    let held_out = |example: &&Example| (example.group.wrapping_mul(2_654_435_761) >> 8).is_multiple_of(8);
    let (checks, learnt): (Vec<&Example>, Vec<&Example>) = examples.iter().partition(held_out);
    said(&format!("{} sentences to learn from, {} to calibrate with", learnt.len(), checks.len()));
    let (encoder, loss) = course.run(&learnt, said)?;
    let (sigmoids, held_out) = course.calibrated(&encoder, &checks)?;
    let trained_from = trained_from.iter().map(|byte| format!("{byte:02x}")).collect();
    let calibration = Calibration { trained_from, sigmoids };

    write(&dir.join(CONFIG), &config)?;
    write(&dir.join(CALIBRATION), &calibration)?;
    encoder.store.save(dir.join(WEIGHTS)).map_err(super::weights)?;
    let weights = encoder.store.trainable_variables().iter().map(Tensor::numel).sum();
    Ok(Trained { examples: examples.len(), loss, held_out, weights })
}

fn config(recipe: &Recipe, labels: &[String], tokenizer: &Tokenizer) -> ModelConfig {
    ModelConfig {
        model_type: Family::Bert,
        vocab_size: u32::try_from(tokenizer.get_vocab_size(true)).unwrap_or(u32::MAX),
        hidden_size: recipe.hidden,
        num_hidden_layers: recipe.layers,
        num_attention_heads: recipe.heads,
        intermediate_size: recipe.hidden * 4,
        hidden_act: Activation::Gelu,
        hidden_dropout_prob: recipe.dropout,
        attention_probs_dropout_prob: recipe.dropout,
        max_position_embeddings: recipe.longest,
        type_vocab_size: 2,
        layer_norm_eps: 1e-12,
        pad_token_id: Some(0),
        problem_type: Some("multi_label_classification".to_owned()),
        id2label: (0..).zip(labels.iter().cloned()).collect(),
    }
}

fn write(path: &Path, content: &impl serde::Serialize) -> Result<(), NeuralError> {
    let bytes = serde_json::to_vec_pretty(content).map_err(|problem| NeuralError::NotJson(path.to_owned(), problem))?;
    std::fs::write(path, bytes).map_err(|problem| NeuralError::Io(path.to_owned(), problem))
}

struct Course<'a> {
    recipe: &'a Recipe,
    config: &'a ModelConfig,
    words: &'a Words,
    labels: &'a [String],
}

/// A sentence as numbers, and what it wants.
struct Row {
    ids: Vec<u32>,
    wanted: Vec<f32>,
}

impl Course<'_> {
    fn run(&self, examples: &[&Example], said: &mut dyn FnMut(&str)) -> Result<(Encoder, f64), NeuralError> {
        let recipe = self.recipe;
        tch::manual_seed(i64::from(recipe.seed));
        let encoder = Encoder::new(self.config, self.config.model_type.prefix(), true);
        begin(&encoder.store, recipe.hidden);
        let mut optimizer = nn::AdamW::default().wd(0.01).build(&encoder.store, recipe.rate).map_err(super::weights)?;
        let mut state = u64::from(recipe.seed) | 1;
        let batches = examples.len().div_ceil(recipe.batch.max(1));
        let steps = float(batches) * f64::from(recipe.rounds);
        let mut step = 0.0;
        let mut loss = 0.0;
        for round in 1..=recipe.rounds {
            let mut sum = 0.0;
            let rows = self.rows(examples, &mut state)?;
            for rows in batched(rows, recipe.batch, &mut state) {
                step += 1.0;
                // Up over a tenth of the way, then down to nothing.
                let share: f64 = step / steps.max(1.0);
                optimizer.set_lr(recipe.rate * (share * 10.0).min((1.0 - share) / 0.9).max(0.0));
                let (batch, wanted) = self.batch(&rows);
                let scores = encoder.scores(&batch, true)?;
                let error = scores.binary_cross_entropy_with_logits::<Tensor>(&wanted, None, None, Reduction::Mean);
                optimizer.backward_step_clip_norm(&error, 1.0);
                sum += error.double_value(&[]);
            }
            loss = sum / float(batches).max(1.0);
            said(&format!("round {round} of {}: loss {loss:.4}", recipe.rounds));
        }
        Ok((encoder, loss))
    }

    /// The sentences of one round, some with typos.
    fn rows(&self, examples: &[&Example], state: &mut u64) -> Result<Vec<Row>, NeuralError> {
        let damage = self.recipe.damage;
        let row = |example: &&Example| {
            let damages = damage > 0 && next(state).is_multiple_of(damage);
            let text = if damages { damaged(&example.text, 25, state) } else { example.text.clone() };
            self.row(example, &text)
        };
        examples.iter().map(row).collect()
    }

    fn row(&self, example: &Example, text: &str) -> Result<Row, NeuralError> {
        let wanted = self.labels.iter().map(|label| if example.labels.contains(label) { 1.0 } else { 0.0 });
        Ok(Row { ids: self.words.one(text)?.ids, wanted: wanted.collect() })
    }

    fn batch(&self, rows: &[Row]) -> (Batch, Tensor) {
        let longest = rows.iter().map(|row| row.ids.len()).max().unwrap_or(1);
        let (mut ids, mut mask) = (Vec::new(), Vec::new());
        let mut wanted: Vec<f32> = Vec::new();
        for row in rows {
            let empty = longest - row.ids.len();
            ids.extend(row.ids.iter().map(|id| i64::from(*id)).chain(std::iter::repeat_n(0, empty)));
            mask.extend(std::iter::repeat_n(1_i64, row.ids.len()).chain(std::iter::repeat_n(0, empty)));
            wanted.extend(&row.wanted);
        }
        let shape = [long(rows.len()), long(longest)];
        let table = |numbers: &[i64]| Tensor::from_slice(numbers).view(shape);
        let batch = Batch {
            ids: table(&ids),
            kinds: Tensor::zeros(shape, (Kind::Int64, tch::Device::Cpu)),
            mask: Some(table(&mask)),
        };
        (batch, Tensor::from_slice(&wanted).view([long(rows.len()), long(self.labels.len())]))
    }

    /// The curve of each label, over sentences that were not learnt.
    /// And micro-F1 where a label is said from one half on.
    fn calibrated(
        &self,
        encoder: &Encoder,
        checks: &[&Example],
    ) -> Result<(BTreeMap<String, Sigmoid>, f64), NeuralError> {
        let mut scored: Vec<Vec<(f32, bool)>> = vec![Vec::new(); self.labels.len()];
        let rows: Vec<Row> = checks.iter().map(|example| self.row(example, &example.text)).collect::<Result<_, _>>()?;
        for rows in rows.chunks(self.recipe.batch.max(1)) {
            let (batch, _) = self.batch(rows);
            let scores = no_grad(|| encoder.scores(&batch, false))?;
            let scores = Vec::<f32>::try_from(scores.flatten(0, -1)).map_err(super::weights)?;
            for (row, scores) in rows.iter().zip(scores.chunks(self.labels.len().max(1))) {
                for ((scored, score), wanted) in scored.iter_mut().zip(scores).zip(&row.wanted) {
                    scored.push((*score, *wanted > 0.5));
                }
            }
        }
        let sigmoid = |scored: &Vec<(f32, bool)>| {
            // A label that nobody checks keeps the plain curve.
            if scored.iter().all(|(_, is)| !is) {
                return Sigmoid::default();
            }
            let (a, b) = platt(scored);
            Sigmoid { a, b }
        };
        let sigmoids: Vec<Sigmoid> = scored.iter().map(sigmoid).collect();
        let (mut right, mut off) = (0, 0);
        for (scored, sigmoid) in scored.iter().zip(&sigmoids) {
            for (score, is) in scored {
                match (sigmoid.of(*score) >= 0.5, *is) {
                    (true, true) => right += 2,
                    (said, is) => off += usize::from(said != is),
                }
            }
        }
        let micro = float(right) / float(right + off).max(1.0);
        Ok((self.labels.iter().cloned().zip(sigmoids).collect(), micro))
    }
}

/// The beginning, in an order that is always the same: layers keep the size of
/// what passes through them, and where a word stands weighs less than which it is.
fn begin(store: &nn::VarStore, hidden: u32) {
    let even = 1.0 / f64::from(hidden).sqrt();
    let variables: BTreeMap<String, Tensor> = store.variables().into_iter().collect();
    no_grad(|| {
        for (name, mut weights) in variables {
            let has = |part: &str| name.contains(part);
            let spread = if has("LayerNorm") {
                continue;
            } else if name.ends_with(".bias") {
                0.0
            } else if has("word_embeddings") {
                0.05
            } else if has("embeddings") {
                0.005
            } else if has("classifier") {
                0.02
            } else {
                even
            };
            let _ = weights.normal_(0.0, spread);
        }
    });
}

/// Sentences of about one length together, in an order left to chance.
fn batched(mut rows: Vec<Row>, size: usize, state: &mut u64) -> Vec<Vec<Row>> {
    let size = size.max(1);
    shuffle(&mut rows, state);
    let mut batches = Vec::new();
    while !rows.is_empty() {
        let rest = rows.split_off(rows.len().min(size * 50));
        let mut near = std::mem::replace(&mut rows, rest);
        near.sort_by_key(|row| row.ids.len());
        while !near.is_empty() {
            let rest = near.split_off(near.len().min(size));
            batches.push(std::mem::replace(&mut near, rest));
        }
    }
    shuffle(&mut batches, state);
    batches
}

fn shuffle<T>(list: &mut [T], state: &mut u64) {
    for last in (1..list.len()).rev() {
        let bound = u64::try_from(last + 1).unwrap_or(u64::MAX);
        list.swap(last, usize::try_from(next(state) % bound).unwrap_or(0));
    }
}

fn float(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
