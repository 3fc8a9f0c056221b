//! The way out, by teloxide's `Bot`.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use compact_str::{CompactString, format_compact};
use gateway_core::domain::{Channel, Provider};
use gateway_locale::Medium;
use serde::Deserialize;
use teloxide_core::RequestError;
use teloxide_core::payloads::SendMessageSetters as _;
use teloxide_core::requests::Requester as _;
use teloxide_core::types::{
    ButtonRequest, ChatId, InlineKeyboardButton, KeyboardButton, KeyboardMarkup, LinkPreviewOptions, MessageId,
    ReplyMarkup, ThreadId,
};

use super::account::Account;
use super::api::{Api, Failure};
use super::chat::ChatRef;
use super::form::{self, Part};
use super::rates::Rates;
use crate::messenger::{Saying, Sent, Wire};

/// How many buttons stand below an answer, one in a row.
const BUTTONS: u8 = 8;

/// Telegram as a wire.
pub(super) struct TelegramWire {
    api: Arc<Api>,
    account: Arc<Account>,
    rates: Rates,
    /// Calls in a row that did not reach the server.
    unreached: AtomicU32,
}

impl TelegramWire {
    pub(super) fn new(api: Arc<Api>, account: Arc<Account>, rates: Rates) -> Self {
        Self { api, account, rates, unreached: AtomicU32::new(0) }
    }

    /// Sends, once more where the group has got another id meanwhile.
    async fn deliver(&self, chat: ChatRef, part: &Part) -> Result<CompactString, Failure> {
        match self.try_once(chat, part).await {
            Err(Failure::Migrated(id)) => self.try_once(ChatRef { id, thread: None }, part).await,
            other => other,
        }
    }

    async fn try_once(&self, chat: ChatRef, part: &Part) -> Result<CompactString, Failure> {
        // Plain text, without a parse mode: there is nothing to escape.
        let mut message =
            self.api.bot.send_message(ChatId(chat.id), part.text.as_str()).link_preview_options(no_preview());
        if let Some(thread) = chat.thread.and_then(|thread| i32::try_from(thread).ok()) {
            message = message.message_thread_id(ThreadId(MessageId(thread)));
        }
        if let Some(markup) = markup(part, chat.is_group()) {
            message = message.reply_markup(markup);
        }
        match message.await {
            Ok(message) => Ok(format_compact!("{}", message.id.0)),
            // Taken, told in a form that is newer than teloxide.
            Err(RequestError::InvalidJson { raw, .. }) => accepted(&raw).ok_or(Failure::Silent),
            Err(error) => Err(Failure::of(&error)),
        }
    }

    fn sent(&self, chat: ChatRef, failure: &Failure) -> Sent {
        let pauses = self.api.pauses();
        match failure {
            Failure::Unreached => {
                let failures = self.unreached.fetch_add(1, Ordering::Relaxed).saturating_add(1);
                self.api.tell("sendMessage", failure, failures);
                Sent::Later { after: pauses.after(failures), account: true }
            }
            // A private chat's own limit is kept here, so it is the bot's that
            // was met; a group's may be slower than we know (slow mode).
            Failure::RetryAfter(after) => Sent::Later { after: *after, account: !chat.is_group() },
            Failure::Token | Failure::Conflict => {
                self.api.tell("sendMessage", failure, 1);
                Sent::Later { after: pauses.refused, account: true }
            }
            Failure::Refused(code) => Sent::Refused { code: (*code).into() },
            Failure::Migrated(_) => Sent::Refused { code: "migrated".into() },
            Failure::Silent | Failure::TooLarge => Sent::Uncertain,
        }
    }
}

#[async_trait]
impl Wire for TelegramWire {
    fn channel(&self) -> Channel {
        Channel::Telegram
    }

    fn provider(&self) -> &Provider {
        self.account.provider()
    }

    fn medium(&self) -> Medium {
        Medium::CHAT.with_buttons(BUTTONS)
    }

    fn window(&self) -> Option<Duration> {
        None
    }

    fn parts(&self, saying: &Saying) -> Vec<String> {
        form::parts(saying)
    }

    async fn send(&self, chat: &str, part: &str) -> Sent {
        let (Some(chat), Ok(part)) = (ChatRef::parse(chat), serde_json::from_str::<Part>(part)) else {
            return Sent::Refused { code: "unsendable".into() };
        };
        if let Err(early) = self.rates.check(chat) {
            return Sent::Later { after: early.wait, account: early.account };
        }
        let (outcome, sent) = match self.deliver(chat, &part).await {
            Ok(id) => ("accepted", Sent::Accepted { id }),
            Err(failure) => (failure.key(), self.sent(chat, &failure)),
        };
        if outcome != Failure::Unreached.key() {
            self.unreached.store(0, Ordering::Relaxed);
        }
        metrics::counter!("telegram_sends_total", "outcome" => outcome).increment(1);
        sent
    }
}

fn no_preview() -> LinkPreviewOptions {
    LinkPreviewOptions {
        is_disabled: true,
        url: None,
        prefer_small_media: false,
        prefer_large_media: false,
        show_above_text: false,
    }
}

/// What stands below a message. A contact button exists in private chats only,
/// and not beside inline buttons: then all of them are keys of the keyboard,
/// which send what stands on them.
fn markup(part: &Part, group: bool) -> Option<ReplyMarkup> {
    if let Some(label) = part.contact.as_ref().filter(|_| !group) {
        let contact = KeyboardButton::new(label).request(ButtonRequest::Contact);
        let others = part.buttons.iter().map(|button| KeyboardButton::new(&button.words));
        let rows = std::iter::once(contact).chain(others).map(|key| vec![key]);
        return Some(KeyboardMarkup::new(rows).resize_keyboard().one_time_keyboard().into());
    }
    if !part.buttons.is_empty() {
        let rows = part.buttons.iter().take(usize::from(BUTTONS)).map(|button| {
            let (shown, data) = button.inline();
            vec![InlineKeyboardButton::callback(shown, data)]
        });
        return Some(ReplyMarkup::inline_kb(rows));
    }
    // A contact keyboard that is still open must not stay below other answers.
    (!group).then(ReplyMarkup::kb_remove)
}

/// The id of a message that was taken.
fn accepted(raw: &str) -> Option<CompactString> {
    #[derive(Deserialize)]
    struct Taken {
        ok: bool,
        result: Id,
    }
    #[derive(Deserialize)]
    struct Id {
        message_id: i64,
    }
    let taken: Taken = serde_json::from_str(raw).ok()?;
    taken.ok.then(|| format_compact!("{}", taken.result.message_id))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::telegram::form::Button;

    fn part(contact: Option<&str>) -> Part {
        let buttons = vec![Button { shown: "Phí".into(), words: "lệ phí khai sinh".into() }];
        Part { text: "Chào".into(), buttons, contact: contact.map(str::to_owned) }
    }

    #[test]
    fn buttons_stand_inline_one_in_a_row() {
        let markup = serde_json::to_value(markup(&part(None), false)).unwrap();
        assert_eq!(markup, json!({"inline_keyboard": [[{"text": "Phí", "callback_data": "=lệ phí khai sinh"}]]}));
    }

    #[test]
    fn a_contact_button_brings_all_into_the_keyboard_and_is_none_in_a_group() {
        let private = serde_json::to_value(markup(&part(Some("Chia sẻ số")), false)).unwrap();
        let keyboard = json!([[{"text": "Chia sẻ số", "request_contact": true}], [{"text": "lệ phí khai sinh"}]]);
        assert_eq!(private["keyboard"], keyboard);
        assert_eq!(private["one_time_keyboard"], json!(true));
        let group = serde_json::to_value(markup(&part(Some("Chia sẻ số")), true)).unwrap();
        assert!(group.get("keyboard").is_none() && group.get("inline_keyboard").is_some());
    }

    #[test]
    fn an_answer_without_buttons_takes_the_keyboard_away_but_not_from_a_group() {
        let plain = Part { text: "Chào".into(), ..Part::default() };
        assert_eq!(serde_json::to_value(markup(&plain, false)).unwrap(), json!({"remove_keyboard": true}));
        assert_eq!(markup(&plain, true), None);
    }

    #[test]
    fn a_taken_message_is_known_in_any_form() {
        let newer = r#"{"ok":true,"result":{"message_id":77,"hologram":{}}}"#;
        assert_eq!(accepted(newer).as_deref(), Some("77"));
        for other in ["<html>502</html>", r#"{"ok":false,"description":"x"}"#, r#"{"ok":true}"#] {
            assert_eq!(accepted(other), None);
        }
    }
}
