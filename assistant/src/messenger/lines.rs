//! What is written down of a conversation.

use gateway_core::desk::{Action, Answered, Reply};
use gateway_core::domain::{MessageId, MessageKey};
use gateway_core::ports::{HashKey, KeyedHash, Line, NewLine, Speaker};
use jiff::Timestamp;

use super::wire::Saying;

/// The key of what was said of a message: the same message, answered again after
/// a crash, is written once. (*It will be answered* and the answer itself are two:
/// they come at different tries.)
pub(crate) fn key_of(hash_key: &HashKey, message: MessageId, tries: u32, speaker: Speaker) -> MessageKey {
    hash_key.message_key("line", &[&message.0.to_be_bytes(), &tries.to_be_bytes(), speaker.key().as_bytes()])
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
pub(crate) fn is_private(answered: &Answered) -> bool {
    answered.outcome.as_ref().is_ok_and(Reply::is_private)
}

/// A line as a browser shows it.
pub(crate) fn is_for_citizens(line: &Line) -> bool {
    line.speaker != Speaker::Note
}
