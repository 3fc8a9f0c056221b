//! What a terminal does every minute or so, in one call.

use jiff::Timestamp;
use mobile_api_types::{HeartbeatRequest, NetworkView, PrinterState, PrinterView};

use crate::calls::Fresh;
use crate::catalogue::{CatalogueShelf, Received, ShelfProblem};
use crate::error::ClientError;
use crate::gateway::Gateway;
use crate::last_known::LastKnown;
use crate::local_tickets::{LocalTicketBook, Reconciled};

/// How the terminal is: nothing of any citizen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vitals {
    /// Its version.
    pub version: String,
    /// Its printer.
    pub printer: PrinterState,
    /// When it was last touched.
    pub last_use: Option<Timestamp>,
    /// Screens that failed since its start.
    pub screens_failed: u32,
    /// `settings_version` of the settings that it has.
    pub settings_version: Option<String>,
}

/// What a round brought. Each part stands for itself: one that failed keeps
/// none of the others from being done.
#[derive(Debug, Default)]
pub struct Round {
    /// The gateway answered to the heartbeat.
    pub heard: bool,
    /// New settings are kept ([`LastKnown::settings`]): take them.
    pub settings_changed: bool,
    /// A new catalogue is kept.
    pub catalogue_changed: bool,
    /// Numbers given without the gateway that it knows now.
    pub reconciled: Reconciled,
    /// The first thing that went wrong.
    pub problem: Option<ClientError>,
}

impl Gateway {
    /// Tells numbers that wait, tells how the terminal is, and takes what is new:
    /// settings and catalogue in each language, the queue's services. When the
    /// heartbeat is not heard nothing more is tried.
    pub async fn round(
        &self,
        vitals: &Vitals,
        languages: &[&str],
        known: &LastKnown,
        shelf: &CatalogueShelf,
        book: Option<&LocalTicketBook>,
    ) -> Round {
        let mut round = Round::default();
        let answer = match self.heartbeat(&self.beat(vitals, languages, shelf)).await {
            Ok(answer) => answer,
            Err(error) => {
                round.problem = Some(error);
                return round;
            }
        };
        round.heard = true;
        // First what people hold in their hands.
        if let Some(book) = book {
            match book.reconcile(self).await {
                Ok(Ok(reconciled)) => round.reconciled = reconciled,
                Ok(Err(problem)) => tracing::error!(%problem, "the terminal's own numbers cannot be written down"),
                Err(error) => round.note(error),
            }
        }
        for language in languages {
            if answer.settings_changed || known.settings(language).is_none() {
                self.take_settings(language, known, &mut round).await;
            }
            match self.queue(language).await {
                Ok(queue) => kept(known.keep_queue(language, &queue)),
                Err(error) => round.note(error),
            }
            match shelf.receive(self, language).await {
                Ok(Received::New(at)) => {
                    tracing::info!(language, made_at = %at, "a new catalogue");
                    round.catalogue_changed = true;
                }
                Ok(Received::Unchanged) => {}
                Ok(Received::Older) => tracing::warn!(language, "the gateway's catalogue is older than ours"),
                Err(ShelfProblem::Client(error)) => round.note(error),
                Err(problem) => tracing::error!(%problem, language, "no new catalogue"),
            }
        }
        round
    }

    async fn take_settings(&self, language: &str, known: &LastKnown, round: &mut Round) {
        match self.settings(language, None).await {
            Ok(Fresh::New(settings, _)) => {
                round.settings_changed |= known.settings(language).as_ref() != Some(&settings);
                kept(known.keep_settings(language, &settings));
            }
            Ok(Fresh::Unchanged) => {}
            Err(error) => round.note(error),
        }
    }

    fn beat(&self, vitals: &Vitals, languages: &[&str], shelf: &CatalogueShelf) -> HeartbeatRequest {
        let catalogue_at = self
            .gateway_key()
            .and_then(|key| languages.first().and_then(|language| shelf.made_at(language, &key).ok().flatten()));
        HeartbeatRequest {
            version: vitals.version.clone(),
            printer: PrinterView { state: vitals.printer },
            network: NetworkView {
                latency_ms: self.latency().and_then(|latency| u32::try_from(latency.as_millis()).ok()),
            },
            catalogue_at,
            // To the minute: when somebody stood there is nobody's business.
            last_use: vitals.last_use.and_then(to_the_minute),
            screens_failed: vitals.screens_failed,
            settings_version: vitals.settings_version.clone(),
        }
    }
}

impl Round {
    fn note(&mut self, error: ClientError) {
        tracing::debug!(code = error.code(), "part of a round failed");
        self.problem.get_or_insert(error);
    }
}

fn kept(result: Result<(), crate::files::FileProblem>) {
    if let Err(problem) = result {
        tracing::error!(%problem, "what the gateway said cannot be kept");
    }
}

fn to_the_minute(at: Timestamp) -> Option<Timestamp> {
    let second = at.as_second();
    Timestamp::from_second(second - second.rem_euclid(60)).ok()
}
