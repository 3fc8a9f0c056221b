//! `dakenh assistant train-eval`: the classifier alone, on any corpus.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use assistant_nlu::intent::{Example, LinearModel, Metrics, TrainingSettings, train};
use assistant_nlu::normal::Normal;
use gateway_core::text::fold_display;
use serde_json::json;

use super::super::out;
use crate::exit::Exit;

/// One sentence and its label.
type Labelled = (String, String);

pub(super) fn run(learn: &Path, ask: &Path, json: bool) -> anyhow::Result<Exit> {
    let (learn, ask) = (read(learn)?, read(ask)?);
    let mut examples = Vec::with_capacity(learn.len() * 2);
    for (group, (sentence, label)) in (0..).zip(&learn) {
        // With its marks and without, as our own utterances are learnt.
        let mut copies =
            vec![Normal::of(sentence).text().to_owned(), Normal::of(&fold_display(sentence)).text().to_owned()];
        copies.dedup();
        examples.extend(copies.into_iter().map(|text| Example { text, labels: vec![label.clone()], group }));
    }
    let start = Instant::now();
    let settings = TrainingSettings { least_groups: 1, most_features: 300_000, ..TrainingSettings::default() };
    let model = train(&examples, &settings, [0; 32]);
    let trained = start.elapsed();
    let [raw, stripped] = [false, true].map(|stripped| measure(&model, &ask, stripped));
    if json {
        let one = |measured: &Measured| json!({ "accuracy": measured.accuracy, "macro_f1": measured.macro_f1, "p50_ms": ms(measured.p50), "p99_ms": ms(measured.p99) });
        out(&json!({
            "train": learn.len(), "test": ask.len(), "labels": labels(&learn), "features": model.features(),
            "trained_s": trained.as_secs_f64(), "as_written": one(&raw), "no_diacritics": one(&stripped),
        })
        .to_string());
        return Ok(Exit::Good);
    }
    out(&format!(
        "{} sentences learnt in {:.1} s, {} asked, {} labels, {} features",
        learn.len(),
        trained.as_secs_f64(),
        ask.len(),
        labels(&learn),
        model.features(),
    ));
    out("");
    out("| writing | accuracy (micro F1) | macro F1 | p50 ms | p99 ms |");
    out("| --- | --- | --- | --- | --- |");
    for (name, measured) in [("as written", &raw), ("no diacritics", &stripped)] {
        out(&format!(
            "| {name} | {:.2} | {:.2} | {:.3} | {:.3} |",
            100.0 * measured.accuracy,
            100.0 * measured.macro_f1,
            ms(measured.p50),
            ms(measured.p99),
        ));
    }
    Ok(Exit::Good)
}

struct Measured {
    accuracy: f64,
    macro_f1: f64,
    p50: Duration,
    p99: Duration,
}

fn measure(model: &LinearModel, ask: &[Labelled], stripped: bool) -> Measured {
    let mut metrics = Metrics::default();
    let mut right = 0_u32;
    let mut took = Vec::with_capacity(ask.len());
    for (sentence, label) in ask {
        let sentence = if stripped { fold_display(sentence) } else { sentence.clone() };
        let start = Instant::now();
        let best = model.best(Normal::of(&sentence).text()).unwrap_or_default();
        took.push(start.elapsed());
        right += u32::from(best == label);
        metrics.add(&[label.as_str()], &[best]);
    }
    took.sort_unstable();
    let each: Vec<f64> = metrics.labels().values().filter_map(|score| score.f1()).collect();
    let of = |count: usize| f64::from(u32::try_from(count.max(1)).unwrap_or(u32::MAX));
    let at = |percent: usize| took.get(took.len() * percent / 100).or(took.last()).copied().unwrap_or_default();
    Measured {
        accuracy: f64::from(right) / of(ask.len()),
        macro_f1: each.iter().sum::<f64>() / of(each.len()),
        p50: at(50),
        p99: at(99),
    }
}

fn ms(span: Duration) -> f64 {
    span.as_secs_f64() * 1_000.0
}

fn labels(all: &[Labelled]) -> usize {
    let mut labels: Vec<&str> = all.iter().map(|(_, label)| label.as_str()).collect();
    labels.sort_unstable();
    labels.dedup();
    labels.len()
}

/// `seq.in` and `label`, line by line.
fn read(folder: &Path) -> anyhow::Result<Vec<Labelled>> {
    let lines = |name: &str| -> anyhow::Result<Vec<String>> {
        let file = folder.join(name);
        let text = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        Ok(text.lines().map(|line| line.trim().to_owned()).collect())
    };
    let (sentences, labels) = (lines("seq.in")?, lines("label")?);
    if sentences.len() != labels.len() {
        bail!("{}: {} sentences in seq.in, {} labels in label", folder.display(), sentences.len(), labels.len());
    }
    let all: Vec<Labelled> = sentences.into_iter().zip(labels).filter(|(sentence, _)| !sentence.is_empty()).collect();
    if all.is_empty() {
        bail!("{}: no sentences", folder.display());
    }
    Ok(all)
}
