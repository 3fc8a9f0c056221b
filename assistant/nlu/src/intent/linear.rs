//! The linear model: one row of small weights for each label, over hashed
//! features, read as it lies in the binary.

use nohash_hasher::IntMap;

use super::IntentModel;
use super::features::features;

/// The first bytes of a model file.
const MAGIC: &[u8; 8] = b"DKINT\x00\x00\x01";

/// A file that is no model.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// It does not begin as a model does.
    #[error("not a model of intents, or one of another version")]
    NotAModel,
    /// It ends too early.
    #[error("the model file is cut off")]
    CutOff,
}

/// Something for each feature: their hashes are hashes already.
pub(super) type ByFeature<T> = IntMap<u64, T>;

/// A trained model.
#[derive(Debug, Clone, PartialEq)]
pub struct LinearModel {
    pub(super) labels: Vec<String>,
    /// What the model was trained from, so that a stale one is noticed.
    pub(super) trained_from: [u8; 32],
    /// For each feature its place in the rows below.
    pub(super) places: ByFeature<u32>,
    /// Inverse document frequency of each feature.
    pub(super) idf: Vec<f32>,
    /// `labels` weights for each feature, in steps of that label's scale.
    pub(super) weights: Vec<i8>,
    pub(super) scales: Vec<f32>,
    pub(super) biases: Vec<f32>,
    /// Platt's calibration of each label: 1 / (1 + exp(a·score + b)).
    pub(super) calibration: Vec<(f32, f32)>,
}

impl LinearModel {
    /// The raw scores of all labels.
    pub(super) fn scores(&self, text: &str) -> Vec<f32> {
        let found: Vec<(usize, f32)> = features(text)
            .into_iter()
            .filter_map(|(feature, count)| {
                let place = usize::try_from(*self.places.get(&feature)?).ok()?;
                Some((place, (1.0 + count.ln()) * self.idf.get(place)?))
            })
            .collect();
        let length = found.iter().map(|(_, value)| value * value).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
        let width = self.labels.len();
        let mut sums = vec![0.0_f32; width];
        for (place, value) in found {
            let row = self.weights.get(place * width..(place + 1) * width).unwrap_or_default();
            for (sum, weight) in sums.iter_mut().zip(row) {
                *sum += f32::from(*weight) * value;
            }
        }
        let scaled = sums.iter().zip(&self.scales).zip(&self.biases);
        scaled.map(|((sum, scale), bias)| sum * scale / length + bias).collect()
    }

    /// The one label that fits best, for corpora in which each sentence has one.
    pub fn best(&self, text: &str) -> Option<&str> {
        let scores = self.scores(text);
        let (place, _) = scores.iter().enumerate().max_by(|(_, a), (_, b)| a.total_cmp(b))?;
        self.labels.get(place).map(String::as_str)
    }

    /// How many words of a sentence stood in what was learnt.
    pub fn known_words(&self, text: &str) -> usize {
        text.split_whitespace().filter(|word| self.places.contains_key(&super::features::word(word))).count()
    }

    /// What the model was trained from: a hash.
    pub const fn trained_from(&self) -> &[u8; 32] {
        &self.trained_from
    }

    /// How many features it knows.
    pub fn features(&self) -> usize {
        self.idf.len()
    }

    /// The model as a file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend(self.trained_from);
        let put_u32 = |bytes: &mut Vec<u8>, number: usize| {
            bytes.extend(u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes());
        };
        put_u32(&mut bytes, self.labels.len());
        put_u32(&mut bytes, self.idf.len());
        for label in &self.labels {
            put_u32(&mut bytes, label.len());
            bytes.extend(label.as_bytes());
        }
        for floats in [&self.scales, &self.biases] {
            bytes.extend(floats.iter().flat_map(|value| value.to_le_bytes()));
        }
        bytes.extend(self.calibration.iter().flat_map(|(a, b)| [a.to_le_bytes(), b.to_le_bytes()].concat()));
        let mut hashes: Vec<(u32, u64)> = self.places.iter().map(|(hash, place)| (*place, *hash)).collect();
        hashes.sort_unstable();
        bytes.extend(hashes.iter().flat_map(|(_, hash)| hash.to_le_bytes()));
        bytes.extend(self.idf.iter().flat_map(|value| value.to_le_bytes()));
        bytes.extend(self.weights.iter().map(|weight| weight.cast_unsigned()));
        bytes
    }

    /// Reads a model file.
    ///
    /// # Errors
    /// [`ModelError`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ModelError> {
        let mut rest = Bytes(bytes.strip_prefix(MAGIC).ok_or(ModelError::NotAModel)?);
        let trained_from = *rest.take(32)?.first_chunk::<32>().ok_or(ModelError::CutOff)?;
        let (labels, features) = (rest.number()?, rest.number()?);
        let labels = (0..labels)
            .map(|_| {
                let len = rest.number()?;
                String::from_utf8(rest.take(len)?.to_vec()).map_err(|_| ModelError::NotAModel)
            })
            .collect::<Result<Vec<String>, ModelError>>()?;
        let width = labels.len();
        let (scales, biases) = (rest.floats(width)?, rest.floats(width)?);
        let pairs = rest.floats(width.saturating_mul(2))?;
        let calibration = pairs.as_chunks::<2>().0.iter().map(|[a, b]| (*a, *b)).collect();
        let hashes = rest.take(features.saturating_mul(8))?.as_chunks::<8>().0;
        let places: ByFeature<u32> = hashes.iter().map(|hash| u64::from_le_bytes(*hash)).zip(0..).collect();
        // A feature that stands twice has no one place.
        if places.len() != features {
            return Err(ModelError::NotAModel);
        }
        let idf = rest.floats(features)?;
        let weights = rest.take(features.saturating_mul(width))?;
        let weights = weights.iter().map(|weight| weight.cast_signed()).collect();
        Ok(Self { labels, trained_from, places, idf, weights, scales, biases, calibration })
    }
}

struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, len: usize) -> Result<&'a [u8], ModelError> {
        let (taken, rest) = self.0.split_at_checked(len).ok_or(ModelError::CutOff)?;
        self.0 = rest;
        Ok(taken)
    }

    fn number(&mut self) -> Result<usize, ModelError> {
        let bytes = self.take(4)?.first_chunk::<4>().ok_or(ModelError::CutOff)?;
        usize::try_from(u32::from_le_bytes(*bytes)).map_err(|_| ModelError::NotAModel)
    }

    fn floats(&mut self, count: usize) -> Result<Vec<f32>, ModelError> {
        let bytes = self.take(count.saturating_mul(4))?;
        Ok(bytes.as_chunks::<4>().0.iter().map(|float| f32::from_le_bytes(*float)).collect())
    }
}

impl IntentModel for LinearModel {
    fn labels(&self) -> &[String] {
        &self.labels
    }

    fn probabilities(&self, text: &str) -> Vec<f32> {
        let scores = self.scores(text);
        scores.iter().zip(&self.calibration).map(|(score, (a, b))| 1.0 / (1.0 + (a * score + b).exp())).collect()
    }
}
