//! What both rooms make of a network's numbers: probabilities of intents, and how
//! well names fit a question. A room only runs its network.

use std::path::Path;

use super::NeuralError;
use super::directory::{Directory, Sigmoid};
use super::words::{Tokens, Words};
use crate::intent::Intent;

/// A network at work.
pub(super) trait Network: Sized {
    /// Builds it with its weights.
    fn build(directory: &Directory) -> Result<Self, NeuralError>;

    /// The raw score of each label.
    fn scores(&self, tokens: &Tokens) -> Result<Vec<f32>, NeuralError>;

    /// The mean of the last layer over all tokens.
    fn mean(&self, tokens: &Tokens) -> Result<Vec<f32>, NeuralError>;
}

/// A sentence that is tried when a model is loaded: what works once, works.
const TRIED: &str = "đăng ký khai sinh cần giấy tờ gì";

/// A network that recognises intents.
pub(super) struct Intents<N> {
    labels: Vec<String>,
    sigmoids: Vec<Sigmoid>,
    words: Words,
    network: N,
}

impl<N: Network> Intents<N> {
    pub(super) fn load(dir: &Path) -> Result<Self, NeuralError> {
        let directory = Directory::read(dir)?;
        if !directory.has_head || directory.labels.len() < 2 {
            return Err(NeuralError::Unfit("it has no head over intents".to_owned()));
        }
        // A model of other labels would be silent for ever, and nobody told why.
        if let Some(unknown) = directory.labels.iter().find(|label| Intent::from_label(label).is_none()) {
            return Err(NeuralError::Unfit(format!("no intent {unknown:?}")));
        }
        let network = N::build(&directory)?;
        let labels =
            directory.labels.iter().filter_map(|label| Some(Intent::from_label(label)?.label().to_owned())).collect();
        let intents = Self { labels, sigmoids: directory.sigmoids, words: directory.words, network };
        let tried = intents.tried(TRIED)?;
        if tried.len() != intents.labels.len() || tried.iter().any(|probability| !probability.is_finite()) {
            return Err(NeuralError::Weights("a sentence that was tried has no probabilities".to_owned()));
        }
        Ok(intents)
    }

    pub(super) fn labels(&self) -> &[String] {
        &self.labels
    }

    /// A sentence that the network fails on has no intent: the assistant asks
    /// back, as it does when it has not understood.
    pub(super) fn probabilities(&self, text: &str) -> Vec<f32> {
        self.tried(text).unwrap_or_else(|_| vec![0.0; self.labels.len()])
    }

    fn tried(&self, text: &str) -> Result<Vec<f32>, NeuralError> {
        let scores = self.network.scores(&self.words.one(text)?)?;
        Ok(scores.iter().zip(&self.sigmoids).map(|(score, sigmoid)| sigmoid.of(*score)).collect())
    }
}

/// A network that compares names with a question.
pub(super) struct Names<N> {
    words: Words,
    network: N,
    /// One label is a cross-encoder's: it reads both sentences at once.
    crosses: bool,
}

impl<N: Network> Names<N> {
    pub(super) fn load(dir: &Path) -> Result<Self, NeuralError> {
        let directory = Directory::read(dir)?;
        let crosses = directory.has_head && directory.labels.len() == 1;
        let network = N::build(&directory)?;
        let names = Self { words: directory.words, network, crosses };
        match names.tried(TRIED, &[TRIED])?.as_slice() {
            [score] if score.is_finite() => Ok(names),
            _ => Err(NeuralError::Weights("a name that was tried has no score".to_owned())),
        }
    }

    /// Names that the network fails on stay as the search ranked them: equal.
    pub(super) fn scores(&self, question: &str, names: &[&str]) -> Vec<f32> {
        self.tried(question, names).unwrap_or_else(|_| vec![0.0; names.len()])
    }

    fn tried(&self, question: &str, names: &[&str]) -> Result<Vec<f32>, NeuralError> {
        if self.crosses {
            let score = |name: &&str| {
                let scores = self.network.scores(&self.words.two(question, name)?)?;
                scores.first().copied().ok_or_else(|| NeuralError::Weights("no score".to_owned()))
            };
            return names.iter().map(score).collect();
        }
        let asked = self.network.mean(&self.words.one(question)?)?;
        names.iter().map(|name| Ok(cosine(&asked, &self.network.mean(&self.words.one(name)?)?))).collect()
    }
}

fn cosine(a: &[f32], b: &[f32]) -> f32 {
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
    dot(a, b) / (dot(a, a) * dot(b, b)).sqrt().max(f32::MIN_POSITIVE)
}
