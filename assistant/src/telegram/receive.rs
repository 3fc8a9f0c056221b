//! What both ways in have in common: an update is read, committed, and only
//! then told as taken.

use std::sync::Arc;

use gateway_core::domain::Channel;
use gateway_core::ports::Clock;
use serde_json::Value;

use super::account::Account;
use super::commands::Commands;
use super::spinner::Spinners;
use super::update::{self, Heard, Malformed, Nothing};
use crate::messenger::{Intake, NotTaken, Taken};

/// The way in.
pub(super) struct Receiver {
    pub(super) account: Arc<Account>,
    pub(super) commands: Arc<Commands>,
    pub(super) intake: Arc<dyn Intake>,
    pub(super) spinners: Spinners,
    pub(super) clock: Arc<dyn Clock>,
}

/// What became of an update.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Received {
    /// It is on disk, now for the first time.
    New,
    /// It was there already, or there is nothing in it for us.
    Known,
    /// It must come again.
    Again,
}

impl Receiver {
    pub(super) fn read(&self, update: &Value) -> Result<Heard, Malformed> {
        update::read(update, &self.account, &self.commands, self.clock.now())
    }

    /// Commits what was read.
    pub(super) async fn take(&self, heard: Heard) -> Received {
        let received = match heard.what {
            Ok(arrived) => match self.intake.arrived(Channel::Telegram, self.account.provider(), arrived).await {
                Ok(Taken::New) => Received::New,
                Ok(Taken::Replay) => {
                    metrics::counter!("telegram_replays_total").increment(1);
                    Received::Known
                }
                Err(NotTaken::Failed) => Received::Again,
            },
            Err(nothing) => {
                metrics::counter!("telegram_updates_skipped_total", "why" => nothing.key()).increment(1);
                if nothing == Nothing::NameUnknown { Received::Again } else { Received::Known }
            }
        };
        // Not before it is on disk: the citizen would think that it is.
        if received != Received::Again
            && let Some(query) = heard.query
        {
            self.spinners.stop(query);
        }
        received
    }
}
