//! `load queue`: terminals that want numbers at the same moment, at the store's
//! port and over signed HTTP: no gap, no double, and how long each waits.

mod http;
mod port;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use async_trait::async_trait;
use clap::{Args, ValueEnum};
use gateway_core::domain::queue::{SiteCode, Ticket};
use gateway_core::ports::{Clock, Queue as _, Randomness};
use gateway_store::Queues;
use hdrhistogram::Histogram;
use jiff::Timestamp;
use jiff::civil::Date;
use rand::Rng as _;
use serde_json::{Value, json};

use crate::proof::Proof;
use crate::report::{Goal, finish, goals_and_proofs, ms, say};
use crate::system;

/// Services of the centre, by whose letters numbers are told apart.
const SERVICES: [(&str, &str); 3] = [("ho-tich", "A"), ("dat-dai", "B"), ("can-cuoc", "C")];

#[derive(Debug, Clone, Args)]
pub(crate) struct Options {
    /// The gateway's binary, built for release.
    #[arg(long, value_name = "FILE", default_value = "target/release/dakenh")]
    dakenh: PathBuf,
    /// One way alone.
    #[arg(long)]
    only: Option<Way>,
    /// Terminals at the same moment.
    #[arg(long, default_value_t = 50, value_name = "N")]
    terminals: u32,
    /// Numbers of each round, over all terminals.
    #[arg(long, default_value_t = 1_000, value_name = "N")]
    takes: u32,
    /// Rounds, each at a centre of its own; the middle one by its p99 is told.
    #[arg(long, default_value_t = 5, value_name = "N")]
    rounds: u32,
    /// A PostgreSQL database in place of a new SQLite file, at the store's port
    /// alone. It is migrated, and centres are added to it.
    #[arg(long, value_name = "URL")]
    postgres: Option<String>,
    /// Write the raw figures as JSON.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// One small round: shows that everything works, says nothing about speed.
    #[arg(long, alias = "quick")]
    smoke: bool,
}

/// How numbers are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Way {
    /// At the store's port, in this process.
    Port,
    /// Enrolled terminals ask a gateway in a process of its own.
    Http,
}

impl Way {
    const fn key(self) -> &'static str {
        match self {
            Self::Port => "port",
            Self::Http => "http",
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::Port => "at the store's port",
            Self::Http => "over signed HTTP",
        }
    }
}

/// A number, as a terminal was told it or as it is on disk.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Number {
    id: i64,
    prefix: String,
    serial: u32,
    code: String,
}

impl Number {
    fn of(ticket: &Ticket) -> Self {
        let (prefix, serial) = (ticket.number.prefix.to_string(), ticket.number.serial);
        Self { id: ticket.id.0, prefix, serial, code: ticket.code.as_str().to_owned() }
    }
}

/// What was found in a round's numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Found {
    numbers: u64,
    /// Serials that nobody got below the last one of their letter.
    gaps: u64,
    /// Those that two got.
    doubles: u64,
}

impl Found {
    fn among<'a>(numbers: impl IntoIterator<Item = &'a Number>) -> anyhow::Result<Self> {
        let numbers: Vec<_> = numbers.into_iter().collect();
        let mut found = Self { numbers: u64::try_from(numbers.len())?, ..Self::default() };
        for (_, prefix) in SERVICES {
            let of_it = numbers.iter().filter(|number| number.prefix == prefix);
            let serials: Vec<u32> = of_it.map(|number| number.serial).collect();
            let apart: BTreeSet<u32> = serials.iter().copied().collect();
            found.doubles += u64::try_from(serials.len() - apart.len())?;
            found.gaps += u64::from(apart.last().copied().unwrap_or_default()) - u64::try_from(apart.len())?;
        }
        Ok(found)
    }

    fn plus(self, other: Self) -> Self {
        Self {
            numbers: self.numbers + other.numbers,
            gaps: self.gaps + other.gaps,
            doubles: self.doubles + other.doubles,
        }
    }
}

/// What a round showed.
struct Round {
    took: Duration,
    waits: Histogram<u64>,
    /// By what the terminals were told, and by what is on disk afterwards.
    told: Found,
    kept: Found,
    /// Numbers that are on disk as they were told.
    alike: u64,
}

impl Round {
    fn of(took: Duration, taken: &[(Duration, Number)], kept: &[Number]) -> anyhow::Result<Self> {
        let mut waits = Histogram::<u64>::new(3)?;
        for (waited, _) in taken {
            waits.record(u64::try_from(waited.as_nanos())?)?;
        }
        let told: BTreeSet<&Number> = taken.iter().map(|(_, number)| number).collect();
        Ok(Self {
            took,
            waits,
            told: Found::among(taken.iter().map(|(_, number)| number))?,
            kept: Found::among(kept)?,
            alike: u64::try_from(kept.iter().filter(|number| told.contains(number)).count())?,
        })
    }

    fn p99(&self) -> f64 {
        ms(&self.waits, 0.99)
    }
}

pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let mut options = options.clone();
    if options.smoke {
        (options.terminals, options.takes, options.rounds) = (10, 100, 1);
    }
    ensure!((1..=1_000).contains(&options.terminals), "--terminals: 1 to 1,000");
    ensure!(options.takes.is_multiple_of(options.terminals), "--takes: as many for each terminal");
    // A service's line of a centre holds 5,000 at the most.
    ensure!((1..=10_000).contains(&options.takes), "--takes: 1 to 10,000");
    ensure!((1..=99).contains(&options.rounds), "--rounds: 1 to 99");
    ensure!(options.postgres.is_none() || options.only != Some(Way::Http), "--postgres: at the store's port alone");
    let load_before = system::load_average();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let mut report = Report::default();
    if options.only != Some(Way::Http) {
        report.add(&options, Way::Port, runtime.block_on(port::measure(&options))?)?;
    }
    if options.only != Some(Way::Port) && options.postgres.is_none() {
        let (rounds, refused) = http::measure(&options, &runtime)?;
        report.proofs.push(Proof::equal("over signed HTTP: refused by a limit", refused, 0));
        report.add(&options, Way::Http, rounds)?;
    }
    report.finish(&options, load_before)
}

/// All numbers of a centre's day.
async fn on_disk(queues: &Queues, site: &SiteCode, day: Date) -> anyhow::Result<Vec<Number>> {
    let (mut kept, mut last) = (Vec::new(), None);
    loop {
        let more = queues.history(site, (day, day), last, 10_000).await?;
        let Some(end) = more.last() else { return Ok(kept) };
        last = Some(end.id);
        kept.extend(more.iter().map(Number::of));
    }
}

/// What a terminal wants as its `n`th: service, its letter, and whether for
/// somebody elderly.
fn wish(terminal: u32, n: u32) -> anyhow::Result<(&'static str, &'static str, bool)> {
    let service = SERVICES.get(usize::try_from(terminal + n)? % SERVICES.len());
    let (service, prefix) = *service.context("a service")?;
    Ok((service, prefix, n.is_multiple_of(7)))
}

/// What is said at the end.
#[derive(Default)]
struct Report {
    lines: Vec<String>,
    goals: Vec<Goal>,
    proofs: Vec<Proof>,
    figures: serde_json::Map<String, Value>,
}

impl Report {
    fn add(&mut self, options: &Options, way: Way, mut rounds: Vec<Round>) -> anyhow::Result<()> {
        rounds.sort_by_key(|round| round.waits.value_at_quantile(0.99));
        let told = rounds.iter().fold(Found::default(), |sum, round| sum.plus(round.told));
        let kept = rounds.iter().fold(Found::default(), |sum, round| sum.plus(round.kept));
        let alike = rounds.iter().map(|round| round.alike).sum::<u64>();
        let middle = rounds.get(rounds.len() / 2).context("a round")?;
        let (p50, p99, most) = (ms(&middle.waits, 0.5), middle.p99(), ms(&middle.waits, 1.0));
        let a_second = f64::from(options.takes) / middle.took.as_secs_f64();
        let database = if options.postgres.is_some() { "PostgreSQL" } else { "SQLite, synchronous=FULL" };
        let words = way.words();
        let each: Vec<f64> = rounds.iter().map(Round::p99).collect();
        let each_told: Vec<String> = each.iter().map(|p99| format!("{p99:.1}")).collect();
        self.lines.extend([
            format!("{words}, {database}"),
            format!(
                "  p50 {p50:.2} ms   p99 {p99:.2} ms   most {most:.2} ms   {a_second:.0} a second (the middle round)"
            ),
            format!("  p99 of each round, sorted: {} ms", each_told.join(", ")),
            format!(
                "  told: gaps {}, doubles {}; on disk: gaps {}, doubles {}",
                told.gaps, told.doubles, kept.gaps, kept.doubles
            ),
            String::new(),
        ]);
        let wanted = u64::from(options.takes) * u64::from(options.rounds);
        let proof = |what: &str, found, wanted| Proof::equal(&format!("{words}: {what}"), found, wanted);
        self.proofs.extend([
            proof("numbers told", told.numbers, wanted),
            proof("gaps among them", told.gaps, 0),
            proof("doubles among them", told.doubles, 0),
            proof("numbers on disk", kept.numbers, wanted),
            proof("gaps on disk", kept.gaps, 0),
            proof("doubles on disk", kept.doubles, 0),
            proof("numbers on disk as they were told", alike, wanted),
        ]);
        self.goals.push(Goal::new(
            p99 < 20.0,
            &format!("{words}: p99 of a number below 20 ms"),
            format!("{p99:.1} ms"),
        ));
        let found = |found: Found| json!({ "numbers": found.numbers, "gaps": found.gaps, "doubles": found.doubles });
        let figures = json!({
            "database": database, "p50_ms": p50, "p99_ms": p99, "most_ms": most, "per_second": a_second,
            "p99_ms_of_rounds": each, "told": found(told), "on_disk": found(kept), "on_disk_as_told": alike,
        });
        self.figures.insert(way.key().to_owned(), figures);
        Ok(())
    }

    fn finish(self, options: &Options, load_before: f64) -> anyhow::Result<()> {
        let Options { terminals, takes, rounds, .. } = options;
        let load_after = system::load_average();
        let mut lines = vec![
            format!("numbers of a queue: {terminals} terminals at once, {takes} takes a round, {rounds} rounds"),
            system::machine(),
            "each number is on disk when it is told; over HTTP the terminals are on the gateway's own cores".to_owned(),
            String::new(),
        ];
        lines.extend(self.lines);
        lines.push(format!("load average {load_before:.2} before, {load_after:.2} after"));
        lines.push(String::new());
        lines.extend(goals_and_proofs(&self.goals, &self.proofs));
        let mut figures = self.figures;
        figures.extend([
            ("terminals".to_owned(), json!(terminals)),
            ("takes".to_owned(), json!(takes)),
            ("rounds".to_owned(), json!(rounds)),
            ("load_average".to_owned(), json!([load_before, load_after])),
            ("goals".to_owned(), Goal::json(&self.goals)),
        ]);
        if options.smoke {
            say("a smoke run says nothing about speed");
        }
        finish(&lines, options.json.as_deref(), &Value::Object(figures), &self.proofs)
    }
}

struct RealTime;

#[async_trait]
impl Clock for RealTime {
    #[expect(clippy::disallowed_methods, reason = "a bench is its own composition root")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    #[expect(clippy::disallowed_methods, reason = "a bench is its own composition root")]
    async fn sleep(&self, span: Duration) {
        tokio::time::sleep(span).await;
    }
}

struct SystemRandomness;

impl Randomness for SystemRandomness {
    fn next_u64(&self) -> u64 {
        rand::rng().random()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(prefix: &str, serial: u32) -> Number {
        Number { id: i64::from(serial), prefix: prefix.to_owned(), serial, code: format!("{prefix}{serial}") }
    }

    #[test]
    fn what_is_missing_and_what_two_got_is_found() {
        let found = |numbers: &[Number]| Found::among(numbers).unwrap();
        let whole = [number("A", 2), number("B", 1), number("A", 1)];
        assert_eq!(found(&whole), Found { numbers: 3, gaps: 0, doubles: 0 });
        let missing = [number("A", 1), number("A", 4), number("B", 2)];
        assert_eq!(found(&missing), Found { numbers: 3, gaps: 3, doubles: 0 });
        let twice = [number("A", 1), number("A", 1), number("A", 2), number("C", 1)];
        assert_eq!(found(&twice), Found { numbers: 4, gaps: 0, doubles: 1 });
    }

    #[test]
    fn a_number_that_is_told_otherwise_than_it_is_kept_is_not_alike() {
        let taken = [number("A", 1), number("A", 2)].map(|number| (Duration::from_millis(3), number));
        let mut kept = [number("A", 1), number("A", 2)];
        assert_eq!(Round::of(Duration::ZERO, &taken, &kept).unwrap().alike, 2);
        kept[1].code = "another".to_owned();
        let round = Round::of(Duration::ZERO, &taken, &kept).unwrap();
        assert_eq!((round.alike, round.told, round.kept), (1, round.kept, round.told));
    }
}
