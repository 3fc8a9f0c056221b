use assistant_nlu::{Models, Understander};
use channel_assistant::Dialogue;
use channel_assistant::evaluation::{Subject, cases, disturb::Writing, mistakes, run, table};
use gateway_catalogue::ProcedureCatalogue;
use gateway_core::domain::DossierNumberParser;
use std::collections::HashMap;
use std::sync::Arc;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let procedures = gateway_catalogue::read_jsonl_lenient(std::path::Path::new(&args[0])).unwrap().procedures;
    let catalogue = Arc::new(ProcedureCatalogue::new(procedures, &HashMap::new()));
    let mut all = Vec::new();
    for file in &args[1..] {
        all.extend(cases::read(&std::fs::read_to_string(file).unwrap()).unwrap());
    }
    let models = if std::env::var("TRAIN").is_ok() {
        let m = Models::trained(&gateway_catalogue::builtin()).unwrap();
        let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("nlu/model");
        std::fs::write(dir.join("intents.bin"), m.intents.to_bytes()).unwrap();
        std::fs::write(dir.join("topics.bin"), m.topics.to_bytes()).unwrap();
        m
    } else {
        Models::compiled_in().unwrap()
    };
    println!("fresh {}", models.are_fresh(&gateway_catalogue::builtin()).unwrap());
    if std::env::var("DUMP").is_ok() {
        use std::fmt::Write as _;
        let u = Understander::new(DossierNumberParser::default(), Arc::clone(&catalogue), models.clone());
        let mut out = String::new();
        for case in all.iter().filter(|c| !c.is_dialogue()) {
            let Some(e) = &case.expected[0] else { continue };
            for stripped in [false, true] {
                let q = if stripped { Writing::Stripped.of(&case.turns[0]) } else { case.turns[0].clone() };
                let s = u.understand(&q, jiff::civil::date(2026, 11, 27));
                let b = s.ranked.first();
                let second = s.ranked.get(1).map_or(0.0, |b| b.score);
                writeln!(
                    out,
                    "{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{q}",
                    e.behaviour.label(),
                    e.asks.iter().map(|i| i.label()).collect::<Vec<_>>().join("+"),
                    s.probability(assistant_nlu::intent::Intent::OutOfScope),
                    b.map_or(0.0, |b| b.score),
                    b.map_or(0.0, |b| b.near),
                    b.map_or(0.0, |b| b.held),
                    b.map_or(0.0, |b| b.covered),
                    b.map_or(0.0, |b| b.fit),
                    second,
                    s.matter,
                    s.intents.iter().take(4).map(|(i, p)| format!("{i}:{p:.2}")).collect::<Vec<_>>().join(","),
                    e.codes.is_empty()
                )
                .unwrap();
            }
        }
        std::fs::write("/tmp/dump.tsv", out).unwrap();
    }
    let dialogue = Dialogue::new(
        Arc::new(Understander::new(DossierNumberParser::default(), Arc::clone(&catalogue), models)),
        DossierNumberParser::default(),
    );
    let scores: Vec<_> = Writing::ALL
        .into_iter()
        .map(|w| {
            run(
                &Subject {
                    name: "assistant",
                    interpreter: &dialogue,
                    catalogue: catalogue.as_ref(),
                    today: jiff::civil::date(2026, 11, 27),
                },
                &all,
                w,
            )
        })
        .collect();
    println!("{}", table(&scores));
    println!("follow-up codes {:?}; turned away {}", scores[0].follow_up_codes.percent(), scores[0].good_turned_away);
    std::fs::write("/tmp/rep.md", mistakes(&scores[0])).unwrap();
}
