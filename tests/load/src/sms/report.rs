//! The table, the goals, and the raw figures.

use std::time::Duration;

use hdrhistogram::Histogram;
use serde_json::{Value, json};

use super::bench::{Found, Memory, Phase};
use super::drive::Pace;
use super::subject::Kind;
use super::{Database, Options};
use crate::report::{Disturbance, Goal, goals_and_proofs, ms};
use crate::system;

/// A row: one subject under one load, all rounds together.
struct Row {
    sent: u64,
    elapsed: Duration,
    taking: Histogram<u64>,
    round_trip: Histogram<u64>,
    whole: Histogram<u64>,
    lag: Histogram<u64>,
    server_cpu: Duration,
    database_cpu: Duration,
    generator_cpu: Duration,
    commits: u64,
    calls: u64,
    committing: f64,
    held: u64,
    lost: u64,
    doubled: u64,
    /// Round trips a second in each round.
    rounds: Vec<f64>,
}

impl Row {
    fn of(found: &Found, kind: Kind, pace: Pace) -> Option<Self> {
        let mut row: Option<Self> = None;
        for phase in found.phases.iter().filter(|phase| phase.kind == kind && phase.pace == pace) {
            let tally = &phase.outcome.tally;
            let per_second = tally.confirmed as f64 / phase.outcome.elapsed.as_secs_f64().max(1e-9);
            let row = row.get_or_insert_with(|| Self {
                sent: 0,
                elapsed: Duration::ZERO,
                taking: empty(&tally.taking),
                round_trip: empty(&tally.round_trip),
                whole: empty(&tally.whole),
                lag: empty(&tally.lag),
                server_cpu: Duration::ZERO,
                database_cpu: Duration::ZERO,
                generator_cpu: Duration::ZERO,
                commits: 0,
                calls: 0,
                committing: 0.0,
                held: 0,
                lost: 0,
                doubled: 0,
                rounds: Vec::new(),
            });
            row.sent += tally.sent;
            row.elapsed += phase.outcome.elapsed;
            // All have the same bounds: nothing is out of range.
            let _ = row.taking.add(&tally.taking);
            let _ = row.round_trip.add(&tally.round_trip);
            let _ = row.whole.add(&tally.whole);
            let _ = row.lag.add(&tally.lag);
            row.server_cpu += phase.server_cpu;
            row.database_cpu += phase.database_cpu;
            row.generator_cpu += phase.generator_cpu;
            row.commits += phase.commits;
            row.calls += phase.calls;
            row.committing += phase.committing;
            row.held += phase.held;
            row.lost += lost(phase);
            row.doubled += tally.doubled;
            row.rounds.push(per_second);
        }
        row
    }

    /// Round trips a second, receipts included.
    fn per_second(&self) -> f64 {
        self.sent as f64 / self.elapsed.as_secs_f64().max(1e-9)
    }

    fn each(&self, cpu: Duration) -> f64 {
        cpu.as_secs_f64() * 1e6 / self.sent.max(1) as f64
    }
}

/// Messages without an acknowledgement, an answer or its receipt.
fn lost(phase: &Phase) -> u64 {
    let tally = &phase.outcome.tally;
    tally.sent - tally.taken.min(tally.answered).min(tally.confirmed)
}

fn empty(like: &Histogram<u64>) -> Histogram<u64> {
    Histogram::new_from(like)
}

/// A loop in few words.
pub(super) fn loop_of(pace: Pace) -> String {
    match pace {
        Pace::Deliveries => "closed, by deliveries".to_owned(),
        Pace::Questions { .. } => "closed, by answers".to_owned(),
        Pace::Open { per_second } => format!("open, {per_second}/s"),
    }
}

fn kinds() -> [Kind; 3] {
    [Kind::Gateway(Database::Sqlite), Kind::Gateway(Database::Postgres), Kind::Kannel]
}

fn paces(options: &Options) -> Vec<Pace> {
    let closed = [Pace::Deliveries, Pace::Questions { at_once: options.window }];
    closed.into_iter().chain(options.rate.iter().map(|rate| Pace::Open { per_second: *rate })).collect()
}

/// What is to be read on the screen and in the performance page.
pub(super) fn lines(options: &Options, found: &Found) -> Vec<String> {
    let mut lines = vec![
        "```text".to_owned(),
        format!("machine   {}", system::machine()),
        format!("pinning   {}", pinning(found)),
        format!(
            "load      {} messages a closed loop, window {}, {} s an open loop, {} rounds; each message from another phone",
            options.messages, options.window, options.seconds, options.rounds
        ),
        format!(
            "          {} dossiers, asked for before; the receipt {} ms after the submit",
            options.dossiers, options.receipt_ms
        ),
        format!("answer    {:?}, {} letters", found.answer, found.answer.chars().count()),
        format!("settings  window = {}, rate_per_second = 100000; no limit of senders is raised", options.window),
    ];
    lines.extend(disturbance(found).lines(found.load_before, found.load_after));
    if let Some(version) = &found.postgres {
        lines.push(format!("database  PostgreSQL {version}, fsync=on, synchronous_commit=on"));
    }
    lines.push("```".to_owned());
    lines.push(String::new());
    lines.extend(table(options, found));
    lines.extend(found.left_out.iter().map(|line| format!("({line})")));
    lines.push(String::new());
    lines.extend(memory_table(found));
    lines.push(String::new());
    lines.push("```text".to_owned());
    lines.extend(goals_and_proofs(&goals(options, found), &found.proofs));
    lines.push("```".to_owned());
    lines
}

fn pinning(found: &Found) -> &'static str {
    match found.cores {
        system::Cores::Apart => {
            "gateway, bearerbox and smsbox on core 0; SMSC, portal and Kannel's backend on core 1; PostgreSQL on both"
        }
        system::Cores::Shared => found.cores.told(),
    }
}

fn disturbance(found: &Found) -> Disturbance {
    Disturbance::most(found.phases.iter().map(|phase| phase.disturbance))
}

fn table(options: &Options, found: &Found) -> Vec<String> {
    let mut lines = vec![
        "| | loop | round trips/s (rounds) | answer p50 ms | p99 ms | max ms | acknowledged p50 / p99 ms | \
         receipt taken p99 ms | CPU µs each | database µs | SMSC µs | commits/s | calls a commit | lost | doubled |"
            .to_owned(),
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
            .to_owned(),
    ];
    for pace in paces(options) {
        for kind in kinds() {
            let Some(row) = Row::of(found, kind, pace) else { continue };
            let rounds: Vec<String> = row.rounds.iter().map(|rate| format!("{rate:.0}")).collect();
            let of_gateway = |text: String| if kind == Kind::Kannel { "–".to_owned() } else { text };
            let database = match kind {
                Kind::Gateway(Database::Postgres) => format!("{:.0}", row.each(row.database_cpu)),
                Kind::Gateway(Database::Sqlite) | Kind::Kannel => "–".to_owned(),
            };
            lines.push(format!(
                "| {} | {} | {:.0} ({}) | {:.2} | {:.2} | {:.2} | {:.2} / {:.2} | {:.2} | {:.0} | {} | {:.0} | {} | {} | {} | {} |",
                kind.name(),
                loop_of(pace),
                row.per_second(),
                rounds.join(", "),
                ms(&row.round_trip, 0.5),
                ms(&row.round_trip, 0.99),
                row.round_trip.max() as f64 / 1e6,
                ms(&row.taking, 0.5),
                ms(&row.taking, 0.99),
                ms(&row.whole, 0.99),
                row.each(row.server_cpu),
                database,
                row.each(row.generator_cpu),
                of_gateway(format!("{:.0}", row.commits as f64 / row.elapsed.as_secs_f64().max(1e-9))),
                of_gateway(format!("{:.1}", row.calls as f64 / row.commits.max(1) as f64)),
                row.lost,
                row.doubled,
            ));
        }
    }
    lines
}

fn memory_table(found: &Found) -> Vec<String> {
    let mut lines = vec![
        "| | idle MB | most MB | above idle MB | after MB |".to_owned(),
        "| --- | ---: | ---: | ---: | ---: |".to_owned(),
    ];
    for kind in kinds() {
        let Some(memory) = worst(found, kind) else { continue };
        let mb = |bytes: u64| bytes as f64 / 1e6;
        lines.push(format!(
            "| {} | {:.1} | {:.1} | {:.1} | {:.1} |",
            kind.name(),
            mb(memory.idle),
            mb(memory.most),
            mb(memory.most.saturating_sub(memory.idle)),
            mb(memory.after)
        ));
    }
    lines
}

/// Of the round in which it grew the most.
fn worst(found: &Found, kind: Kind) -> Option<Memory> {
    let grown = |memory: &&Memory| memory.most.saturating_sub(memory.idle);
    found.memory.iter().filter(|memory| memory.kind == kind).max_by_key(grown).copied()
}

fn goals(options: &Options, found: &Found) -> Vec<Goal> {
    let mut goals = Vec::new();
    let mut goal = |met, what: &str, found| goals.push(Goal::new(met, what, found));
    let sqlite = Kind::Gateway(Database::Sqlite);
    if let Some(row) = Row::of(found, sqlite, Pace::Deliveries) {
        let rate = row.per_second();
        goal(rate >= 10_000.0, "SQLite: at least 10,000 round trips/s, commits durable", format!("{rate:.0}/s"));
    }
    if options.rate.contains(&1_000)
        && let Some(row) = Row::of(found, sqlite, Pace::Open { per_second: 1_000 })
    {
        let p99 = ms(&row.round_trip, 0.99);
        goal(p99 < 25.0, "SQLite: p99 below 25 ms at 1,000/s", format!("{p99:.2} ms"));
    }
    if let Some(memory) = worst(found, sqlite) {
        let above = memory.most.saturating_sub(memory.idle) as f64 / 1e6;
        goal(above <= 60.0, "SQLite: at most 60 MB above the idle gateway", format!("{above:.1} MB"));
    }
    let gateway = || found.phases.iter().filter(|phase| phase.kind != Kind::Kannel);
    let missing: u64 = gateway().map(lost).sum();
    let twice: u64 = gateway().map(|phase| phase.outcome.tally.doubled).sum();
    goal(missing + twice == 0, "none lost, none twice", format!("{missing} lost, {twice} twice"));
    goals
}

/// The raw figures.
pub(super) fn json(options: &Options, found: &Found) -> Value {
    let quantiles = |histogram: &Histogram<u64>| {
        json!({
            "p50": histogram.value_at_quantile(0.5), "p90": histogram.value_at_quantile(0.9),
            "p99": histogram.value_at_quantile(0.99), "p999": histogram.value_at_quantile(0.999),
            "max": histogram.max(),
        })
    };
    let phases: Vec<Value> = found
        .phases
        .iter()
        .map(|phase| {
            let tally = &phase.outcome.tally;
            json!({
                "round": phase.round, "subject": phase.kind.name(), "loop": loop_of(phase.pace),
                "sent": tally.sent, "acknowledged": tally.taken, "answered": tally.answered,
                "confirmed": tally.confirmed, "doubled": tally.doubled, "strange": tally.strange,
                "lost": lost(phase), "seconds": phase.outcome.elapsed.as_secs_f64(),
                "acknowledged_ns": quantiles(&tally.taking), "round_trip_ns": quantiles(&tally.round_trip),
                "receipt_ns": quantiles(&tally.whole), "lag_ns": quantiles(&tally.lag),
                "server_cpu_s": phase.server_cpu.as_secs_f64(), "database_cpu_s": phase.database_cpu.as_secs_f64(),
                "generator_cpu_s": phase.generator_cpu.as_secs_f64(), "commits": phase.commits,
                "calls": phase.calls, "committing_s": phase.committing, "receipts_held": phase.held,
                "others": phase.disturbance.others, "stolen": phase.disturbance.stolen,
            })
        })
        .collect();
    let memory: Vec<Value> = found
        .memory
        .iter()
        .map(|memory| {
            json!({ "subject": memory.kind.name(), "idle": memory.idle, "most": memory.most, "after": memory.after })
        })
        .collect();
    let proofs: Vec<Value> =
        found.proofs.iter().map(|proof| json!({ "proof": proof.what, "holds": proof.holds })).collect();
    json!({
        "machine": system::machine(), "pinning": pinning(found),
        "load_average": { "before": found.load_before, "after": found.load_after },
        "messages": options.messages, "window": options.window, "dossiers": options.dossiers,
        "receipt_ms": options.receipt_ms, "answer": found.answer, "phases": phases, "memory": memory,
        "goals": Goal::json(&goals(options, found)), "proofs": proofs, "left_out": found.left_out,
    })
}
