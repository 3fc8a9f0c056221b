//! What is written down of a conversation.

use gateway_core::desk::{Action, Answered, Reply};
use gateway_core::domain::{MessageId, MessageKey, ProcedureCode};
use gateway_core::ports::{HashKey, KeyedHash, Line, NewLine, Speaker};
use jiff::Timestamp;

use super::wire::Saying;

/// The key of what was said of a message: the same message, answered again after
/// a crash, is written once. (*It will be answered* and the answer itself are two:
/// they come at different tries.)
pub(crate) fn key_of(hash_key: &HashKey, message: MessageId, tries: u32, speaker: Speaker) -> MessageKey {
    let key = MessageKey::of(&[&message.0.to_be_bytes(), &tries.to_be_bytes(), speaker.key().as_bytes()]);
    MessageKey(hash_key.hash_bytes("line", &key.0).0)
}

/// A line of the house.
pub(crate) fn house_line(
    conversation: KeyedHash,
    key: MessageKey,
    saying: &Saying,
    understood: &str,
    at: Timestamp,
    until: Timestamp,
) -> NewLine {
    NewLine {
        conversation,
        key,
        speaker: Speaker::Assistant,
        text: saying.text.clone(),
        buttons: saying.buttons.clone(),
        understood: understood.into(),
        officer: None,
        at,
        until,
    }
}

/// What was understood, in stable words without personal data.
pub(crate) fn understood(answered: &Answered) -> String {
    let action = answered.action.as_ref().map_or("not_understood", Action::key);
    format!("{action} | {} | {}", answered.said().as_str(), answered.code)
}

/// The citizen alone may read it.
pub(crate) const fn is_private(answered: &Answered) -> bool {
    matches!(answered.outcome, Ok(Reply::Disclosed(_) | Reply::MyRequests(_)))
}

/// Digits that may be an ID, a telephone, a proof or a code are not kept; a
/// dossier's number and a procedure's code are.
pub(crate) fn masked(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    for word in text.split_inclusive(char::is_whitespace) {
        // `000.00.17.H09-260916-0012`, `1.001193`: no secrets.
        let bare = word.trim_matches(|sign: char| !sign.is_ascii_alphanumeric());
        let dossier = bare.contains(['.', '-']) && bare.contains(|sign: char| sign.is_ascii_alphabetic());
        let named = dossier || ProcedureCode::parse(bare).is_ok();
        let digits = word.chars().filter(char::is_ascii_digit).count();
        if digits >= 4 && !named {
            masked.extend(word.chars().map(|sign| if sign.is_ascii_digit() { '•' } else { sign }));
        } else {
            masked.push_str(word);
        }
    }
    masked
}

/// A line as a browser shows it.
pub(crate) fn is_for_citizens(line: &Line) -> bool {
    line.speaker != Speaker::Note
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_phones_and_proofs_are_not_kept_and_numbers_of_dossiers_are() {
        assert_eq!(masked("CCCD của tôi 074085001234 nhé"), "CCCD của tôi •••••••••••• nhé");
        assert_eq!(masked("4 số cuối 1234"), "4 số cuối ••••");
        assert_eq!(masked("gọi 0912.345.678"), "gọi ••••.•••.•••");
        assert_eq!(masked("gọi 0912-345-678"), "gọi ••••-•••-•••");
        assert_eq!(masked("000.00.17.H09-260916-0012 tới đâu"), "000.00.17.H09-260916-0012 tới đâu");
        assert_eq!(masked("1.001193 phí bao nhiêu"), "1.001193 phí bao nhiêu");
        assert_eq!(masked("sinh ngày 1/2/1960"), "sinh ngày •/•/••••");
        assert_eq!(masked("3 người"), "3 người");
    }
}
