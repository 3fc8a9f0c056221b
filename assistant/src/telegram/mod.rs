//! Telegram: teloxide's types and `Bot` for what goes out, and an intake of our
//! own, because its listeners acknowledge before anything is on disk.
//!
//! ```text
//! Telegram ── POST /webhooks/telegram ──┐
//!          ←─ getUpdates (one node) ────┤→ update → Intake, on disk → 200, or the offset moves
//!          ←─ answerCallbackQuery ──────┘
//!          ←─ sendMessage ←── rates ←── Wire ←── outbox
//! ```

mod account;
mod api;
mod chat;
mod commands;
mod config;
mod form;
mod fuzz;
mod poll;
mod rates;
mod receive;
mod send;
mod spinner;
mod standing;
#[cfg(test)]
mod tests;
mod update;
mod webhook;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use gateway_core::domain::{Locale, Provider};
use gateway_core::ports::{Clock, Leases, Randomness};
use gateway_http::Task;
use gateway_locale::Locales;
use reqwest::Url;
use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};
use teloxide_core::payloads::SetMyCommandsSetters as _;
use teloxide_core::requests::Requester as _;
use teloxide_core::types::BotCommand;
use tokio_util::sync::CancellationToken;

use account::Account;
use api::{Api, Failure};
use commands::Commands;
use poll::Poller;
use rates::Rates;
use receive::Receiver;
use send::TelegramWire;
use spinner::Spinners;

pub use config::{ConfigProblem, Mode, TelegramConfig};
#[doc(hidden)]
pub use fuzz::fuzz_update;
pub use standing::{NoStanding, Standing, standing};
pub use webhook::PATH as WEBHOOK_PATH;

use crate::messenger::{Intake, Wire};

/// What the channel needs of the house.
pub struct TelegramNeeds {
    /// Which node polls.
    pub leases: Arc<dyn Leases>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// For this node's name in the lease.
    pub randomness: Arc<dyn Randomness>,
    /// The words of the commands.
    pub locales: Arc<Locales>,
    /// Ends all that was begun.
    pub stop: CancellationToken,
}

/// A bot that can send, and does not listen yet: the wire is there before the
/// intake is, which answers over it.
pub struct Telegram {
    wire: Arc<dyn Wire>,
    config: TelegramConfig,
    api: Arc<Api>,
    account: Arc<Account>,
    commands: Arc<Commands>,
    webhook: Option<Url>,
    needs: TelegramNeeds,
}

/// A bot that listens.
pub struct TelegramParts {
    /// The webhook's route; empty where updates are polled for.
    pub public: Router,
    /// Jobs that run beside it, and end with the token that it was built with.
    pub tasks: Vec<Task>,
}

/// Builds a bot; it calls nobody yet.
///
/// # Errors
/// The first [`ConfigProblem`]; one without a token has one.
pub fn build(config: &TelegramConfig, needs: TelegramNeeds) -> Result<Telegram, ConfigProblem> {
    config.validate()?;
    describe_metrics();
    let account = Arc::new(Account::new(config.bot_id()?, Provider::new(&config.name)));
    let api = Arc::new(Api::new(config, Arc::clone(&needs.clock), needs.stop.clone())?);
    let wire = Arc::new(TelegramWire::new(Arc::clone(&api), Arc::clone(&account), Rates::new(config)));
    let commands = Arc::new(Commands::new(&needs.locales));
    let webhook = config.webhook_url()?;
    Ok(Telegram { wire, config: config.clone(), api, account, commands, webhook, needs })
}

impl Telegram {
    /// The way out.
    pub fn wire(&self) -> Arc<dyn Wire> {
        Arc::clone(&self.wire)
    }

    /// Opens the way in.
    pub fn listen(self, intake: Arc<dyn Intake>) -> TelegramParts {
        let (spinners, mut tasks) = Spinners::new(&self.api, self.config.spinners);
        let receiver = Receiver {
            account: Arc::clone(&self.account),
            commands: Arc::clone(&self.commands),
            intake,
            spinners,
            clock: Arc::clone(&self.needs.clock),
        };
        tasks.push(Box::pin(show_commands(Arc::clone(&self.api), Arc::clone(&self.commands))));
        let public = match self.config.mode {
            Mode::Webhook => {
                let secret = self.config.webhook_secret.clone();
                webhook::router(Arc::new(receiver), secret, self.config.max_update_bytes)
            }
            Mode::Polling => {
                let poller = self.poller(receiver);
                let (api, account) = (Arc::clone(&self.api), Arc::clone(&self.account));
                tasks.push(Box::pin(async move {
                    // Whoever does not know its own name cannot tell what is
                    // meant for it in a group.
                    if introduce(&api, &account).await {
                        poller.run().await;
                    }
                }));
                return TelegramParts { public: Router::new(), tasks };
            }
        };
        tasks.push(Box::pin(self.begin_webhook()));
        TelegramParts { public, tasks }
    }

    fn poller(&self, receiver: Receiver) -> Poller {
        Poller {
            api: Arc::clone(&self.api),
            receiver,
            leases: Arc::clone(&self.needs.leases),
            clock: Arc::clone(&self.needs.clock),
            task: format!("telegram-poll:{}", self.config.name),
            holder: format!("{:016x}", self.needs.randomness.next_u64()),
            poll: Duration::from_secs(self.config.poll_seconds.into()),
            lease: Duration::from_secs(self.config.lease_seconds.into()),
        }
    }

    /// Tells Telegram where to call. Every node does, with the same words.
    async fn begin_webhook(self) {
        #[derive(Serialize)]
        struct SetWebhook<'a> {
            url: &'a str,
            secret_token: &'a str,
            allowed_updates: [&'static str; 4],
            max_connections: u8,
        }
        if !introduce(&self.api, &self.account).await {
            return;
        }
        let Some(url) = &self.webhook else { return };
        let asked = SetWebhook {
            url: url.as_str(),
            secret_token: self.config.webhook_secret.expose_secret(),
            allowed_updates: update::KINDS,
            max_connections: self.config.webhook_connections,
        };
        let set = self.api.insist("setWebhook", || self.api.call::<bool>("setWebhook", &asked, Duration::ZERO)).await;
        if set.is_some() {
            tracing::info!(provider = %self.config.name, "telegram's webhook is set");
        }
    }
}

/// Learns our own name; `false` where the gateway stops before.
async fn introduce(api: &Api, account: &Account) -> bool {
    #[derive(Deserialize)]
    struct Me {
        username: String,
    }
    let nothing = serde_json::Map::new();
    let me: Option<Me> = api.insist("getMe", || api.call("getMe", &nothing, Duration::ZERO)).await;
    if let Some(me) = &me {
        account.learn(&me.username);
    }
    me.is_some()
}

/// The menus: Vietnamese where no other fits.
async fn show_commands(api: Arc<Api>, commands: Arc<Commands>) {
    for (locale, code) in [(Locale::VI, None), (Locale::EN, Some("en"))] {
        let set = || async {
            let menu = commands.menu(locale).map(|(name, description)| BotCommand::new(name, description));
            let request = api.bot.set_my_commands(menu);
            let set = match code {
                Some(code) => request.language_code(code).await,
                None => request.await,
            };
            set.map_err(|error| Failure::of(&error))
        };
        if api.insist("setMyCommands", set).await.is_none() {
            return;
        }
    }
}

/// Tells the recorder what the figures of this module mean. Once, at start.
fn describe_metrics() {
    let counters = [
        ("telegram_webhook_bad_secret_total", "Webhook calls without the secret, or with a wrong one"),
        ("telegram_webhook_oversize_total", "Webhook calls longer than telegram.max_update_bytes"),
        ("telegram_webhook_malformed_total", "Webhook calls that are no update"),
        ("telegram_webhook_not_stored_total", "Webhook calls answered with 503: they come again"),
        ("telegram_batches_not_stored_total", "Batches of getUpdates that were not wholly stored: they come again"),
        ("telegram_replays_total", "Updates that were there already"),
        ("telegram_updates_skipped_total", "Updates with nothing for us, that cannot be read or stored, by reason"),
        ("telegram_sends_total", "Messages sent, by outcome"),
        ("telegram_call_failures_total", "Failed calls of the Bot API, by call and reason"),
        ("telegram_spinners_left_total", "Pressed buttons whose spinner was not stopped"),
    ];
    for (figure, meaning) in counters {
        metrics::describe_counter!(figure, meaning);
    }
    metrics::describe_gauge!("telegram_polling", "1 where this node polls for updates");
}
