//! Scratch: how well the ranking finds procedures on the tuning set.
use std::collections::HashMap;
use std::time::Instant;
use gateway_catalogue::{ProcedureCatalogue, RankWeights};
use gateway_core::text::fold_display;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let procedures = gateway_catalogue::read_jsonl_lenient(std::path::Path::new(&args[0])).unwrap().procedures;
    let start = Instant::now();
    let catalogue = ProcedureCatalogue::new(procedures, &HashMap::new());
    println!("indexed {:?}", start.elapsed());
    let mut weights = RankWeights::default();
    for set in args.iter().skip(2) {
        let (k, v) = set.split_once('=').unwrap();
        let v: f32 = v.parse().unwrap();
        match k { "near" => weights.near = v, "fit" => weights.fit = v, "prior" => weights.prior = v, "weak" => weights.weak = v, "au" => weights.act_unsaid = v, "ao" => weights.act_other = v, "as" => weights.act_same = v, "su" => weights.special_unsaid = v, "ss" => weights.special_same = v, "cov" => weights.covered = v, "story" => weights.story = v, _ => {} }
    }
    let verbose = std::env::var("V").is_ok();
    for stripped in [false, true] {
        let (mut n, mut h1, mut h3, mut h10) = (0, 0, 0, 0);
        let mut times = Vec::new();
        for line in std::fs::read_to_string(&args[1]).unwrap().lines() {
            let v: serde_json::Value = serde_json::from_str(line).unwrap();
            let expect: Vec<&str> = v["expect"].as_array().unwrap().iter().filter_map(|c| c.as_str()).collect();
            if v["behaviour"] != "answer" || expect.is_empty() { continue; }
            let q = v["q"].as_str().unwrap();
            let q = if stripped { fold_display(q).to_string() } else { q.to_owned() };
            let start = Instant::now();
            let ranked = catalogue.rank(&q, &weights);
            times.push(start.elapsed());
            n += 1;
            let place = ranked.iter().position(|r| expect.contains(&r.procedure.code.as_str()));
            if place == Some(0) { h1 += 1; }
            if place.is_some_and(|p| p < 3) { h3 += 1; }
            if place.is_some_and(|p| p < 10) { h10 += 1; }
            if verbose && !stripped && place != Some(0) {
                println!("{place:?} {q} | want {expect:?}");
                for r in ranked.iter().take(3) { println!("      {:.3} near {:.3} held {:.2} fit {:.2} prior {:.2} {} {}", r.score, r.near, r.held, r.fit, r.procedure.prior, r.procedure.code.as_str(), r.procedure.name.chars().take(70).collect::<String>()); }
            }
        }
        times.sort();
        println!("stripped {stripped}: n {n} hit@1 {:.1} hit@3 {:.1} hit@10 {:.1} p50 {:?} p99 {:?}", 100.0*h1 as f32/n as f32, 100.0*h3 as f32/n as f32, 100.0*h10 as f32/n as f32, times[n/2], times[n*99/100]);
    }
}
