//! Reading dossier numbers as citizens write them. `cargo bench -p gateway-core`.
#![expect(clippy::unwrap_used, reason = "a bench that fails shall say so at once")]

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use gateway_core::domain::{DossierNumberParser, Reading};
use jiff::civil::date;

const NUMBER: &str = "000.00.17.H09-210819-0012";

fn reading(criterion: &mut Criterion) {
    let parser = DossierNumberParser::default();
    let today = date(2026, 11, 23);
    let sentence = "Chào anh chị, cho em hỏi hồ sơ 000.00.17.H09-210819-0012 của mẹ em tới đâu rồi ạ, em cảm ơn";
    let texts = [
        ("canonical", NUMBER.to_owned()),
        ("other separators, lower case", "000 00 17 h09 210819 0012".to_owned()),
        ("the letter O for the digit 0", "OOO.OO.17.HO9-21O819-OO12".to_owned()),
        ("in a sentence", sentence.to_owned()),
        ("a sentence without one", "làm giấy khai sinh cần những giấy tờ gì".to_owned()),
        ("10 kB without one", "giấy khai sinh 12.3-".repeat(400)),
    ];
    let mut group = criterion.benchmark_group("reading a dossier number");
    for (name, text) in &texts {
        // What is timed is what the name says.
        let found = matches!(parser.read(text, today), Reading::One(_));
        assert_eq!(found, !name.contains("without"), "{name}");
        group.bench_with_input(BenchmarkId::from_parameter(name), text, |bencher, text| {
            bencher.iter(|| parser.read(black_box(text), today));
        });
    }
    group.bench_function("parse_exact", |bencher| {
        bencher.iter(|| parser.parse_exact(black_box(NUMBER), today).unwrap());
    });
    group.finish();
}

criterion_group!(benches, reading);
criterion_main!(benches);
