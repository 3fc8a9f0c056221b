//! Scratch: trains the intents and measures them on the tuning set.
use assistant_nlu::corpus;
use assistant_nlu::intent::{IntentModel, Metrics, TrainingSettings, train};
use assistant_nlu::normal::Normal;
use gateway_core::text::fold_display;
use std::time::Instant;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let mut settings = TrainingSettings::default();
    let mut threshold = 0.5_f32;
    for set in args.iter().skip(1) {
        let (k, v) = set.split_once('=').unwrap();
        match k {
            "cost" => settings.cost = v.parse().unwrap(),
            "rounds" => settings.rounds = v.parse().unwrap(),
            "groups" => settings.least_groups = v.parse().unwrap(),
            "feat" => settings.most_features = v.parse().unwrap(),
            "th" => threshold = v.parse().unwrap(),
            _ => {}
        }
    }
    let start = Instant::now();
    let examples = corpus::intents(&gateway_catalogue::builtin()).unwrap();
    println!("{} examples {:?}", examples.len(), start.elapsed());
    let start = Instant::now();
    let model = train(&examples, &settings, [0; 32]);
    println!("trained {:?}, {} features, {} bytes", start.elapsed(), model.features(), model.to_bytes().len());
    let verbose = std::env::var("V").is_ok();
    for stripped in [false, true] {
        let mut metrics = Metrics::default();
        let (mut oos, mut oos_hit, mut good, mut refused) = (0, 0, 0, 0);
        let mut times = Vec::new();
        for line in std::fs::read_to_string(&args[0]).unwrap().lines() {
            let v: serde_json::Value = serde_json::from_str(line).unwrap();
            let asks: Vec<&str> = v["asks"].as_array().unwrap().iter().filter_map(|c| c.as_str()).collect();
            let q = v["q"].as_str().unwrap();
            let q = if stripped { fold_display(q).to_string() } else { q.to_owned() };
            let start = Instant::now();
            let normal = Normal::of(&q);
            let p = model.probabilities(normal.text());
            times.push(start.elapsed());
            let mut scored: Vec<(&str, f32)> = model.labels().iter().map(String::as_str).zip(p).collect();
            scored.sort_by(|a, b| b.1.total_cmp(&a.1));
            let mut said: Vec<&str> = scored.iter().filter(|(_, p)| *p >= threshold).map(|(l, _)| *l).collect();
            if said.is_empty() {
                said.push(scored[0].0);
            }
            if said.len() > 1 {
                said.retain(|l| *l != "find");
            }
            if v["behaviour"] == "out_of_scope" {
                oos += 1;
                if said.contains(&"out_of_scope") {
                    oos_hit += 1;
                }
            } else {
                good += 1;
                if said.contains(&"out_of_scope") {
                    refused += 1;
                }
            }
            metrics.add(&asks, &said);
            if verbose && !stripped && said != asks {
                println!("{asks:?} said {:?} | {q}", &scored[..3]);
            }
        }
        times.sort();
        println!(
            "stripped {stripped} micro F1 {:.3}; oos recall {oos_hit}/{oos}, refused {refused}/{good}; p50 {:?} p99 {:?}",
            metrics.micro().f1().unwrap(),
            times[times.len() / 2],
            times[times.len() * 99 / 100]
        );
        for (label, s) in metrics.labels() {
            print!("{label} {:.2} ({}/{}/{})  ", s.f1().unwrap_or(0.0), s.right, s.wrong, s.missed);
        }
        println!();
    }
}
