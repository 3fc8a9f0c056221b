use std::sync::Arc;

use gateway_core::desk::AnswerCode;
use gateway_core::domain::{Channel, Locale};
use gateway_core::ports::{Audit, Outcome};
use gateway_store::AuditSink;
use jiff::ToSpan;

use crate::support::row;
use crate::world::World;

pub(crate) async fn an_officer_sees_what_was_said_newest_first(world: Arc<World>) {
    let audit = world.store.start_audit().await.unwrap();
    let code = AnswerCode::parse("7K3F").unwrap();
    for n in 0..3 {
        let mut same_code = row(n);
        same_code.answer_code = code;
        audit.record(same_code).await.unwrap();
        audit.record(row(n)).await.unwrap();
    }
    let mut last = row(9);
    last.answer_code = code;
    last.channel = Channel::Mobile;
    last.outcome = Outcome::Refused;
    last.locale = Locale::EN;
    last.said = "refused code=không_được".into();
    audit.record(last.clone()).await.unwrap();
    audit.close().await.unwrap();

    let answers = world.store.answers(code, 10).await.unwrap();
    assert_eq!(answers.len(), 4);
    assert!(answers.is_sorted_by(|newer, older| newer.at >= older.at));
    assert_eq!(answers[0].at, last.at);
    assert_eq!(answers[0].channel, Channel::Mobile);
    assert_eq!(answers[0].outcome, Outcome::Refused);
    assert_eq!(answers[0].locale, Locale::EN);
    assert_eq!(answers[0].said, "refused code=không_được");
    assert_eq!(answers[1].said, "dossier status=processing next=wait");
    assert_eq!(answers[1].provider, "viettel");
    assert_eq!(answers[1].action, "track_dossier");

    // The same code in other runs of rows and of other starts of a writer.
    let mut older = last.clone();
    older.at = last.at - 1.hour();
    for id in [5_000, 10_000, 3 << 40, 9 << 40] {
        world.store.insert(id, std::slice::from_ref(&older)).await.unwrap();
    }
    let answers = world.store.answers(code, 100).await.unwrap();
    assert_eq!(answers.len(), 8);
    assert!(answers.is_sorted_by(|newer, older| newer.at >= older.at));
    assert_eq!(world.store.answers(code, 2).await.unwrap().len(), 2);
    assert_eq!(world.store.answers(AnswerCode::parse("ZZZZ").unwrap(), 10).await.unwrap(), []);
}

pub(crate) async fn a_code_is_found_by_the_index(world: Arc<World>) {
    let plan: Vec<(i64, i64, i64, String)> = sqlx::query_as(
        "EXPLAIN QUERY PLAN WITH RECURSIVE run(n) AS ( \
             SELECT (SELECT max(id) FROM audit) >> 12 \
             UNION ALL \
             SELECT (SELECT max(id) FROM audit WHERE id < (run.n << 12)) >> 12 FROM run WHERE run.n IS NOT NULL \
         ) SELECT at FROM run CROSS JOIN audit WHERE (id >> 12) = run.n AND answer_code = '7K3F'",
    )
    .fetch_all(&mut world.sqlite().await)
    .await
    .unwrap();
    let uses_it =
        |step: &str| step.contains("SEARCH audit USING INDEX audit_by_answer_code (<expr>=? AND answer_code=?)");
    assert!(plan.iter().any(|(.., step)| uses_it(step)), "{plan:?}");
    assert!(!plan.iter().any(|(.., step)| step.starts_with("SCAN audit") && !step.contains("INDEX")), "{plan:?}");
}
