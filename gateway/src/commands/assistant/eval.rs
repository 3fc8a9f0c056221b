//! `dakenh assistant eval`: how good it is on a file of cases.

use std::fs;

use anyhow::Context as _;
use channel_assistant::evaluation::cases::{self, Case};
use channel_assistant::evaluation::disturb::Writing;
use channel_assistant::evaluation::{Bm25, Scores, Subject, mistakes, run as put, table};
use gateway_catalogue::PlainInterpreter;
use gateway_core::domain::local_date;
use gateway_core::ports::{Catalogue as _, Clock as _, Interpreter};
use serde_json::json;

use super::super::out;
use crate::cli::{AssistantEval, Global};
use crate::clock::SystemClock;
use crate::exit::{Exit, WrongUse};

pub(super) fn run(global: &Global, arguments: &AssistantEval) -> anyhow::Result<Exit> {
    let mut all: Vec<Case> = Vec::new();
    for file in &arguments.files {
        let text = fs::read_to_string(file).with_context(|| file.display().to_string())?;
        all.extend(cases::read(&text).map_err(|problem| WrongUse(format!("{}: {problem}", file.display())))?);
    }
    let mind = super::mind(global, arguments.procedures.as_deref())?;
    let today = local_date(SystemClock.now());
    let numbers = mind.config.number_parser().map_err(WrongUse)?;
    let procedures = mind.catalogue.procedures();
    let measure = |name: &str, interpreter: &dyn Interpreter, writing| {
        put(&Subject { name, interpreter, catalogue: mind.catalogue.as_ref(), today }, &all, writing)
    };
    let mut scores: Vec<Scores> =
        Writing::ALL.into_iter().map(|writing| measure("assistant", &mind.dialogue, writing)).collect();
    if !arguments.alone {
        let plain = PlainInterpreter::new(numbers, std::sync::Arc::clone(&mind.catalogue));
        let (names, phrases) = (Bm25::over(&procedures, false), Bm25::over(&procedures, true));
        for writing in [Writing::AsIs, Writing::Stripped] {
            scores.push(measure("plain interpreter", &plain, writing));
            scores.push(measure("BM25, official texts", &names, writing));
            scores.push(measure("BM25, with people's words", &phrases, writing));
        }
    }
    let dialogues = all.iter().filter(|case| case.is_dialogue()).count();
    let head = format!(
        "{} questions, {dialogues} dialogues; {} procedures; {} turns about procedures that are not among them left out",
        all.len() - dialogues,
        mind.catalogue.len(),
        scores.first().map_or(0, |scores| scores.not_in_catalogue),
    );
    if arguments.json {
        out(&json!({ "cases": head, "scores": scores.iter().map(as_json).collect::<Vec<_>>() }).to_string());
    } else {
        out(&head);
        out("");
        out(table(&scores).trim_end());
        out("");
        if let Some(own) = scores.first() {
            out(&labels(own));
        }
    }
    if let Some(folder) = &arguments.report {
        fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
        let mut report = format!("# Report\n\n{head}\n\n{}\n", table(&scores));
        for own in scores.iter().filter(|scores| scores.name == "assistant") {
            report.push_str(&mistakes(own));
            report.push('\n');
        }
        let file = folder.join("report.md");
        fs::write(&file, report).with_context(|| file.display().to_string())?;
        out(&format!("report: {}", file.display()));
    }
    Ok(Exit::Good)
}

/// Intent by intent, in lines that fit a terminal.
fn labels(scores: &Scores) -> String {
    let each = scores.intents.labels().iter().map(|(label, score)| {
        let f1 = score.f1().map_or_else(|| "–".to_owned(), |f1| format!("{:.0}", 100.0 * f1));
        format!("{label} {f1} ({}/{}/{})", score.right, score.wrong, score.missed)
    });
    format!("intents, F1 (right/said wrongly/missed): {}", each.collect::<Vec<_>>().join(", "))
}

fn as_json(scores: &Scores) -> serde_json::Value {
    let ms = |share: f64| scores.percentile(share).as_secs_f64() * 1_000.0;
    let labels: serde_json::Map<String, serde_json::Value> =
        scores.intents.labels().iter().map(|(label, score)| (label.clone(), json!(score.f1()))).collect();
    json!({
        "subject": scores.name,
        "writing": scores.writing.label(),
        "hit_1": scores.hit_1.percent(),
        "hit_3": scores.hit_3.percent(),
        "at_once": scores.at_once.percent(),
        "intent_f1_micro": scores.intents.micro().f1(),
        "intent_f1": labels,
        "clarify": { "precision": scores.clarify.precision(), "recall": scores.clarify.recall() },
        "out_of_scope": { "precision": scores.out_of_scope.precision(), "recall": scores.out_of_scope.recall() },
        "good_refused": scores.good_refused.percent(),
        "follow_ups": scores.follow_ups.percent(),
        "follow_ups_without_asks": scores.follow_up_codes.percent(),
        "not_in_catalogue": scores.not_in_catalogue,
        "p50_ms": ms(0.5),
        "p99_ms": ms(0.99),
    })
}
