//! HTTP to and from aggregators: one folder each, with its input, its errors,
//! its way out and its tests.
//!
//! | provider | in | out | receipts | abroad |
//! | --- | --- | --- | --- | --- |
//! | [`esms`] | signed GET, address list | JSON | GET, address list, token | no |
//! | [`speedsms`] | JSON, token or address list | JSON | the same | no |
//! | [`twilio`] | signed form | form | signed form | **yes** |
//! | [`generic`] | as the operator describes it | the same | the same | as said |
//!
//! What holds for all of them:
//!
//! - `/sms/<name>/inbound` and `/sms/<name>/receipts` are their routes. A wrong
//!   signature, token or address is 403, what cannot be read 400, a text beyond
//!   the limit 413, and **what is not on disk 503**, so that the provider sends
//!   it again. A replay is answered as the first time, to the letter.
//! - Addresses of GET webhooks hold telephone numbers. Nothing here logs an
//!   address, and the stack logs templates of routes; proxies must do likewise.
//! - A sender is never proven by an HTTP field. Only `private_line = true`, an
//!   operator's own line, makes it a carrier's word.
//! - [`Submitted::NotTaken`](crate::road::Submitted::NotTaken) is said only where
//!   no connection was made or the provider said that it did not take it. No
//!   answer, half an answer and a 5xx are
//!   [`Uncertain`](crate::road::Submitted::Uncertain): a part brings no id of its
//!   own that would make repeating it safe.
//!
//! # How to add one more
//!
//! A folder with a `…Config` (serde, `validate`), an `inbound.rs` that implements
//! `Webhook` (proves and reads, waits for nothing), an `outbound.rs` that
//! implements `Peer` (one request, one verdict), and tests with the examples of
//! the provider's documents; then one variant of [`ProviderConfig`], and one in
//! `examples.toml`.

mod config;
pub mod esms;
mod exchange;
mod fields;
mod fuzz;
pub mod generic;
mod health;
mod http_road;
pub mod speedsms;
mod template;
#[cfg(test)]
mod testing;
pub mod twilio;
mod webhook;

use std::sync::Arc;

use axum::Router;
use compact_str::CompactString;
use gateway_core::domain::SenderAssurance;
use gateway_core::ports::Clock;
use serde::Deserialize;

pub use config::{ConfigProblem, NumberFormat, RoadConfig, Vouching};
pub use fuzz::fuzz_webhook;

use crate::road::{Intake, Road};
use esms::EsmsConfig;
use generic::GenericConfig;
use speedsms::SpeedSmsConfig;
use twilio::TwilioConfig;

/// A provider of the configuration; `kind` says which.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum ProviderConfig {
    /// eSMS.vn.
    Esms(Box<EsmsConfig>),
    /// SpeedSMS.vn.
    SpeedSms(Box<SpeedSmsConfig>),
    /// Twilio.
    Twilio(Box<TwilioConfig>),
    /// Any other, in the operator's words.
    Generic(Box<GenericConfig>),
}

/// A provider, ready to be composed.
pub struct Provider {
    /// Its name in paths, metrics and rows.
    pub name: CompactString,
    /// The way out, where it sends.
    pub road: Option<Arc<dyn Road>>,
    /// `/sms/<name>/inbound` and `/sms/<name>/receipts`, as far as it has them.
    pub public: Router,
    /// It processes what it gets abroad: only the public view goes through it.
    pub foreign: bool,
    /// How far it vouches for a sender.
    pub assurance: SenderAssurance,
}

impl ProviderConfig {
    /// The provider's name. The composition root sees to it that no two roads
    /// have the same.
    pub fn name(&self) -> &str {
        match self {
            Self::Esms(config) => &config.name,
            Self::SpeedSms(config) => &config.name,
            Self::Twilio(config) => &config.name,
            Self::Generic(config) => &config.name,
        }
    }

    /// Whether it processes what it gets abroad.
    pub fn foreign(&self) -> bool {
        match self {
            Self::Esms(_) | Self::SpeedSms(_) => false,
            Self::Twilio(_) => true,
            Self::Generic(config) => config.foreign,
        }
    }

    /// Checks every setting.
    ///
    /// # Errors
    /// The first [`ConfigProblem`].
    pub fn validate(&self) -> Result<(), ConfigProblem> {
        match self {
            Self::Esms(config) => config.validate(),
            Self::SpeedSms(config) => config.validate(),
            Self::Twilio(config) => config.validate(),
            Self::Generic(config) => config.validate(),
        }
    }
}

/// Builds a provider. The client must follow no redirects: a message would be
/// sent to where nobody configured.
///
/// # Errors
/// The first [`ConfigProblem`].
pub fn build(
    config: &ProviderConfig,
    intake: Arc<dyn Intake>,
    client: reqwest::Client,
    clock: Arc<dyn Clock>,
) -> Result<Provider, ConfigProblem> {
    config.validate()?;
    let (road, webhook, assurance) = match config {
        ProviderConfig::Esms(config) => {
            (config.road(client, Arc::clone(&clock))?, config.webhook(clock), config.assurance())
        }
        ProviderConfig::SpeedSms(config) => (config.road(client, clock)?, config.webhook(), config.assurance()),
        ProviderConfig::Twilio(config) => (config.road(client, clock)?, config.webhook(), config.assurance()),
        ProviderConfig::Generic(config) => (config.road(client, clock)?, config.webhook()?, config.assurance()),
    };
    Ok(Provider {
        name: config.name().into(),
        road,
        public: webhook::router(config.name(), webhook, intake),
        foreign: config.foreign(),
        assurance,
    })
}

/// Tells the recorder what the figures of this module mean. Once, at start.
pub fn describe_metrics() {
    metrics::describe_counter!(
        "sms_bad_signature_total",
        "Webhook calls with a wrong, missing or outdated signature or secret, by provider"
    );
    metrics::describe_counter!(
        "sms_bad_address_total",
        "Webhook calls from an address outside of the allow-list, by provider"
    );
    metrics::describe_counter!("sms_malformed_webhook_total", "Webhook calls that cannot be read, by provider");
    metrics::describe_counter!(
        "sms_webhook_not_stored_total",
        "Webhook calls that were answered with 503 because they could not be stored, by provider"
    );
    metrics::describe_counter!("sms_webhook_replay_total", "Messages that were there already, by provider");
    metrics::describe_counter!("sms_http_submits_total", "Messages sent by HTTP, by provider and outcome");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Examples {
        providers: Vec<ProviderConfig>,
    }

    #[test]
    fn the_examples_can_be_used() {
        let examples: Examples = toml::from_str(include_str!("examples.toml")).unwrap();
        let seen: Vec<_> =
            examples.providers.iter().map(|config| (config.name(), config.validate(), config.foreign())).collect();
        let expected = [("esms", false), ("speedsms", false), ("twilio", true), ("vht", false)];
        assert_eq!(seen, expected.map(|(name, foreign)| (name, Ok(()), foreign)));
    }

    #[test]
    fn a_setting_that_nobody_knows_is_refused() {
        let read = |text: &str| toml::from_str::<ProviderConfig>(text).map(|_| ()).unwrap_err().to_string();
        assert!(read("kind = 'esms'\nname = 'a'\nfrom = 'b'").contains("unknown field `from`"));
        let auth = "kind = 'header'\nname = 'a'\nsecret = 'b'\nkey = 'c'";
        assert!(toml::from_str::<generic::Auth>(auth).unwrap_err().to_string().contains("unknown field `key`"));
        assert!(read("kind = 'viettel'\nname = 'a'").contains("unknown variant"));
        assert!(read("name = 'a'").contains("missing field `kind`"));
    }
}
