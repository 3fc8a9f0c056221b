//! Reports: a table to read, and the mistakes to learn from.

use std::fmt::Write as _;

use super::score::Scores;

fn percent(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| format!("{value:.1}"))
}

fn hundred(value: Option<f64>) -> String {
    percent(value.map(|value| value * 100.0))
}

/// The scores of several subjects, one line each, as a Markdown table.
pub fn table(all: &[Scores]) -> String {
    let mut out = String::from(
        "| subject | writing | hit@1 | hit@3 | at once | intent F1 | clarify P/R | out of scope P/R | good refused | follow-ups | p50 ms | p99 ms |\n\
         | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n",
    );
    for scores in all {
        let ms = |share: f64| scores.percentile(share).as_secs_f64() * 1_000.0;
        let line = writeln!(
            out,
            "| {} | {} | {} | {} | {} | {} | {}/{} | {}/{} | {} | {} | {:.2} | {:.2} |",
            scores.name,
            scores.writing.label(),
            percent(scores.hit_1.percent()),
            percent(scores.hit_3.percent()),
            percent(scores.at_once.percent()),
            hundred(scores.intents.micro().f1()),
            hundred(scores.clarify.precision()),
            hundred(scores.clarify.recall()),
            hundred(scores.out_of_scope.precision()),
            hundred(scores.out_of_scope.recall()),
            percent(scores.good_refused.percent()),
            percent(scores.follow_ups.percent()),
            ms(0.5),
            ms(0.99),
        );
        debug_assert!(line.is_ok(), "writing to a string cannot fail");
    }
    out
}

/// Intents label by label, and every mistake, as Markdown.
pub fn mistakes(scores: &Scores) -> String {
    let mut out = format!("## {}, {}\n\n", scores.name, scores.writing.label());
    let mut line = |text: String| {
        out.push_str(&text);
        out.push('\n');
    };
    line("| intent | F1 | right | said wrongly | missed |".to_owned());
    line("| --- | --- | --- | --- | --- |".to_owned());
    for (label, score) in scores.intents.labels() {
        line(format!("| {label} | {} | {} | {} | {} |", hundred(score.f1()), score.right, score.wrong, score.missed));
    }
    line(format!("\n{} mistakes:\n", scores.mistakes.len()));
    for mistake in &scores.mistakes {
        let turn = mistake.turn.map_or_else(String::new, |turn| format!(" (turn {})", turn + 1));
        let said = &mistake.heard.said;
        let asks = |asks: &std::collections::BTreeSet<assistant_nlu::intent::Intent>| {
            asks.iter().map(|intent| intent.label()).collect::<Vec<_>>().join("+")
        };
        line(format!(
            "- {}{turn}: wanted {} {} {}; said {} {} {}{}",
            mistake.heard.text.replace('\n', " "),
            mistake.expected.behaviour.label(),
            mistake.expected.codes.join(" "),
            asks(&mistake.expected.asks),
            said.behaviour.label(),
            said.codes.iter().take(3).cloned().collect::<Vec<_>>().join(" "),
            asks(&said.asks),
            if said.understood { "" } else { " (nothing understood)" },
        ));
    }
    out
}
