use std::sync::Arc;

use gateway_core::desk::AnswerCode;
use gateway_core::domain::{Channel, Locale};
use gateway_core::ports::{Audit, HashKey, Outcome, Requests};
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

pub(crate) async fn what_senders_asked_is_found_newest_first(world: Arc<World>) {
    let key = HashKey::new("k1", "a key for tests");
    let [phone, account, stranger] = ["phone", "account", "stranger"].map(|who| key.hash("account", who));
    let mut rows = Vec::new();
    for n in 0..6 {
        let mut asked = row(n);
        (asked.sender, asked.channel) = match n {
            0 | 3 => (phone, Channel::Sms),
            1 | 4 => (account, Channel::Zalo),
            2 => (stranger, Channel::Webchat),
            // A browser's network is nobody in particular.
            _ => (phone, Channel::Web),
        };
        rows.push(asked);
    }
    // In runs that are far from each other.
    for (place, asked) in [1, 5_000, 9_000, 3 << 40, 4 << 40, 5 << 40].into_iter().zip(&rows) {
        world.store.insert(place, std::slice::from_ref(asked)).await.unwrap();
    }
    let found = world.store.of_senders(&[phone, account], 10).await.unwrap();
    let times: Vec<_> = found.iter().map(|request| request.at).collect();
    assert_eq!(times, [4, 3, 1, 0].map(|n| rows[n].at));
    assert_eq!((found[0].channel, found[1].channel), (Channel::Zalo, Channel::Sms));
    assert_eq!((found[0].action.as_str(), found[0].said.as_str()), (rows[4].action, rows[4].said.as_str()));
    assert_eq!(found[0].answer_code, rows[4].answer_code.as_str());
    assert_eq!(world.store.of_senders(&[phone, account], 1).await.unwrap(), found[..1]);
    assert_eq!(world.store.of_senders(&[], 10).await.unwrap(), []);
    assert_eq!(world.store.of_senders(&[key.hash("account", "nobody")], 10).await.unwrap(), []);
}

pub(crate) async fn a_sender_is_found_by_the_index(world: Arc<World>) {
    let plan: Vec<(i64, i64, i64, String)> = sqlx::query_as(
        "EXPLAIN QUERY PLAN WITH RECURSIVE run(n) AS ( \
             SELECT (SELECT max(id) FROM audit) >> 12 \
             UNION ALL \
             SELECT (SELECT max(id) FROM audit WHERE id < (run.n << 12)) >> 12 FROM run WHERE run.n IS NOT NULL \
         ) SELECT at FROM run CROSS JOIN audit \
         WHERE (id >> 12) = run.n AND sender = x'00' AND channel IN ('sms', 'zalo', 'telegram', 'webchat')",
    )
    .fetch_all(&mut world.sqlite().await)
    .await
    .unwrap();
    let uses_it = |step: &str| step.contains("SEARCH audit USING INDEX audit_by_sender (<expr>=? AND sender=?)");
    assert!(plan.iter().any(|(.., step)| uses_it(step)), "{plan:?}");
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
