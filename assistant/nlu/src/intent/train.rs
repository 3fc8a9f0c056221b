//! Training: for each label a linear support vector machine against all others
//! (dual coordinate descent, L2 loss), then Platt's calibration on sentences that
//! the machine has not seen. Deterministic: the same examples give the same model.

use super::features::features;
use super::linear::{ByFeature, LinearModel};

/// One sentence, normalised, with its labels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// The sentence.
    pub text: String,
    /// Its labels; none is a sentence that no label holds for.
    pub labels: Vec<String>,
    /// Sentences of one group (copies, fillings of one template) are never parted
    /// into what is learnt and what calibrates.
    pub group: u32,
}

/// How a model is trained.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrainingSettings {
    /// How dearly an error is paid; larger fits the examples closer.
    pub cost: f32,
    /// Rounds over all examples.
    pub rounds: usize,
    /// A feature must stand in so many groups.
    pub least_groups: u32,
    /// Features that are kept: those that tell most.
    pub most_features: usize,
    /// Parts in which the calibration is cross-checked.
    pub folds: u32,
}

impl Default for TrainingSettings {
    fn default() -> Self {
        Self { cost: 1.0, rounds: 25, least_groups: 2, most_features: 60_000, folds: 4 }
    }
}

/// A sentence as a unit vector over the kept features.
type Row = Vec<(u32, f32)>;

struct Machine {
    weights: Vec<f32>,
    bias: f32,
}

/// Trains a model. `trained_from` is written into it.
pub fn train(examples: &[Example], settings: &TrainingSettings, trained_from: [u8; 32]) -> LinearModel {
    let mut labels: Vec<String> = examples.iter().flat_map(|example| example.labels.clone()).collect();
    labels.sort_unstable();
    labels.dedup();
    let (places, idf) = vocabulary(examples, settings);
    let rows: Vec<Row> = examples.iter().map(|example| row(&example.text, &places, &idf)).collect();
    let is: Vec<Vec<bool>> =
        labels.iter().map(|label| examples.iter().map(|example| example.labels.contains(label)).collect()).collect();
    let groups: Vec<u32> = examples.iter().map(|example| example.group).collect();
    let width = idf.len();
    let learnt: Vec<(Machine, (f32, f32))> = is
        .iter()
        .map(|is| {
            let calibration = calibrated(&rows, is, &groups, width, settings);
            (machine(&rows, is, width, settings, |_| true), calibration)
        })
        .collect();
    packed(labels, places, &idf, &learnt, settings, trained_from)
}

/// The features that stand in enough groups, with their idf.
fn vocabulary(examples: &[Example], settings: &TrainingSettings) -> (ByFeature<u32>, Vec<f32>) {
    struct Seen {
        rows: u32,
        groups: u32,
        last_group: u32,
    }
    let mut seen: ByFeature<Seen> = ByFeature::default();
    for example in examples {
        for (feature, _) in features(&example.text) {
            let seen = seen.entry(feature).or_insert(Seen { rows: 0, groups: 0, last_group: u32::MAX });
            seen.rows += 1;
            if seen.last_group != example.group {
                seen.groups += 1;
                seen.last_group = example.group;
            }
        }
    }
    let mut kept: Vec<(u64, u32)> = seen
        .into_iter()
        .filter(|(_, seen)| seen.groups >= settings.least_groups)
        .map(|(feature, seen)| (feature, seen.rows))
        .collect();
    kept.sort_unstable();
    let all = float(examples.len());
    let idf = kept.iter().map(|(_, rows)| (1.0 + all / f32::from(u16::try_from(*rows).unwrap_or(u16::MAX))).ln());
    let idf: Vec<f32> = idf.collect();
    let places = kept.into_iter().zip(0..).map(|((feature, _), place)| (feature, place)).collect();
    (places, idf)
}

fn float(count: usize) -> f32 {
    f32::from(u16::try_from(count).unwrap_or(u16::MAX))
}

fn row(text: &str, places: &ByFeature<u32>, idf: &[f32]) -> Row {
    let mut row: Row = features(text)
        .into_iter()
        .filter_map(|(feature, count)| {
            let place = *places.get(&feature)?;
            Some((place, (1.0 + count.ln()) * idf.get(usize::try_from(place).ok()?)?))
        })
        .collect();
    let length = row.iter().map(|(_, value)| value * value).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
    for (_, value) in &mut row {
        *value /= length;
    }
    row
}

/// One label against all others, over the examples that `with` lets in.
fn machine(
    rows: &[Row],
    is: &[bool],
    width: usize,
    settings: &TrainingSettings,
    with: impl Fn(usize) -> bool,
) -> Machine {
    let at = |place: u32| usize::try_from(place).unwrap_or(usize::MAX);
    let mut weights = vec![0.0_f32; width];
    let mut bias = 0.0_f32;
    let mut alphas = vec![0.0_f32; rows.len()];
    let chosen: Vec<usize> = (0..rows.len()).filter(|example| with(*example)).collect();
    let yes = chosen.iter().filter(|example| is.get(**example).copied().unwrap_or(false)).count();
    // Few against many: an error on the few is dearer, though not by as much as
    // they are fewer.
    let dearer = (float(chosen.len().saturating_sub(yes)) / float(yes.max(1))).sqrt().clamp(1.0, 4.0);
    let mut order = chosen;
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    for _ in 0..settings.rounds {
        shuffle(&mut order, &mut state);
        let mut moved = 0.0_f32;
        for &example in &order {
            let (Some(row), Some(alpha)) = (rows.get(example), alphas.get_mut(example)) else { continue };
            let yes = is.get(example).copied().unwrap_or(false);
            let sign = if yes { 1.0 } else { -1.0 };
            let diagonal = 0.5 / (settings.cost * if yes { dearer } else { 1.0 });
            let score: f32 =
                row.iter().map(|(place, value)| weights.get(at(*place)).copied().unwrap_or_default() * value).sum();
            let gradient = sign * (score + bias) - 1.0 + diagonal * *alpha;
            // The rows are unit vectors and the bias is one more value of 1.
            let next = (*alpha - gradient / (2.0 + diagonal)).max(0.0);
            let step = (next - *alpha) * sign;
            if step != 0.0 {
                *alpha = next;
                moved += step.abs();
                for (place, value) in row {
                    if let Some(weight) = weights.get_mut(at(*place)) {
                        *weight += step * value;
                    }
                }
                bias += step;
            }
        }
        if moved < 1e-3 * float(order.len()).max(1.0) * 0.01 {
            break;
        }
    }
    Machine { weights, bias }
}

fn shuffle(order: &mut [usize], state: &mut u64) {
    for last in (1..order.len()).rev() {
        *state ^= *state << 13;
        *state ^= *state >> 7;
        *state ^= *state << 17;
        let bound = u64::try_from(last + 1).unwrap_or(u64::MAX);
        order.swap(last, usize::try_from(*state % bound).unwrap_or(0));
    }
}

fn score(machine: &Machine, row: &Row) -> f32 {
    let weight = |place: &u32| usize::try_from(*place).ok().and_then(|place| machine.weights.get(place)).copied();
    row.iter().map(|(place, value)| weight(place).unwrap_or_default() * value).sum::<f32>() + machine.bias
}

/// Scores of sentences by machines that have not seen them, turned into
/// probabilities.
fn calibrated(rows: &[Row], is: &[bool], groups: &[u32], width: usize, settings: &TrainingSettings) -> (f32, f32) {
    let folds = settings.folds.max(2);
    let fold_of =
        |example: usize| groups.get(example).map_or(0, |group| group.wrapping_mul(2_654_435_761) >> 8) % folds;
    let fewer = TrainingSettings { rounds: settings.rounds.div_ceil(2), ..*settings };
    let mut scored: Vec<(f32, bool)> = Vec::with_capacity(rows.len());
    for fold in 0..folds {
        let machine = machine(rows, is, width, &fewer, |example| fold_of(example) != fold);
        for (example, (row, is)) in rows.iter().zip(is).enumerate() {
            if fold_of(example) == fold {
                scored.push((score(&machine, row), *is));
            }
        }
    }
    platt(&scored)
}

/// Platt's sigmoid 1 / (1 + exp(a·score + b)) by Newton's method with
/// backtracking (Lin, Lin and Weng, 2007).
pub(crate) fn platt(scored: &[(f32, bool)]) -> (f32, f32) {
    let (mut yes, mut no) = (0.0_f64, 0.0_f64);
    for (_, is) in scored {
        if *is { yes += 1.0 } else { no += 1.0 }
    }
    let (high, low) = ((yes + 1.0) / (yes + 2.0), 1.0 / (no + 2.0));
    let target = |is: bool| if is { high } else { low };
    let (mut a, mut b) = (0.0_f64, ((no + 1.0) / (yes + 1.0)).ln());
    let loss = |a: f64, b: f64| -> f64 {
        scored
            .iter()
            .map(|(score, is)| {
                let z = a * f64::from(*score) + b;
                let target = target(*is);
                if z >= 0.0 { target * z + (-z).exp().ln_1p() } else { (target - 1.0) * z + z.exp().ln_1p() }
            })
            .sum()
    };
    let mut value = loss(a, b);
    for _ in 0..100 {
        let (mut h11, mut h22, mut h21, mut g1, mut g2) = (1e-12, 1e-12, 0.0, 0.0, 0.0);
        for (score, is) in scored {
            let score = f64::from(*score);
            let z = a * score + b;
            let p = 1.0 / (1.0 + z.exp());
            let d2 = p * (1.0 - p);
            h11 += score * score * d2;
            h22 += d2;
            h21 += score * d2;
            let d1 = target(*is) - p;
            g1 += score * d1;
            g2 += d1;
        }
        if g1.abs() < 1e-5 && g2.abs() < 1e-5 {
            break;
        }
        let det = h11 * h22 - h21 * h21;
        let (da, db) = (-(h22 * g1 - h21 * g2) / det, -(-h21 * g1 + h11 * g2) / det);
        let slope = g1 * da + g2 * db;
        let mut step = 1.0;
        loop {
            let next = loss(a + step * da, b + step * db);
            if next < value + 1e-4 * step * slope {
                a += step * da;
                b += step * db;
                value = next;
                break;
            }
            step /= 2.0;
            if step < 1e-10 {
                return narrow(a, b);
            }
        }
    }
    narrow(a, b)
}

#[expect(clippy::cast_possible_truncation, reason = "two numbers of a curve; their last digits say nothing")]
const fn narrow(a: f64, b: f64) -> (f32, f32) {
    (a as f32, b as f32)
}

/// Keeps the features that tell most and writes the weights as small numbers.
fn packed(
    labels: Vec<String>,
    places: ByFeature<u32>,
    idf: &[f32],
    learnt: &[(Machine, (f32, f32))],
    settings: &TrainingSettings,
    trained_from: [u8; 32],
) -> LinearModel {
    let tells = |place: usize| {
        learnt.iter().filter_map(|(machine, _)| machine.weights.get(place)).fold(0.0_f32, |most, w| most.max(w.abs()))
    };
    let mut kept: Vec<(f32, usize)> = (0..idf.len()).map(|place| (tells(place), place)).collect();
    kept.sort_by(|(a, at), (b, other)| b.total_cmp(a).then(at.cmp(other)));
    kept.truncate(settings.most_features);
    let mut kept: Vec<usize> = kept.into_iter().map(|(_, place)| place).collect();
    kept.sort_unstable();
    let scales: Vec<f32> = learnt
        .iter()
        .map(|(machine, _)| machine.weights.iter().fold(f32::MIN_POSITIVE, |most, w| most.max(w.abs())) / 127.0)
        .collect();
    let mut weights = Vec::with_capacity(kept.len() * labels.len());
    for place in &kept {
        for ((machine, _), scale) in learnt.iter().zip(&scales) {
            let steps = machine.weights.get(*place).copied().unwrap_or_default() / scale;
            weights.push(small(steps));
        }
    }
    let by_place: ByFeature<u32> = kept.iter().zip(0..).map(|(place, new)| (to_u64(*place), new)).collect();
    let places =
        places.into_iter().filter_map(|(feature, place)| Some((feature, *by_place.get(&u64::from(place))?))).collect();
    LinearModel {
        labels,
        trained_from,
        places,
        idf: kept.iter().filter_map(|place| idf.get(*place).copied()).collect(),
        weights,
        scales,
        biases: learnt.iter().map(|(machine, _)| machine.bias).collect(),
        calibration: learnt.iter().map(|(_, calibration)| *calibration).collect(),
    }
}

fn to_u64(place: usize) -> u64 {
    u64::try_from(place).unwrap_or(u64::MAX)
}

#[expect(clippy::cast_possible_truncation, reason = "clamped to the range just before")]
fn small(steps: f32) -> i8 {
    steps.round().clamp(-127.0, 127.0) as i8
}
