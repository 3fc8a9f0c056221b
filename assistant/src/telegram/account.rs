//! Who we are at Telegram.

use std::sync::{Arc, OnceLock};

use gateway_core::domain::Provider;

/// The bot. Its name is Telegram's to tell, so it is learnt at start.
#[derive(Debug)]
pub(super) struct Account {
    bot_id: i64,
    provider: Provider,
    username: OnceLock<Arc<str>>,
}

impl Account {
    pub(super) fn new(bot_id: i64, provider: Provider) -> Self {
        Self { bot_id, provider, username: OnceLock::new() }
    }

    pub(super) const fn bot_id(&self) -> i64 {
        self.bot_id
    }

    pub(super) const fn provider(&self) -> &Provider {
        &self.provider
    }

    /// `None` until Telegram has told it.
    pub(super) fn username(&self) -> Option<Arc<str>> {
        self.username.get().cloned()
    }

    /// A bot cannot change its name while it runs.
    pub(super) fn learn(&self, username: &str) {
        let _ = self.username.set(username.into());
    }
}
