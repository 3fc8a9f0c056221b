//! The two halves of `cargo xtask neural`: trains a model, or measures one in a
//! process of its own, so that what is resident is that model's and nothing else.
//!
//! ```text
//! neural train linear|neural DIR
//! neural measure linear|rust-bert|candle DIR
//! ```

use std::error::Error;
use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use assistant_nlu::corpus;
use assistant_nlu::intent::{Intent, IntentModel, LinearModel, Metrics, TrainingSettings, train};
use assistant_nlu::normal::Normal;
use gateway_core::text::fold_display;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// The linear model's file in its folder.
const LINEAR: &str = "model.bin";
/// Seconds that training took, beside each model.
const SECONDS: &str = "training_seconds";
/// Times that each question is asked for the clock.
const ASKED: usize = 5;
/// One letter in so many is a typo.
const TYPO: u64 = 20;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["train", kind, dir] => learn(kind, Path::new(dir)),
        ["measure", kind, dir] => measure(kind, Path::new(dir)),
        _ => Err("usage: neural train linear|neural DIR | neural measure linear|rust-bert|candle DIR".into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            say(&format!("neural: {problem}"));
            ExitCode::FAILURE
        }
    }
}

fn say(line: &str) {
    // A closed pipe is the reader's choice.
    let _ = writeln!(std::io::stderr(), "{line}");
}

fn learn(kind: &str, dir: &Path) -> Outcome<()> {
    std::fs::create_dir_all(dir)?;
    let examples = corpus::intents(&gateway_catalogue::builtin())?;
    let start = Instant::now();
    match kind {
        "linear" => {
            let model = train(&examples, &TrainingSettings::default(), corpus::fingerprint(&examples));
            std::fs::write(dir.join(LINEAR), model.to_bytes())?;
        }
        #[cfg(feature = "rust-bert")]
        "neural" => {
            use assistant_nlu::neural::rust_bert::{Recipe, train};
            let said = &mut |line: &str| say(&format!("{:>4} s  {line}", start.elapsed().as_secs()));
            let trained = train(&examples, &Recipe::default(), corpus::fingerprint(&examples), dir, said)?;
            say(&format!(
                "{} sentences, {} weights, loss {:.4}, micro-F1 of what was held out {:.3}",
                trained.examples, trained.weights, trained.loss, trained.held_out
            ));
        }
        _ => return Err(format!("{kind} was not built in").into()),
    }
    std::fs::write(dir.join(SECONDS), start.elapsed().as_secs().to_string())?;
    Ok(())
}

fn load(kind: &str, dir: &Path) -> Outcome<Box<dyn IntentModel>> {
    Ok(match kind {
        "linear" => Box::new(LinearModel::from_bytes(&std::fs::read(dir.join(LINEAR))?)?),
        #[cfg(feature = "rust-bert")]
        "rust-bert" => Box::new(assistant_nlu::neural::rust_bert::Intents::load(dir)?),
        #[cfg(feature = "candle")]
        "candle" => Box::new(assistant_nlu::neural::candle::Intents::load(dir)?),
        _ => return Err(format!("{kind} was not built in").into()),
    })
}

struct Question {
    text: String,
    asks: Vec<Intent>,
}

/// Prints one row of the table.
fn measure(kind: &str, dir: &Path) -> Outcome<()> {
    let questions = questions()?;
    let model = load(kind, dir)?;
    let raw = micro(model.as_ref(), &questions, |question| question.to_owned());
    let bare = micro(model.as_ref(), &questions, fold_display);
    let mut state = 88_172_645_463_325_252;
    let typos = micro(model.as_ref(), &questions, |question| with_typos(question, &mut state));
    let mut times = Vec::new();
    for question in (0..ASKED).flat_map(|_| &questions) {
        let text = Normal::of(&question.text);
        let start = Instant::now();
        std::hint::black_box(model.probabilities(text.text()));
        times.push(start.elapsed().as_secs_f64() * 1000.0);
    }
    times.sort_by(f64::total_cmp);
    let at = |per_cent: usize| times.get(times.len() * per_cent / 100).copied().unwrap_or_default();
    let resident = resident()?;
    // A directory from elsewhere does not say.
    let seconds = std::fs::read_to_string(dir.join(SECONDS)).unwrap_or_else(|_| "–".to_owned());
    let disk = disk(dir)?;
    let mut out = std::io::stdout();
    writeln!(
        out,
        "| {kind} | {raw:.3} | {bare:.3} | {typos:.3} | {:.2} | {:.2} | {resident:.0} | {disk:.1} | {seconds} |",
        at(50),
        at(99)
    )?;
    Ok(())
}

fn questions() -> Outcome<Vec<Question>> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/eval/tuning/questions.jsonl");
    let mut questions = Vec::new();
    for line in std::fs::read_to_string(path)?.lines() {
        let line: serde_json::Value = serde_json::from_str(line)?;
        let (Some(text), Some(asks)) = (line["q"].as_str(), line["asks"].as_array()) else { continue };
        let intent = |label: &serde_json::Value| {
            let label = label.as_str().unwrap_or_default();
            Intent::from_label(label).ok_or_else(|| format!("no intent {label:?}"))
        };
        let asks = asks.iter().map(intent).collect::<Result<_, _>>()?;
        questions.push(Question { text: text.to_owned(), asks });
    }
    Ok(questions)
}

/// Micro-F1 where a label is said from one half on.
fn micro(model: &dyn IntentModel, questions: &[Question], mut written: impl FnMut(&str) -> String) -> f64 {
    let mut metrics = Metrics::default();
    for question in questions {
        let probabilities = model.probabilities(Normal::of(&written(&question.text)).text());
        let said = model.labels().iter().zip(probabilities).filter(|(_, probability)| *probability >= 0.5);
        let said: Vec<&str> = said.map(|(label, _)| label.as_str()).collect();
        let asks: Vec<&str> = question.asks.iter().map(|intent| intent.label()).collect();
        metrics.add(&asks, &said);
    }
    metrics.micro().f1().unwrap_or_default()
}

/// One letter in twenty left out, doubled, swapped with the next or hit wrong:
/// the same ones for each model.
fn with_typos(text: &str, state: &mut u64) -> String {
    let mut chance = |most: u64| {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (*state >> 33) % most
    };
    let letters: Vec<char> = text.chars().collect();
    let mut typed = String::new();
    let mut at = 0;
    while let Some(&letter) = letters.get(at) {
        at += 1;
        if !letter.is_alphabetic() || chance(TYPO) > 0 {
            typed.push(letter);
            continue;
        }
        match chance(4) {
            0 => {}
            1 => typed.extend([letter, letter]),
            2 => {
                typed.extend(letters.get(at));
                typed.push(letter);
                at += 1;
            }
            _ => typed.extend("etaoinhrs".chars().nth(usize::try_from(chance(9)).unwrap_or(0))),
        }
    }
    typed
}

/// Megabytes that this process holds.
fn resident() -> Outcome<f64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
    let kilobytes: f64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kilobytes / 1024.0)
}

/// Megabytes of the model's files.
fn disk(dir: &Path) -> Outcome<f64> {
    let mut bytes = 0;
    for entry in std::fs::read_dir(dir)? {
        bytes += entry?.metadata()?.len();
    }
    Ok(f64::from(u32::try_from(bytes / 1024)?) / 1024.0)
}
