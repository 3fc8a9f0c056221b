//! What must hold for every update, whoever wrote it.

use std::sync::LazyLock;

use gateway_core::desk::Audience;
use gateway_core::domain::Provider;
use gateway_locale::Locales;
use jiff::Timestamp;

use super::account::Account;
use super::chat::ChatRef;
use super::commands::Commands;
use super::update;
use crate::messenger::Event;

/// Reads bytes as an update. For the fuzz target: it must return, and what is
/// handed in must be within its bounds. Whether something was.
#[doc(hidden)]
pub fn fuzz_update(bytes: &[u8]) -> bool {
    static HOUSE: LazyLock<Option<(Account, Commands)>> = LazyLock::new(|| {
        let account = Account::new(123_456, Provider::new("telegram"));
        account.learn("DaKenhBot");
        Some((account, Commands::new(&Locales::embedded().ok()?)))
    });
    let Some((account, commands)) = HOUSE.as_ref() else { return false };
    let Ok(update) = serde_json::from_slice(bytes) else { return false };
    let Ok(heard) = update::read(&update, account, commands, Timestamp::UNIX_EPOCH) else { return false };
    let Ok(arrived) = heard.what else { return false };
    assert!(arrived.event_id.starts_with("123456:") && arrived.event_id.len() <= 64, "an id out of bounds");
    assert!(arrived.from.parse::<i64>().is_ok(), "a sender that is no number");
    assert!(ChatRef::parse(&arrived.chat).is_some(), "a chat that nobody can answer");
    assert!(arrived.audience != Audience::Sender, "Telegram is somebody");
    match &arrived.what {
        Event::Said(words) => {
            assert!(!words.trim().is_empty(), "nothing was said");
            assert!(words.chars().count() <= 10_000, "words out of bounds");
        }
        Event::Contact(_) | Event::Left => assert!(arrived.audience != Audience::Group, "in a group"),
        Event::Began | Event::Unreadable => {}
    }
    true
}
