//! Zalo Official Account: the messenger that most people in Vietnam use.
//!
//! ```text
//! Zalo ── POST /webhooks/zalo ─→ event (proof, reading) ─→ Intake ─→ on disk ─→ 200
//! Wire ─→ send ─→ token ─→ POST {api}/v3.0/oa/message/cs
//!                   └ tokens: kept sealed, refreshed by one node of all
//! ```
//!
//! Zalo's documents are open to those who sign in only, so what is written here
//! comes from programs and guides that others published in 2023–2026; nothing
//! of it was tried against Zalo itself. *Seen* means: in several of them alike.
//!
//! - Seen: the form of `user_send_*`, `follow`, `unfollow`; the signature; the
//!   address, header and body of a message; `error` 0 with `message_id`; −216;
//!   the refresh of tokens and that a refresh token is good once; that a text of
//!   more than 2,000 characters is refused; buttons `oa.query.show` beside the
//!   text and that they come back as `user_send_text`; −230 outside of seven
//!   days; `data.quota`.
//! - Likely: the other codes (−32, −211, −218, −224 and their like), that titles
//!   have 100 and payloads 1,000 characters, the plan by which Zalo sends again
//!   (30 s, 5 min, 15 min, 30 min, 1 h), the life of an access token (an hour
//!   in one guide, 25 in others: what the answer tells is believed).
//!
//! The signature covers the raw body, and with it every field; the body is
//! wrapped in braces and the time in digits, so no two fields can share their
//! letters.

mod config;
mod event;
mod fuzz;
mod http;
mod send;
mod tokens;
mod webhook;

use std::sync::Arc;

use gateway_core::domain::Provider;
use gateway_core::ports::{Clock, Credentials, Leases, Randomness};
use gateway_http::Task;
use tokio_util::sync::CancellationToken;

use crate::messenger::Wire;
pub use config::{ZaloConfig, ZaloConfigProblem};
#[doc(hidden)]
pub use fuzz::fuzz_event;
use send::ZaloWire;
use tokens::Tokens;
pub use tokens::{AuthoriseProblem, Standing, authorise, standing, try_again};
pub use webhook::{WEBHOOK_PATH, Webhook};

/// The account's name in rows and metrics: there is one.
const PROVIDER: &str = "oa";

/// What the account needs from the house.
pub struct ZaloNeeds {
    /// Without redirects, retries and a proxy of its own.
    pub client: reqwest::Client,
    /// Where tokens are kept.
    pub credentials: Arc<dyn Credentials>,
    /// Who refreshes them.
    pub leases: Arc<dyn Leases>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// For the name of this node.
    pub randomness: Arc<dyn Randomness>,
    /// Ends the tasks.
    pub stop: CancellationToken,
}

/// The account, ready to be composed.
pub struct ZaloParts {
    /// How it sends.
    pub wire: Arc<dyn Wire>,
    /// How it hears, once it is told where events go.
    pub webhook: Webhook,
    /// What looks after its tokens. Without it nothing is sent.
    pub tasks: Vec<Task>,
}

/// Puts the account together.
///
/// # Errors
/// A setting that cannot be used, or no application at all.
pub fn build(config: &ZaloConfig, needs: ZaloNeeds) -> Result<ZaloParts, ZaloConfigProblem> {
    config.validate()?;
    if !config.is_there() {
        return Err(ZaloConfigProblem { setting: "app_id", problem: "is empty" });
    }
    describe_metrics();
    let (api, oauth) = (config.api()?, config.oauth()?);
    let config = Arc::new(config.clone());
    let ZaloNeeds { client, credentials, leases, clock, randomness, stop } = needs;
    let holder = format!("{:016x}", randomness.next_u64());
    let oauth = (client.clone(), oauth);
    let tokens = Tokens::new(Arc::clone(&config), oauth, credentials, leases, Arc::clone(&clock), holder);
    let tokens = Arc::new(tokens);
    let provider = Provider::new(PROVIDER);
    let keep: Task = Box::pin(Arc::clone(&tokens).keep(stop));
    let webhook = Webhook { config: Arc::clone(&config), provider: provider.clone(), clock };
    let wire = Arc::new(ZaloWire { provider, config, client, url: api, tokens });
    Ok(ZaloParts { wire, webhook, tasks: vec![keep] })
}

fn describe_metrics() {
    metrics::describe_counter!("zalo_events_total", "Events of Zalo's webhook, by what became of them");
    metrics::describe_counter!("zalo_sends_total", "Messages handed to Zalo, by outcome");
    metrics::describe_counter!("zalo_token_refreshes_total", "Refreshes of Zalo's tokens, by outcome");
    metrics::describe_gauge!("zalo_token_needs_operator", "1 where only dakenh zalo authorise helps");
    metrics::describe_gauge!("zalo_quota_remaining", "Messages that Zalo said were left, by kind");
}
