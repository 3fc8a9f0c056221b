//! Audit rows of one citizen.

use gateway_core::desk::AnswerCode;
use gateway_core::domain::{Channel, Locale, Provider};
use gateway_core::ports::{AuditRow, HashKey, Outcome};
use jiff::{SignedDuration, Timestamp};

/// The telephone number behind every row: it must be in no file.
pub(crate) const PHONE: &str = "+84912345678";
/// The dossier behind every row: likewise.
pub(crate) const DOSSIER: &str = "000.00.17.H09-260916-0012";

/// The `n`th row of a story, one millisecond after the one before.
pub(crate) fn row(n: u64) -> AuditRow {
    let key = HashKey::new("k1", "a key for tests");
    let at: Timestamp = "2026-11-23T02:00:00Z".parse().unwrap();
    AuditRow {
        at: at + SignedDuration::from_millis(i64::try_from(n).unwrap()),
        request_id: format!("request-{n}").into(),
        channel: Channel::Sms,
        provider: Provider::new("viettel"),
        action: "track_dossier",
        outcome: Outcome::Answered,
        locale: Locale::VI,
        sender: key.hash("sender", PHONE),
        dossier: n.is_multiple_of(2).then(|| key.hash("dossier", DOSSIER)),
        key_id: key.id().into(),
        answer_code: AnswerCode::from_bits(n),
        said: "dossier status=processing next=wait".into(),
        elapsed_us: 1_500,
    }
}
