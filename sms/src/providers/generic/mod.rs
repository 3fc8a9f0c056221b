//! A provider that its operator describes: which fields its calls have and
//! what proves them, what its interface wants and how it answers.
//!
//! # Known quirks
//! - Answers and JSON bodies only; an interface that speaks XML or lines of text
//!   needs a folder of its own.
//! - Every value of a template is a text. An interface that wants a number in
//!   JSON where a telephone number stands cannot be described.

mod config;
mod inbound;
mod outbound;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use gateway_core::domain::SenderAssurance;
use gateway_core::ports::Clock;

pub use config::{
    Auth, BodyFormat, Encoding, GenericConfig, GenericInbound, GenericOutbound, GenericReceipts, HttpMethod,
    MessageFields, ReceiptFields, Reply, StateWord, Success,
};

use super::config::{Check, ConfigProblem, Vouching};
use super::webhook::Webhook;
use crate::road::Road;
use inbound::GenericWebhook;
use outbound::GenericPeer;

impl GenericConfig {
    /// Checks names, secrets, networks, addresses and every template.
    ///
    /// # Errors
    /// The first [`ConfigProblem`].
    pub fn validate(&self) -> Result<(), ConfigProblem> {
        let check = Check::of(&self.name)?;
        check.text_limit(self.max_text_chars)?;
        if let Some(inbound) = &self.inbound {
            check.networks(&inbound.allow, "inbound.allow")?;
            check.private_line(self.private_line, &inbound.allow)?;
            let addressed = inbound.fields.to.is_some() || inbound.service_number.is_some();
            check.must(addressed, "inbound.service_number", "is needed where fields.to is not there")?;
            let bodiless = inbound.method == HttpMethod::Get;
            check.must(!bodiless || inbound.format == BodyFormat::Query, "inbound.format", "must be query with GET")?;
            let guarded = inbound.auth.proves() || !inbound.allow.is_empty();
            check.must(guarded, "inbound.auth", "is none, and allow is empty: anybody could write")?;
            inbound.auth.validate(&check, "inbound.auth")?;
            let vouched = inbound.auth.proves() || self.sender_assurance != Some(Vouching::Provider);
            check.must(vouched, "sender_assurance", "is provider, but inbound.auth proves no provider")?;
        }
        if let Some(receipts) = &self.receipts {
            check.networks(&receipts.allow, "receipts.allow")?;
            let bodiless = receipts.method == HttpMethod::Get;
            check.must(
                !bodiless || receipts.format == BodyFormat::Query,
                "receipts.format",
                "must be query with GET",
            )?;
            let guarded = receipts.auth.proves() || !receipts.allow.is_empty();
            check.must(guarded, "receipts.auth", "is none, and allow is empty: anybody could report")?;
            receipts.auth.validate(&check, "receipts.auth")?;
        }
        if let Some(outbound) = &self.outbound {
            outbound.road.validate(&check)?;
        }
        // What templates need is what building them needs.
        GenericWebhook::new(self, &check)?;
        GenericPeer::check(self, &check)
    }

    pub(super) fn assurance(&self) -> SenderAssurance {
        let proves = self.inbound.as_ref().is_some_and(|inbound| inbound.auth.proves());
        let usual = if proves { Vouching::Provider } else { Vouching::Claimed };
        self.sender_assurance.unwrap_or(usual).assurance(self.private_line)
    }

    pub(super) fn webhook(&self) -> Result<Arc<dyn Webhook>, ConfigProblem> {
        Ok(Arc::new(GenericWebhook::new(self, &Check::of(&self.name)?)?))
    }

    pub(super) fn road(
        &self,
        client: reqwest::Client,
        clock: Arc<dyn Clock>,
    ) -> Result<Option<Arc<dyn Road>>, ConfigProblem> {
        let Some(outbound) = &self.outbound else { return Ok(None) };
        let peer = GenericPeer::new(&Check::of(&self.name)?, outbound, client, clock.as_ref())?;
        Ok(Some(peer.into_road(&self.name, &outbound.road, clock)))
    }
}
