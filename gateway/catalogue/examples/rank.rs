//! How well and how fast the ranking finds what is asked, on a list of questions
//! (`assistant/nlu/eval/tuning/questions.jsonl`), as it is written and without marks:
//!
//! ```text
//! rank FILE.jsonl QUESTIONS.jsonl [near=1.2 …]   hits, times; weights to try
//! rank FILE.jsonl QUESTIONS.jsonl misses         and what is not found first
//! rank FILE.jsonl QUESTIONS.jsonl dump           all that is found, for `same`
//! rank FILE.jsonl QUESTIONS.jsonl same DUMP.tsv  whether all is found as it was then
//! ```
//!
//! Of several runs the quickest counts, so that a busy machine does not.
#![expect(clippy::print_stdout, reason = "an example talks to its terminal")]

use std::collections::HashMap;
use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use gateway_catalogue::{ProcedureCatalogue, RankWeights};
use gateway_core::ports::{Catalogue, ProcedureQuery};
use gateway_core::text::fold_display;

/// Scores that differ less are the same.
const NEARLY: f32 = 1e-4;

/// Each question is asked so often, and the quickest answer counts: the others
/// tell what else the machine had to do.
const RUNS: usize = 5;
/// Characters of a question whose time counts.
const LONGEST: usize = 200;

struct Question {
    text: String,
    expect: Vec<String>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [file, questions, rest @ ..] = arguments.as_slice() else { return Err("which files?".into()) };
    let clock = Clock::start();
    let loaded = gateway_catalogue::read_jsonl_lenient(Path::new(file))?;
    let read = clock.took();
    let before = resident();
    let clock = Clock::start();
    let catalogue = ProcedureCatalogue::new(loaded.procedures, &HashMap::new());
    let built = clock.took();
    let after = resident();
    let questions: Vec<Question> =
        std::fs::read_to_string(questions)?.lines().map(question).collect::<Result<_, _>>()?;
    let words: Vec<&str> = rest.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["dump"] => print!("{}", dump(&catalogue, &questions)),
        ["same", then] => {
            let (then, now) = (std::fs::read_to_string(then)?, dump(&catalogue, &questions));
            let differing = differing(&then, &now);
            println!("{} lines, {} of them differ", now.lines().count(), differing.len());
            differing.iter().take(20).for_each(|(then, now)| println!("- {then}\n+ {now}"));
            if !differing.is_empty() {
                return Err("it is not the same".into());
            }
        }
        other => {
            println!("read {read}, indexed {built}, {} MB beside the procedures", (after - before) / 1_000_000);
            let misses = other.contains(&"misses");
            let weights = weights(other.iter().filter(|word| **word != "misses"))?;
            for stripped in [false, true] {
                measure(&catalogue, &questions, &weights, stripped, misses && !stripped);
            }
        }
    }
    Ok(())
}

fn question(line: &str) -> Result<Question, Box<dyn Error>> {
    let value: serde_json::Value = serde_json::from_str(line)?;
    let text = value["q"].as_str().ok_or("a question without `q`")?.to_owned();
    let answered = value["behaviour"] == "answer";
    let codes = value["expect"].as_array().filter(|_| answered).into_iter().flatten();
    Ok(Question { text, expect: codes.filter_map(|code| code.as_str()).map(str::to_owned).collect() })
}

fn weights<'a>(settings: impl Iterator<Item = &'a &'a str>) -> Result<RankWeights, Box<dyn Error>> {
    let mut weights = RankWeights::default();
    for setting in settings {
        let (name, value) = setting.split_once('=').ok_or("name=value")?;
        let weight = match name {
            "near" => &mut weights.near,
            "fit" => &mut weights.fit,
            "cov" => &mut weights.covered,
            "prior" => &mut weights.prior,
            "level" => &mut weights.other_level,
            "weak" => &mut weights.weak,
            "story" => &mut weights.story,
            "au" => &mut weights.act_unsaid,
            "ao" => &mut weights.act_other,
            "as" => &mut weights.act_same,
            "su" => &mut weights.special_unsaid,
            "ss" => &mut weights.special_same,
            _ => return Err(format!("no weight is called {name}").into()),
        };
        *weight = value.parse()?;
    }
    Ok(weights)
}

fn measure(
    catalogue: &ProcedureCatalogue,
    questions: &[Question],
    weights: &RankWeights,
    stripped: bool,
    misses: bool,
) {
    let mut times = Vec::new();
    let [mut first, mut three, mut ten, mut all] = [0_u32; 4];
    for question in questions.iter().filter(|question| !question.expect.is_empty()) {
        let text = if stripped { fold_display(&question.text) } else { question.text.clone() };
        let mut ranked = Vec::new();
        let mut took = Duration::MAX;
        for _ in 0..RUNS {
            let start = Instant::now();
            ranked = catalogue.rank(&text, weights);
            took = took.min(start.elapsed());
        }
        if text.chars().count() <= LONGEST {
            times.push(took);
        }
        let place =
            ranked.iter().position(|hit| question.expect.iter().any(|code| *code == hit.procedure.code.as_str()));
        all += 1;
        first += u32::from(place == Some(0));
        three += u32::from(place.is_some_and(|place| place < 3));
        ten += u32::from(place.is_some_and(|place| place < 10));
        if misses && place != Some(0) {
            println!("{place:?} {text} | want {:?}", question.expect);
            for hit in ranked.iter().take(3) {
                let name: String = hit.procedure.name.chars().take(70).collect();
                let (score, near, held, fit) = (hit.score, hit.near, hit.held, hit.fit);
                let (code, prior) = (&hit.procedure.code, hit.procedure.prior);
                println!("      {score:.3} near {near:.3} held {held:.2} fit {fit:.2} prior {prior:.2} {code} {name}");
            }
        }
    }
    times.sort_unstable();
    let at = |share: usize| times.get(times.len() * share / 100).copied().unwrap_or_default();
    let share = |hits: u32| f64::from(hits) / f64::from(all.max(1)) * 100.0;
    println!(
        "{} {all} questions: first {:.1} %, in three {:.1} %, in ten {:.1} %; p50 {:?}, p99 {:?}, most {:?}",
        if stripped { "without marks" } else { "as written" },
        share(first),
        share(three),
        share(ten),
        at(50),
        at(99),
        times.last().copied().unwrap_or_default()
    );
}

/// All that is found, line by line, fields parted by tabs.
fn dump(catalogue: &ProcedureCatalogue, questions: &[Question]) -> String {
    let mut lines = String::new();
    let weights = RankWeights::default();
    let stripped = questions.iter().map(|question| fold_display(&question.text));
    for text in questions.iter().map(|question| question.text.clone()).chain(stripped) {
        let asked = catalogue.ask(&text, &weights);
        let mut line = |kind: &str, rest: std::fmt::Arguments<'_>| {
            // A string takes all that is written.
            let _ = writeln!(lines, "{kind}\t{text}\t{rest}");
        };
        for hit in asked.ranked.iter().take(10) {
            let code = &hit.procedure.code;
            line(
                "rank",
                format_args!("{code}\t{}\t{}\t{}\t{}\t{}", hit.score, hit.near, hit.held, hit.covered, hit.fit),
            );
        }
        let page = catalogue.find(&ProcedureQuery { text: text.clone(), limit: 10, ..ProcedureQuery::default() });
        line("find", format_args!("{}\t{}\t{}\t{}", page.total, page.clear, asked.names_a_matter, asked.matter_words));
        for hit in &page.hits {
            line("hit", format_args!("{}\t{}", hit.procedure.code, hit.score));
        }
        let found = catalogue.search(&text);
        line("search", format_args!("{}\t{}\t{}", found.matches.len(), found.sought, found.unknown));
        for hit in found.matches.iter().take(20) {
            line("match", format_args!("{}\t{}\t{}", hit.procedure.code, hit.fit, hit.covered));
        }
        let codes: Vec<_> = found.matches.iter().take(5).map(|hit| hit.procedure.code.clone()).collect();
        for (code, score) in catalogue.rank_among(&text, &weights, &codes) {
            line("among", format_args!("{code}\t{score}"));
        }
    }
    lines
}

fn differing<'a>(then: &'a str, now: &'a str) -> Vec<(&'a str, &'a str)> {
    let nearly = |one: &str, two: &str| match (one.parse::<f32>(), two.parse::<f32>()) {
        (Ok(one), Ok(two)) => (one - two).abs() < NEARLY,
        _ => false,
    };
    let same = |then: &str, now: &str| {
        let fields = || then.split('\t').zip(now.split('\t'));
        then.split('\t').count() == now.split('\t').count() && fields().all(|(one, two)| one == two || nearly(one, two))
    };
    let longer = then.lines().count().max(now.lines().count());
    let endless = |text: &'a str| text.lines().chain(std::iter::repeat("")).take(longer);
    endless(then).zip(endless(now)).filter(|(then, now)| !same(then, now)).collect()
}

/// Time of this thread on a processor, where the system tells it; both where not.
struct Clock(Instant, Option<Duration>);

struct Took(Duration, Duration);

impl Clock {
    fn start() -> Self {
        Self(Instant::now(), on_processor())
    }

    fn took(&self) -> Took {
        let wall = self.0.elapsed();
        let own = on_processor().zip(self.1).map_or(wall, |(now, then)| now.saturating_sub(then));
        Took(own, wall)
    }
}

impl std::fmt::Display for Took {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "in {:?} ({:?} of this thread)", self.1, self.0)
    }
}

fn on_processor() -> Option<Duration> {
    let read = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(Duration::from_nanos(read.split(' ').next()?.parse().ok()?))
}

/// Bytes of this process in memory; 0 where the system does not tell.
fn resident() -> u64 {
    let read = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages: u64 = read.split(' ').nth(1).and_then(|pages| pages.parse().ok()).unwrap_or_default();
    pages * 4096
}
