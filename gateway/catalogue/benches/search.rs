//! Searching 2,642 procedures: `cargo bench -p gateway-catalogue`.
//!
//! `DAKENH_PROCEDURES=FILE.jsonl[.gz]` searches a real file; without it a
//! catalogue of like size is generated from the small one. Beside criterion's
//! figures the percentiles over all questions are printed: the goals are a p99
//! below 2.5 ms and an index built within 250 ms.
#![expect(clippy::print_stdout, reason = "a bench talks to its terminal")]
#![expect(clippy::unwrap_used, reason = "a bench that cannot start should say so loudly")]

use std::collections::HashMap;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group, criterion_main};
use gateway_catalogue::{ProcedureCatalogue, RankWeights, builtin, read_jsonl_lenient};
use gateway_core::domain::{Procedure, ProcedureCode};
use gateway_core::ports::{Catalogue, ProcedureQuery};

const SIZE: usize = 2_642;
const QUESTIONS: [&str; 24] = [
    "dang ky khai sinh",
    "làm giấy khai sinh cần gì",
    "giấy phép lái xe hết hạn",
    "lam lai can cuoc bao nhieu tien",
    "đổi bằng lái",
    "mất hộ chiếu",
    "passport",
    "birth certificate",
    "dang ky khia sinh",
    "ho chieu pho thongg",
    "thue dat",
    "sang tên xe máy",
    "hộ tịch",
    "đăng ký",
    "how much is a driving licence renewal",
    "I lost my ID card",
    "xin phép xây nhà",
    "mở hộ kinh doanh cần giấy tờ gì ạ",
    "con mèo bay trên trời",
    "asdkjh qwe",
    "không hỏi khai sinh, hỏi khai tử",
    "cho tôi hỏi thủ tục đăng ký tạm trú cho người thuê trọ ở phường mất bao lâu và hết bao nhiêu tiền vậy ạ",
    "bằng lái sắp hết hạn bị mất cccd sổ đỏ passport giấy khai sinh hôn thú",
    "giấy phép kinh doanh vận tải hành khách bằng xe ô tô",
];

fn procedures() -> Vec<Procedure> {
    if let Some(file) = std::env::var_os("DAKENH_PROCEDURES") {
        return read_jsonl_lenient(Path::new(&file)).unwrap().procedures;
    }
    let known = builtin();
    let mut all = known.clone();
    let words: Vec<String> =
        known.iter().flat_map(|procedure| procedure.name.split(' ').map(str::to_owned).collect::<Vec<_>>()).collect();
    // A small linear congruence: the same catalogue in every run.
    let mut state = 88_172_645_463_325_252_u64;
    let mut below = |limit: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap_or(0) % limit
    };
    for place in all.len()..SIZE {
        let mut procedure = known[below(known.len())].clone();
        procedure.code = ProcedureCode::parse(&format!("9.{place:06}")).unwrap();
        procedure.name = (0..6 + below(30)).map(|_| words[below(words.len())].clone()).collect::<Vec<_>>().join(" ");
        procedure.short_name = gateway_catalogue::short_name(&procedure.name);
        procedure.aliases.clear();
        procedure.english_name = None;
        all.push(procedure);
    }
    all
}

fn search(c: &mut Criterion) {
    let procedures = procedures();
    let start = Instant::now();
    let catalogue = ProcedureCatalogue::new(procedures.clone(), &HashMap::new());
    println!("{} procedures indexed in {:?}", catalogue.len(), start.elapsed());

    let queries: Vec<ProcedureQuery> = QUESTIONS
        .iter()
        .map(|text| ProcedureQuery { text: (*text).to_owned(), limit: 10, ..ProcedureQuery::default() })
        .collect();
    let weights = RankWeights::default();
    percentiles("find", |place| {
        black_box(catalogue.find(black_box(&queries[place])));
    });
    percentiles("rank", |place| {
        black_box(catalogue.rank(black_box(QUESTIONS[place]), &weights));
    });

    c.bench_function("find: one plain question", |bench| bench.iter(|| catalogue.find(black_box(&queries[0]))));
    c.bench_function("find: a question of eight readings", |bench| {
        bench.iter(|| catalogue.find(black_box(&queries[22])));
    });
    c.bench_function("rank: one plain question", |bench| {
        bench.iter(|| catalogue.rank(black_box(QUESTIONS[0]), &weights));
    });
    c.bench_function("rank: a question of eight readings", |bench| {
        bench.iter(|| catalogue.rank(black_box(QUESTIONS[22]), &weights));
    });
    let empty = ProcedureQuery { limit: 20, ..ProcedureQuery::default() };
    c.bench_function("find: a page of the list", |bench| bench.iter(|| catalogue.find(black_box(&empty))));
    let mut group = c.benchmark_group("build");
    group.sample_size(10);
    group.bench_function("index", |bench| bench.iter(|| ProcedureCatalogue::new(procedures.clone(), &HashMap::new())));
    group.finish();
}

/// Asks all questions many times, by their places, and prints how long it took.
fn percentiles(what: &str, mut ask: impl FnMut(usize)) {
    let mut times: Vec<Duration> = Vec::new();
    let mut slowest = (Duration::ZERO, "");
    for _ in 0..200 {
        for (place, text) in QUESTIONS.iter().enumerate() {
            let start = Instant::now();
            ask(place);
            let took = start.elapsed();
            slowest = slowest.max((took, text));
            times.push(took);
        }
    }
    times.sort_unstable();
    let at = |share: usize| times[(times.len() * share / 1000).min(times.len() - 1)];
    println!(
        "{what} over {} questions: p50 {:?}, p90 {:?}, p99 {:?}, max {:?} ({})",
        times.len(),
        at(500),
        at(900),
        at(990),
        slowest.0,
        slowest.1
    );
}

criterion_group!(benches, search);
criterion_main!(benches);
