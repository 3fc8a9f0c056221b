//! The table, the goals, and the raw figures.

use serde_json::{Value, json};

use super::bench::{Found, Phase, name};
use super::{EACH, Options};
use crate::report::{Disturbance, Goal, goals_and_proofs, ms};
use crate::system;

/// As many wait in the gateway's memory at most.
const MOST_WAITING: u64 = 5_000;

/// What is to be read on the screen and in the performance page.
pub(super) fn lines(options: &Options, found: &Found) -> Vec<String> {
    let mut lines = vec![
        "```text".to_owned(),
        format!("machine   {}", system::machine()),
        format!("pinning   {}", found.cores.told()),
        format!(
            "load      {} webhooks/s for {} s, {} % of them twice, each up to {} ms late, over {} connections",
            options.rate, options.seconds, options.duplicates, options.shuffle_ms, options.connections
        ),
        format!("          {EACH} messages of each citizen in one go; {EACH} dossiers, asked for before"),
        format!("answer    {:?}, {} letters", found.answer, found.answer.chars().count()),
        "settings  the defaults; an answer waits chat.order_ms = 250 for what was sent before it".to_owned(),
    ];
    let disturbance = Disturbance::most(found.phases.iter().map(|phase| phase.disturbance));
    lines.extend(disturbance.lines(found.load_before, found.load_after));
    lines.push("```".to_owned());
    lines.push(String::new());
    lines.extend(table(found));
    lines.extend(found.left_out.iter().map(|line| format!("({line})")));
    lines.push(String::new());
    lines.extend(second_table(found));
    lines.push(String::new());
    lines.push("```text".to_owned());
    lines.extend(goals_and_proofs(&goals(found), &found.proofs));
    lines.push("```".to_owned());
    lines
}

fn table(found: &Found) -> Vec<String> {
    let mut lines = vec![
        "| | webhooks | 200 after p50 / p99 / max ms | not 200 at first | answer at Zalo p50 / p99 / max ms | \
         lost | doubled | out of order (of pairs) | uncertain |"
            .to_owned(),
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |".to_owned(),
    ];
    lines.extend(found.phases.iter().map(|phase| {
        let (outcome, tally) = (&phase.outcome, &phase.tally);
        let three =
            |histogram| format!("{:.1} / {:.1} / {:.1}", ms(histogram, 0.5), ms(histogram, 0.99), ms(histogram, 1.0));
        format!(
            "| {} | {} | {} | {} | {} | {} | {} | {} ({}) | {} |",
            name(phase.database),
            outcome.sent,
            three(&outcome.acknowledging),
            not_good(phase),
            three(&tally.whole),
            lost(phase),
            tally.doubled,
            tally.disordered,
            tally.pairs,
            phase.uncertain,
        )
    }));
    lines
}

fn second_table(found: &Found) -> Vec<String> {
    let mut lines = vec![
        "| | waiting at most: without an answer | in memory | calls of the database | CPU µs a message | database µs | \
         Zalo µs | commits/s | idle MB | most MB | after MB |"
            .to_owned(),
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |".to_owned(),
    ];
    lines.extend(found.phases.iter().map(|phase| {
        let each = |cpu: std::time::Duration| cpu.as_secs_f64() * 1e6 / phase.tally.messages.max(1) as f64;
        let mb = |bytes: u64| bytes as f64 / 1e6;
        format!(
            "| {} | {} | {} | {} | {:.0} | {:.0} | {:.0} | {:.0} | {:.1} | {:.1} | {:.1} |",
            name(phase.database),
            phase.tally.most_open,
            phase.most_waiting,
            phase.most_calls,
            each(phase.server_cpu),
            each(phase.database_cpu),
            each(phase.generator_cpu),
            phase.commits as f64 / phase.tally.last.as_secs_f64().max(1e-9),
            mb(phase.idle),
            mb(phase.most),
            mb(phase.after),
        )
    }));
    lines
}

fn lost(phase: &Phase) -> u64 {
    phase.tally.messages.saturating_sub(phase.tally.answered + phase.uncertain)
}

fn not_good(phase: &Phase) -> u64 {
    phase.outcome.statuses.iter().filter(|(status, _)| **status != 200).map(|(_, count)| *count).sum()
}

fn goals(found: &Found) -> Vec<Goal> {
    let mut goals = Vec::new();
    for phase in &found.phases {
        let (name, tally) = (name(phase.database), &phase.tally);
        let mut goal = |met, what: &str, found| goals.push(Goal::new(met, &format!("{name}: {what}"), found));
        let p99 = ms(&phase.outcome.acknowledging, 0.99);
        goal(p99 < 1_000.0, "200 within 1 s, p99", format!("{p99:.1} ms"));
        let counts = format!("{} lost, {} twice", lost(phase), tally.doubled);
        goal(lost(phase) + tally.doubled == 0, "each answered once", counts);
        goal(tally.disordered == 0, "in the citizen's order", format!("{} of {}", tally.disordered, tally.pairs));
        goal(phase.uncertain == 0, "none uncertain without faults", phase.uncertain.to_string());
        goal(phase.most_waiting < MOST_WAITING, "bounded", format!("{} waited at most", phase.most_waiting));
        // Answers keep up with the questions.
        let whole = ms(&tally.whole, 0.99);
        goal(whole < 3_000.0, "answered within 3 s, p99", format!("{whole:.1} ms"));
    }
    goals
}

/// The raw figures.
pub(super) fn json(options: &Options, found: &Found) -> Value {
    let quantiles = |histogram: &hdrhistogram::Histogram<u64>| {
        json!({
            "p50": histogram.value_at_quantile(0.5), "p90": histogram.value_at_quantile(0.9),
            "p99": histogram.value_at_quantile(0.99), "p999": histogram.value_at_quantile(0.999),
            "max": histogram.max(),
        })
    };
    let phase = |phase: &Phase| {
        let (outcome, tally) = (&phase.outcome, &phase.tally);
        json!({
            "subject": name(phase.database), "webhooks": outcome.sent, "duplicates": outcome.duplicates,
            "messages": tally.messages, "answered": tally.answered, "lost": lost(phase), "doubled": tally.doubled,
            "strange": tally.strange, "pairs": tally.pairs, "disordered": tally.disordered,
            "uncertain": phase.uncertain, "most_open": tally.most_open, "most_waiting": phase.most_waiting,
            "most_calls": phase.most_calls, "statuses": outcome.statuses,
            "sending_s": outcome.sending.as_secs_f64(), "last_answer_s": tally.last.as_secs_f64(),
            "acknowledged_ns": quantiles(&outcome.acknowledging), "lag_ns": quantiles(&outcome.lag),
            "answered_ns": quantiles(&tally.whole), "server_cpu_s": phase.server_cpu.as_secs_f64(),
            "database_cpu_s": phase.database_cpu.as_secs_f64(), "generator_cpu_s": phase.generator_cpu.as_secs_f64(),
            "commits": phase.commits, "committing_s": phase.committing, "idle": phase.idle, "most": phase.most,
            "after": phase.after, "others": phase.disturbance.others, "stolen": phase.disturbance.stolen,
        })
    };
    let proofs: Vec<Value> =
        found.proofs.iter().map(|proof| json!({ "proof": proof.what, "holds": proof.holds })).collect();
    json!({
        "machine": system::machine(), "pinning": found.cores.told(),
        "load_average": { "before": found.load_before, "after": found.load_after },
        "rate": options.rate, "seconds": options.seconds, "duplicates_percent": options.duplicates,
        "shuffle_ms": options.shuffle_ms, "answer": found.answer,
        "phases": found.phases.iter().map(phase).collect::<Vec<Value>>(),
        "goals": Goal::json(&goals(found)), "proofs": proofs, "left_out": found.left_out,
    })
}
