//! The table, the goals, and the raw figures.

use std::time::Duration;

use hdrhistogram::Histogram;
use serde_json::{Value, json};

use super::Options;
use super::bench::{Found, Phase, Subject};
use crate::generator::{Pace, Uniformity};
use crate::report::{Disturbance, Goal, goals_and_proofs, median};
use crate::system;

/// A row: one subject under one kind of load, all rounds together.
struct Row {
    requests: u64,
    elapsed: Duration,
    /// From start to start of the last request.
    sending: Duration,
    open: bool,
    latency: Histogram<u64>,
    lag: Histogram<u64>,
    server_cpu: Duration,
    generator_cpu: Duration,
    /// CPU a request in each round, in microseconds.
    rounds: Vec<f64>,
}

impl Row {
    fn of(found: &Found, subject: Subject, open: bool) -> Option<Self> {
        let is_open = |phase: &Phase| phase.pace.planned().is_some();
        let mut row: Option<Self> = None;
        for phase in found.phases.iter().filter(|phase| phase.subject == subject && is_open(phase) == open) {
            let outcome = &phase.outcome;
            let cpu = micros(phase.server_cpu) / outcome.requests.max(1) as f64;
            match &mut row {
                None => {
                    row = Some(Self {
                        requests: outcome.requests,
                        elapsed: outcome.elapsed,
                        sending: outcome.sending,
                        open,
                        latency: outcome.latency.clone(),
                        lag: outcome.lag.clone(),
                        server_cpu: phase.server_cpu,
                        generator_cpu: phase.generator_cpu,
                        rounds: vec![cpu],
                    });
                }
                Some(row) => {
                    row.requests += outcome.requests;
                    row.elapsed += outcome.elapsed;
                    row.sending += outcome.sending;
                    // Both have the same bounds: nothing is out of range.
                    let _ = row.latency.add(&outcome.latency);
                    let _ = row.lag.add(&outcome.lag);
                    row.server_cpu += phase.server_cpu;
                    row.generator_cpu += phase.generator_cpu;
                    row.rounds.push(cpu);
                }
            }
        }
        row
    }

    fn cpu(&self) -> f64 {
        micros(self.server_cpu) / self.requests.max(1) as f64
    }

    fn generator(&self) -> f64 {
        micros(self.generator_cpu) / self.requests.max(1) as f64
    }

    /// Requests a second: answered, or in an open loop sent, for the last
    /// answer comes after the last is due.
    fn per_second(&self) -> f64 {
        let span = if self.open { self.sending } else { self.elapsed };
        self.requests as f64 / span.as_secs_f64().max(1e-9)
    }

    fn busy(&self) -> f64 {
        self.server_cpu.as_secs_f64() / self.elapsed.as_secs_f64().max(1e-9)
    }

    /// In milliseconds.
    fn quantile(&self, quantile: f64) -> f64 {
        self.latency.value_at_quantile(quantile) as f64 / 1e6
    }
}

fn micros(span: Duration) -> f64 {
    span.as_secs_f64() * 1e6
}

/// What is to be read on the screen and in the performance page.
pub(super) fn lines(options: &Options, found: &Found) -> Vec<String> {
    let mut lines = vec![
        format!("machine   {}", system::machine()),
        format!("pinning   {}", found.cores.told()),
        format!(
            "load      {} connections, {} rounds of {} s a phase; open loops at {}/s, (c) at {}/s",
            options.connections, options.rounds, options.seconds, options.rate, options.uncached_rate
        ),
        format!(
            "(b)       {} cached dossiers, {} clients; an answer has {} bytes of JSON",
            options.dossiers, options.addresses, found.answer_bytes
        ),
    ];
    lines.extend(disturbance(found).lines(found.load_before, found.load_after));
    lines.push(String::new());
    lines.extend(table(found));
    if !found.nginx {
        lines.push("(d) nginx is not installed, or was left out".to_owned());
    }
    match found.wrk {
        Some((per_second, cpu)) => lines.push(format!(
            "witness: wrk asks (a) {per_second:.0} times a second, at {:.2} µs of its CPU a request",
            micros(cpu)
        )),
        None => lines.push("wrk is not installed: no second generator as a witness".to_owned()),
    }
    lines.push(String::new());
    lines.extend(goals_and_proofs(&goals(options, found), &found.proofs));
    lines
}

fn disturbance(found: &Found) -> Disturbance {
    Disturbance::most(found.phases.iter().map(|phase| phase.disturbance))
}

const ALL: [(Subject, bool); 7] = [
    (Subject::Hello, false),
    (Subject::Cached, false),
    (Subject::Nginx, false),
    (Subject::Hello, true),
    (Subject::Cached, true),
    (Subject::Nginx, true),
    (Subject::Uncached, true),
];

fn table(found: &Found) -> Vec<String> {
    let mut lines = vec![
        "| | loop | requests/s | p50 ms | p99 ms | p99.9 ms | server CPU µs/request (rounds) | (a) ÷ this | server busy | generator CPU µs/request |"
            .to_owned(),
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |".to_owned(),
    ];
    for (subject, open) in ALL {
        let Some(row) = Row::of(found, subject, open) else { continue };
        let hello = Row::of(found, Subject::Hello, open).map(|hello| hello.cpu() / row.cpu().max(1e-9));
        // Latencies at full load say how long the queue is, which is the
        // number of connections: left out.
        let ms = |quantile: f64| if open { format!("{:.2}", row.quantile(quantile)) } else { "–".to_owned() };
        let least = row.rounds.iter().copied().fold(f64::INFINITY, f64::min);
        let most = row.rounds.iter().copied().fold(0.0, f64::max);
        let ratio = match subject {
            Subject::Uncached => "–".to_owned(),
            _ => format!("{:.2}", hello.unwrap_or_default()),
        };
        lines.push(format!(
            "| {} | {} | {:.0} | {} | {} | {} | {:.2} ({least:.2}–{most:.2}) | {ratio} | {:.0} % | {:.2} |",
            subject.name(),
            if open { "open" } else { "closed" },
            row.per_second(),
            ms(0.5),
            ms(0.99),
            ms(0.999),
            row.cpu(),
            row.busy() * 100.0,
            row.generator(),
        ));
    }
    if let Some(row) = Row::of(found, Subject::Cached, true) {
        lines.push(String::new());
        lines.push(format!(
            "(b) open: the generator itself sent 99 % of the requests at most {:.2} ms late; that is part of the latency",
            row.lag.value_at_quantile(0.99) as f64 / 1e6
        ));
    }
    lines
}

fn goals(options: &Options, found: &Found) -> Vec<Goal> {
    let mut goals = Vec::new();
    let mut goal = |met: bool, what: &str, found: String| goals.push(Goal::new(met, what, found));
    let closed = |subject| Row::of(found, subject, false);
    if let (Some(hello), Some(cached)) = (closed(Subject::Hello), closed(Subject::Cached)) {
        let ratio = hello.cpu() / cached.cpu();
        goal(ratio >= 0.50, "(b) at least 0.50 of (a) by CPU a request", format!("{ratio:.2}"));
        if let Some(nginx) = closed(Subject::Nginx) {
            let what = "(b) at least as good as (d) by CPU a request";
            goal(cached.cpu() <= nginx.cpu(), what, format!("{:.2} µs against {:.2} µs", cached.cpu(), nginx.cpu()));
        }
    }
    if let Some(row) = Row::of(found, Subject::Cached, true) {
        let (held, p99) = (row.per_second(), row.quantile(0.99));
        let kept = held >= f64::from(options.rate) * 0.99;
        let what = format!("(b) open loop at {}/s on a core: p99 at most 2 ms", options.rate);
        goal(kept && p99 <= 2.0, &what, format!("{p99:.2} ms at {held:.0}/s"));
    }
    if let Some(row) = Row::of(found, Subject::Uncached, true) {
        let (held, p99) = (row.per_second(), row.quantile(0.99));
        let kept = held >= f64::from(options.uncached_rate) * 0.99;
        let what =
            format!("(c) open loop at {}/s, portal {} ms: p99 below 35 ms", options.uncached_rate, options.latency_ms);
        goal(kept && p99 < 35.0, &what, format!("{p99:.2} ms at {held:.0}/s"));
    }
    let start = median(&found.cold_starts);
    goal(
        start < Duration::from_millis(100),
        "cold start to the first answer, migrations included: below 100 ms",
        format!("{:.0} ms (median of {})", start.as_secs_f64() * 1e3, found.cold_starts.len()),
    );
    let (now, most) = found.resident;
    goal(
        now < 150_000_000,
        "resident after (b): below 150 MB",
        format!("{:.0} MB ({:.0} MB at most)", now as f64 / 1e6, most as f64 / 1e6),
    );
    goals
}

/// The raw figures.
pub(super) fn json(options: &Options, found: &Found) -> Value {
    let phases: Vec<Value> = found
        .phases
        .iter()
        .map(|phase| {
            let outcome = &phase.outcome;
            let quantiles = |histogram: &Histogram<u64>| {
                json!({
                    "p50": histogram.value_at_quantile(0.5), "p90": histogram.value_at_quantile(0.9),
                    "p99": histogram.value_at_quantile(0.99), "p999": histogram.value_at_quantile(0.999),
                    "max": histogram.max(),
                })
            };
            let (pace, rate) = match phase.pace {
                Pace::Closed { .. } => ("closed", None),
                Pace::Open { per_second, .. } => ("open", Some(per_second)),
                Pace::Through => ("through", None),
            };
            json!({
                "round": phase.round, "subject": phase.subject.name(), "loop": pace, "rate": rate,
                "requests": outcome.requests, "seconds": outcome.elapsed.as_secs_f64(),
                "latency_ns": quantiles(&outcome.latency), "lag_ns": quantiles(&outcome.lag),
                "statuses": outcome.statuses, "body_bytes": outcome.body_bytes,
                "server_cpu_s": phase.server_cpu.as_secs_f64(), "generator_cpu_s": phase.generator_cpu.as_secs_f64(),
                "others": phase.disturbance.others, "stolen": phase.disturbance.stolen,
            })
        })
        .collect();
    let spread = |spread: &Uniformity| {
        let (least, most) = spread.least_and_most();
        json!({ "keys": spread.keys, "never": spread.never, "bucket_least": least, "bucket_most": most, "chi_square": spread.chi_square() })
    };
    let proofs: Vec<Value> =
        found.proofs.iter().map(|proof| json!({ "proof": proof.what, "holds": proof.holds })).collect();
    json!({
        "machine": system::machine(), "pinning": found.cores.told(),
        "load_average": { "before": found.load_before, "after": found.load_after },
        "connections": options.connections, "dossiers": options.dossiers, "addresses": options.addresses,
        "seed": options.seed, "numbers": spread(&found.numbers), "clients": spread(&found.clients), "phases": phases, "goals": Goal::json(&goals(options, found)), "proofs": proofs,
        "cold_starts_ms": found.cold_starts.iter().map(|start| start.as_secs_f64() * 1e3).collect::<Vec<_>>(),
        "resident_bytes": found.resident.0, "resident_most_bytes": found.resident.1,
        "answer_bytes": found.answer_bytes, "limiter_keys": found.limiter_keys, "address_keys": found.address_keys,
        "wrk": found.wrk.map(|(per_second, cpu)| json!({ "per_second": per_second, "server_cpu_us": micros(cpu) })),
    })
}
