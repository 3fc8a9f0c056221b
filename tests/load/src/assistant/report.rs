//! The tables, the goals, and the raw figures.

use std::time::Duration;

use hdrhistogram::Histogram;
use serde_json::{Value, json};

use super::bench::{Found, Phase};
use super::memory::{Resident, Stage};
use super::scripts::Kind;
use super::{Options, Part};
use crate::generator::Pace;
use crate::report::{Disturbance, Goal, goals_and_proofs, median, ms};
use crate::system::{self, Cores};

/// What is to be read on the screen and in the performance page.
pub(super) fn lines(options: &Options, found: &Found) -> anyhow::Result<Vec<String>> {
    let mut lines = vec![
        "```text".to_owned(),
        format!("machine   {}", system::machine()),
        format!("pinning   {}", pinning(found.cores)),
        format!(
            "asked     {} procedures; {} questions in {} forms, each {} times after once",
            found.procedures,
            found.understood.first().map_or(0, |one| one.questions),
            found.understood.len(),
            options.passes
        ),
        format!(
            "chats     {} at one time, dialogues of 4 to 6 turns, each another citizen's; {} cached dossiers",
            options.chats, options.dossiers
        ),
        "settings  synchronous=FULL, no limit of senders is raised".to_owned(),
    ];
    lines.extend(disturbance(found).lines(found.load_before, found.load_after));
    lines.push("```".to_owned());
    lines.push(String::new());
    for (part, table) in [
        (Part::Understanding, understanding(found)),
        (Part::Memory, memory(found)),
        (Part::Starts, starts(found)),
        (Part::Chats, chats(options, found)?),
    ] {
        if options.wants(part) {
            lines.extend(table);
            lines.push(String::new());
        }
    }
    lines.push("```text".to_owned());
    lines.extend(goals_and_proofs(&goals(options, found)?, &found.proofs));
    lines.push("```".to_owned());
    Ok(lines)
}

fn pinning(cores: Cores) -> &'static str {
    match cores {
        Cores::Apart => {
            "gateway on core 0; generator, simulated portal and the library's own measurement on core 1 (taskset)"
        }
        Cores::Shared => cores.told(),
    }
}

fn disturbance(found: &Found) -> Disturbance {
    let understood = found.understood.iter().map(|one| one.disturbance);
    Disturbance::most(understood.chain(found.phases.iter().map(|phase| phase.disturbance)))
}

fn understanding(found: &Found) -> Vec<String> {
    let mut lines = vec![
        "| understanding a question, one core | characters (median) | p50 ms | p99 ms | max ms | best of each: p99 ms | max ms |"
            .to_owned(),
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |".to_owned(),
    ];
    lines.extend(found.understood.iter().map(|one| {
        format!(
            "| {} | {} | {:.2} | {:.2} | {:.2} | {:.2} | {:.2} |",
            one.form.name(),
            one.characters,
            ms(&one.all, 0.5),
            ms(&one.all, 0.99),
            most(&one.all),
            ms(&one.best, 0.99),
            most(&one.best)
        )
    }));
    lines
}

fn memory(found: &Found) -> Vec<String> {
    let mut lines = vec![
        "| memory, each a process of its own | resident MB | above the one before MB | at most MB |".to_owned(),
        "| --- | ---: | ---: | ---: |".to_owned(),
    ];
    let mut before = None;
    for resident in &found.memory {
        let above = before.map_or_else(|| "–".to_owned(), |before| format!("{:.1}", mb(resident.now) - mb(before)));
        let (name, now) = (resident.stage.name(), mb(resident.now));
        lines.push(format!("| {name} | {now:.1} | {above} | {:.1} |", mb(resident.most)));
        before = Some(resident.now);
    }
    let (now, most) = found.resident;
    if most > 0 {
        lines.push(format!("| the whole gateway, after the open loop | {:.1} | – | {:.1} |", mb(now), mb(most)));
    }
    lines
}

fn starts(found: &Found) -> Vec<String> {
    let ms = |at: Option<&Duration>| at.map_or(0.0, |at| at.as_secs_f64() * 1e3);
    let row = |starts: &[Duration], how: &str| {
        format!(
            "| {} procedures, {how} | {} | {:.0} | {:.0} | {:.0} |",
            found.procedures,
            starts.len(),
            ms(starts.first()),
            ms(Some(&median(starts))),
            ms(starts.last())
        )
    };
    let rows = [(&found.prepared_starts, "prepared"), (&found.cold_starts, "tables made anew")];
    let head = [
        "| cold start to `/readyz` | starts | best ms | median ms | worst ms |",
        "| --- | ---: | ---: | ---: | ---: |",
    ];
    let rows = rows.into_iter().filter(|(starts, _)| !starts.is_empty()).map(|(starts, how)| row(starts, how));
    head.map(str::to_owned).into_iter().chain(rows).collect()
}

fn chats(options: &Options, found: &Found) -> anyhow::Result<Vec<String>> {
    let mut lines = vec![
        "| chats | loop | answers/s | p50 ms | p99 ms | p99.9 ms | max ms | server CPU ms/answer | server busy | generator CPU ms/answer |"
            .to_owned(),
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |".to_owned(),
    ];
    for phase in &found.phases {
        let all = phase.outcome.all()?;
        let each = |cpu: Duration| cpu.as_secs_f64() * 1e3 / phase.outcome.answers.max(1) as f64;
        let open = phase.pace.planned().is_some();
        lines.push(format!(
            "| every answer | {} | {:.0} | {} | {:.3} | {:.0} % | {:.3} |",
            loop_of(phase),
            phase.per_second(options.seconds as f64),
            figures(&all, open),
            each(phase.server_cpu),
            phase.server_cpu.as_secs_f64() / phase.outcome.elapsed.as_secs_f64().max(1e-9) * 100.0,
            each(phase.generator_cpu),
        ));
        for kind in Kind::ALL.into_iter().filter(|_| open) {
            let Some(latency) = phase.outcome.latency.get(&kind) else { continue };
            let rate = latency.len() as f64 / options.seconds as f64;
            lines.push(format!("| … {} | | {rate:.0} | {} | | | |", kind.name(), figures(latency, true)));
        }
    }
    if let Some(open) = open(found) {
        lines.push(String::new());
        lines.push(format!(
            "open: 99 % of the turns were sent at most {:.2} ms after they were due (the chat's last answer, or the generator); that is part of the latency",
            ms(&open.outcome.lag, 0.99)
        ));
    }
    Ok(lines)
}

/// p50, p99, p99.9 and the most. In a closed loop they only tell how many chats
/// there are.
fn figures(latency: &Histogram<u64>, open: bool) -> String {
    if !open {
        return "– | – | – | –".to_owned();
    }
    let [p50, p99, p999] = [0.5, 0.99, 0.999].map(|quantile| ms(latency, quantile));
    format!("{p50:.2} | {p99:.2} | {p999:.2} | {:.2}", most(latency))
}

fn loop_of(phase: &Phase) -> String {
    match phase.pace {
        Pace::Closed { .. } => "closed".to_owned(),
        Pace::Open { per_second, .. } => format!("open, {per_second}/s"),
        Pace::Through => "through".to_owned(),
    }
}

fn open(found: &Found) -> Option<&Phase> {
    found.phases.iter().find(|phase| phase.pace.planned().is_some())
}

fn goals(options: &Options, found: &Found) -> anyhow::Result<Vec<Goal>> {
    let mut goals = Vec::new();
    for one in &found.understood {
        let p99 = ms(&one.all, 0.99);
        let what = format!("understanding, {}: p99 below 5 ms", one.form.name());
        goals.push(Goal::new(p99 < 5.0, &what, format!("{p99:.2} ms")));
    }
    let stage = |stage: Stage| found.memory.iter().find(|resident| resident.stage == stage).copied();
    if let (Some(before), Some(after)) = (stage(Stage::Procedures), stage(Stage::Dialogue)) {
        let above = above(before, after);
        let what = "index and Dialogue: at most 100 MB above the procedures alone";
        goals.push(Goal::new(above <= 100.0, what, format!("{above:.1} MB")));
    }
    // As an operator has it: `catalogue sync` prepares what it imports.
    let starts = if found.prepared_starts.is_empty() { &found.cold_starts } else { &found.prepared_starts };
    if !starts.is_empty() {
        let start = median(starts).as_secs_f64() * 1e3;
        let what = "cold start of the whole gateway to /readyz: below 500 ms";
        goals.push(Goal::new(start < 500.0, what, format!("{start:.0} ms (median of {})", starts.len())));
    }
    if let Some(open) = open(found) {
        let p99 = ms(&open.outcome.all()?, 0.99);
        let what = format!("{} chats over HTTP: p99 of an answer below 50 ms", options.chats);
        let rate = open.per_second(options.seconds as f64);
        goals.push(Goal::new(p99 < 50.0, &what, format!("{p99:.2} ms at {rate:.0}/s")));
    }
    Ok(goals)
}

fn above(before: Resident, after: Resident) -> f64 {
    mb(after.now) - mb(before.now)
}

fn mb(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

fn all_ms(starts: &[Duration]) -> Vec<f64> {
    starts.iter().map(|start| start.as_secs_f64() * 1e3).collect()
}

fn most(histogram: &Histogram<u64>) -> f64 {
    histogram.max() as f64 / 1e6
}

/// The raw figures.
pub(super) fn json(options: &Options, found: &Found) -> anyhow::Result<Value> {
    let quantiles = |histogram: &Histogram<u64>| {
        json!({
            "count": histogram.len(), "p50": histogram.value_at_quantile(0.5), "p90": histogram.value_at_quantile(0.9),
            "p99": histogram.value_at_quantile(0.99), "p999": histogram.value_at_quantile(0.999),
            "max": histogram.max(),
        })
    };
    let noise = |disturbance: Disturbance| json!({ "others": disturbance.others, "stolen": disturbance.stolen });
    let understood: Value = found
        .understood
        .iter()
        .map(|one| {
            json!({
                "form": one.form.name(), "questions": one.questions, "characters": one.characters,
                "all_ns": quantiles(&one.all), "best_ns": quantiles(&one.best), "noise": noise(one.disturbance),
            })
        })
        .collect();
    let phases: Value = found
        .phases
        .iter()
        .map(|phase| {
            let outcome = &phase.outcome;
            let kinds: serde_json::Map<String, Value> =
                outcome.latency.iter().map(|(kind, latency)| (kind.name().to_owned(), quantiles(latency))).collect();
            Ok(json!({
                "loop": loop_of(phase), "answers": outcome.answers, "dialogues": outcome.dialogues,
                "seconds": outcome.elapsed.as_secs_f64(), "latency_ns": quantiles(&outcome.all()?),
                "by_kind_ns": kinds, "lag_ns": quantiles(&outcome.lag), "statuses": outcome.statuses,
                "mistaken": outcome.mistaken, "server_cpu_s": phase.server_cpu.as_secs_f64(),
                "generator_cpu_s": phase.generator_cpu.as_secs_f64(), "noise": noise(phase.disturbance),
            }))
        })
        .collect::<anyhow::Result<_>>()?;
    let memory: Value = found
        .memory
        .iter()
        .map(|one| json!({ "stage": one.stage.name(), "resident": one.now, "most": one.most }))
        .collect();
    let proofs: Value = found.proofs.iter().map(|proof| json!({ "proof": proof.what, "holds": proof.holds })).collect();
    Ok(json!({
        "machine": system::machine(), "pinning": pinning(found.cores),
        "load_average": { "before": found.load_before, "after": found.load_after },
        "procedures": found.procedures, "chats": options.chats, "dossiers": options.dossiers,
        "understanding": understood, "memory": memory, "phases": phases,
        "cold_starts_ms": all_ms(&found.cold_starts), "prepared_starts_ms": all_ms(&found.prepared_starts),
        "resident_bytes": found.resident.0, "resident_most_bytes": found.resident.1,
        "goals": Goal::json(&goals(options, found)?), "proofs": proofs,
    }))
}
