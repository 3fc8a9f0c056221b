//! Rendering a reply: the words of a dossier's status, as the mobile API and
//! an SMS need them. The goal is below 3 µs for the texts of the API.

use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use gateway_core::desk::{Age, AnswerCode, Answered, DossierReply, Lateness, NextStep, Reply};
use gateway_core::domain::{Dossier, DossierNumberParser, Locale, Phase, Status};
use gateway_locale::{Locales, Medium};
use jiff::civil::date;

fn reply() -> Option<DossierReply> {
    let day = date(2026, 10, 24);
    let number = DossierNumberParser::default().parse_exact("000.00.17.H09-261012-0012", day).ok()?;
    let as_of = "2026-10-24T03:31:00Z".parse().ok()?;
    Some(DossierReply {
        dossier: Arc::new(Dossier {
            number,
            procedure_code: None,
            procedure_name: Some("Đăng ký thường trú".into()),
            agency: Some("UBND phường Thủ Dầu Một".into()),
            status: Status { phase: Phase::InProgress, code: "4".into(), source_text: None },
            reason_kind: None,
            received_at: None,
            due_at: None,
            finished_at: None,
            returned_at: None,
            by_post: false,
        }),
        procedure: None,
        handled_by: None,
        name_withheld: false,
        lateness: Lateness::Due { on: date(2026, 10, 28), working_days: 3 },
        next_step: NextStep::WaitForResult,
        contact: None,
        age: Age { as_of, seconds: 20, stale: false },
        more_with_proof: false,
    })
}

fn rendering(criterion: &mut Criterion) {
    let (Ok(locales), Some(reply), Some(code)) = (Locales::embedded(), reply(), AnswerCode::parse("7K3F")) else {
        return;
    };
    let mut group = criterion.benchmark_group("rendering a reply");
    for locale in [Locale::VI, Locale::EN] {
        group.bench_function(format!("dossier texts, {locale}"), |bencher| {
            bencher.iter(|| locales.dossier_texts(black_box(&reply), locale));
        });
    }
    let answered = Answered {
        code,
        notices: Arc::new([]),
        action: None,
        locale: Locale::VI,
        outcome: Ok(Reply::Dossier(reply.clone())),
    };
    for (name, medium) in
        [("plain", Medium::PLAIN), ("chat", Medium::CHAT), ("sms", Medium::sms(true)), ("speech", Medium::SPEECH)]
    {
        group.bench_function(format!("dossier, {name}, vi"), |bencher| {
            bencher.iter(|| locales.render(black_box(&answered), Locale::VI, medium));
        });
    }
    // A part of every cold start.
    group.bench_function("loading the words", |bencher| bencher.iter(Locales::embedded));
    group.bench_function("negotiating a language", |bencher| {
        bencher.iter(|| locales.negotiate(black_box("vi-VN,vi;q=0.9,fr-FR;q=0.8,en;q=0.7")));
    });
    group.finish();
}

criterion_group!(benches, rendering);
criterion_main!(benches);
