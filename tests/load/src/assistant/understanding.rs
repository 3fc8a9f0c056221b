//! What a question costs by itself: the library, on this process' core.

use std::hint::black_box;
use std::time::{Duration, Instant};

use channel_assistant::Dialogue;
use gateway_core::domain::Locale;
use gateway_core::ports::{Heard, Interpreter as _};
use hdrhistogram::Histogram;
use jiff::civil::{Date, date};

use super::questions::Form;
use crate::generator::histogram;
use crate::report::Disturbance;
use crate::system;

/// The day of all questions: a run next year understands the same.
const TODAY: Date = date(2026, 11, 27);

/// The questions in one form.
#[derive(Debug)]
pub(super) struct Understood {
    pub(super) form: Form,
    pub(super) questions: usize,
    /// Characters of the middle one.
    pub(super) characters: usize,
    /// Every time that was measured, in nanoseconds.
    pub(super) all: Histogram<u64>,
    /// The best time of each question: what the question costs, without what
    /// others do to the machine.
    pub(super) best: Histogram<u64>,
    pub(super) disturbance: Disturbance,
}

/// Asks each question so many times, after once that is not measured.
pub(super) fn measure(dialogue: &Dialogue, asked: &[String], form: Form, passes: u32) -> anyhow::Result<Understood> {
    let texts = form.of(asked);
    for text in &texts {
        ask(dialogue, text);
    }
    let mut best = vec![Duration::MAX; texts.len()];
    let mut all = histogram()?;
    let own = [std::process::id()];
    let (start, busy, cpu) = (Instant::now(), system::busy()?, system::cpu_of(&own)?);
    for _ in 0..passes {
        for (text, best) in texts.iter().zip(&mut best) {
            let took = ask(dialogue, text);
            all.saturating_record(nanos(took));
            *best = took.min(*best);
        }
    }
    let used = system::cpu_of(&own)?.saturating_sub(cpu);
    let disturbance = Disturbance::between(busy, system::busy()?, start.elapsed(), used);
    let mut of_each = histogram()?;
    best.iter().for_each(|best| of_each.saturating_record(nanos(*best)));
    let mut characters: Vec<usize> = texts.iter().map(|text| text.chars().count()).collect();
    characters.sort_unstable();
    let characters = characters.get(characters.len() / 2).copied().unwrap_or_default();
    Ok(Understood { form, questions: texts.len(), characters, all, best: of_each, disturbance })
}

/// One question, the first of a conversation.
pub(super) fn ask(dialogue: &Dialogue, text: &str) -> Duration {
    let heard = Heard { text, locale: Locale::VI, today: TODAY, before: None };
    let start = Instant::now();
    black_box(dialogue.interpret(black_box(&heard)));
    start.elapsed()
}

fn nanos(span: Duration) -> u64 {
    u64::try_from(span.as_nanos()).unwrap_or(u64::MAX).max(1)
}
