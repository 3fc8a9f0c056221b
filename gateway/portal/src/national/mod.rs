//! The national portal adapter: a JSON-over-HTTP RPC with a login and named
//! services. What it calls is in `service`, what it gets in `wire`.

mod client;
pub(crate) mod fuzz;
mod http;
mod rating;
mod read_dossier;
mod read_procedure;
mod service;
mod session;
mod wire;
mod words;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use gateway_core::domain::{
    Dossier, DossierNumber, Knowledge, OwnerView, Procedure, ProcedureCode, Rating, StatusMap, local_date,
};
use gateway_core::ports::{Clock, Portal, PortalError, Randomness};
use jiff::Timestamp;
use tokio::time::Instant;
use tower::ServiceExt;
use tower::util::BoxCloneSyncService;

use client::{NationalCall, NationalClient};
use http::{Http, Parameter};
use rating::RatingWriter;
use read_dossier::DossierReader;
use read_procedure::ProcedureReader;
use session::Sessions;
use wire::dossier::WireDossier;
use wire::envelope::{Envelope, read_body};
use wire::lenient::Element;
use wire::procedure::{WireListed, WireProcedure};

use crate::config::{ConfigProblem, NationalConfig, StackConfig};
use crate::health::Health;
use crate::stack::{StackParts, stack};

/// What the adapter is handed beside its settings.
pub struct NationalParts {
    /// From [`crate::http_client`].
    pub client: reqwest::Client,
    /// What the source's statuses mean.
    pub statuses: StatusMap,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// For jitter.
    pub randomness: Arc<dyn Randomness>,
}

/// A portal that speaks the protocol of the national portal adapter, with the
/// stack of timeouts, retries, breaker and limits around every call.
///
/// Install the metrics recorder before building one: handles are registered
/// here, once.
pub struct NationalPortal {
    calls: BoxCloneSyncService<NationalCall, Bytes, PortalError>,
    dossiers: DossierReader,
    procedures: ProcedureReader,
    ratings: RatingWriter,
    clock: Arc<dyn Clock>,
    health: Arc<Health>,
    /// A well-formed number that no agency ever gave: serial 0 of a day in 2000.
    nobodys_number: String,
}

impl NationalPortal {
    /// An adapter. Nothing is called yet; the first question logs in.
    ///
    /// # Errors
    /// A setting that cannot work.
    pub fn new(national: &NationalConfig, limits: &StackConfig, parts: NationalParts) -> Result<Self, ConfigProblem> {
        national.validate()?;
        limits.validate()?;
        let NationalParts { client, statuses, clock, randomness } = parts;
        let health = Arc::new(Health::new());
        let http = Http::new(client, national)?;
        let refused_pause = Duration::from_millis(national.session.refused_pause_ms);
        let sessions = Arc::new(Sessions::new(http.clone(), limits.call_timeout(), refused_pause));
        let client = NationalClient::new(http, sessions, &national.session);
        let stack_parts =
            StackParts { clock: Arc::clone(&clock), randomness, health: Arc::clone(&health), services: service::ALL };
        Ok(Self {
            calls: stack(limits, &stack_parts, client),
            dossiers: DossierReader::new(statuses, &national.reasons),
            procedures: ProcedureReader::new(national),
            ratings: RatingWriter::new(&national.rating),
            clock,
            health,
            nobodys_number: format!("{}-000101-0000", national.agency_code.trim()),
        })
    }

    /// What the calls of late tell of the portal; for readiness and metrics.
    pub fn health(&self) -> Arc<Health> {
        Arc::clone(&self.health)
    }

    async fn call<T: for<'de> Element<'de>>(
        &self,
        service: &'static str,
        parameter: Parameter,
        deadline: Timestamp,
    ) -> Result<Vec<T>, PortalError> {
        let body = self.body(service, parameter, deadline).await?;
        read_body::<Envelope<T>>(service, &body)?.list(service)
    }

    /// The body of an answer whose error code says success.
    async fn body(
        &self,
        service: &'static str,
        parameter: Parameter,
        deadline: Timestamp,
    ) -> Result<Bytes, PortalError> {
        let remaining = deadline.duration_since(self.clock.now());
        let remaining = Duration::try_from(remaining).unwrap_or(Duration::ZERO);
        let call = NationalCall { service, parameter, deadline: Instant::now() + remaining.min(LONGEST_WAIT) };
        self.calls.clone().oneshot(call).await
    }

    async fn wire_dossier(
        &self,
        number: &DossierNumber,
        deadline: Timestamp,
    ) -> Result<Option<WireDossier>, PortalError> {
        let parameter = Parameter::Dossier(number.as_str().to_owned());
        let found = self.call(service::DOSSIER, parameter, deadline).await?;
        DossierReader::pick(found, number)
    }

    fn fresh<T>(&self, value: T) -> Knowledge<T> {
        Knowledge { value, as_of: self.clock.now(), stale: false }
    }
}

/// No call waits longer than this, however far its deadline is.
const LONGEST_WAIT: Duration = Duration::from_secs(300);

#[async_trait]
impl Portal for NationalPortal {
    async fn dossier(
        &self,
        number: &DossierNumber,
        deadline: Timestamp,
    ) -> Result<Option<Knowledge<Arc<Dossier>>>, PortalError> {
        let Some(wire) = self.wire_dossier(number, deadline).await? else { return Ok(None) };
        let dossier = self.dossiers.public(&wire, number)?;
        Ok(Some(self.fresh(Arc::new(dossier))))
    }

    async fn owner_view(
        &self,
        number: &DossierNumber,
        deadline: Timestamp,
    ) -> Result<Option<Knowledge<OwnerView>>, PortalError> {
        let Some(wire) = self.wire_dossier(number, deadline).await? else { return Ok(None) };
        let view = self.dossiers.owner(&wire, number)?;
        Ok(Some(self.fresh(view)))
    }

    async fn procedure_list(&self, deadline: Timestamp) -> Result<Vec<(ProcedureCode, String)>, PortalError> {
        let lines: Vec<WireListed> = self.call(service::PROCEDURES, Parameter::None, deadline).await?;
        Ok(ProcedureReader::listed(&lines))
    }

    async fn procedure(&self, code: &ProcedureCode, deadline: Timestamp) -> Result<Option<Procedure>, PortalError> {
        let parameter = Parameter::Procedure(code.as_str().to_owned());
        let found: Vec<WireProcedure> = self.call(service::PROCEDURE, parameter, deadline).await?;
        let Some(wire) = found.first() else { return Ok(None) };
        self.procedures.read(wire, code, local_date(self.clock.now())).map(Some)
    }

    async fn rate(&self, number: &DossierNumber, rating: &Rating, deadline: Timestamp) -> Result<(), PortalError> {
        let entry = self.ratings.entry(number, rating);
        self.body(service::RATING, Parameter::Entry(entry), deadline).await.map(drop)
    }

    /// Asks for a dossier that nobody has: the cheapest question that needs a
    /// session and the portal's data base.
    async fn ping(&self, deadline: Timestamp) -> Result<(), PortalError> {
        let parameter = Parameter::Dossier(self.nobodys_number.clone());
        let _: Vec<WireDossier> = self.call(service::DOSSIER, parameter, deadline).await?;
        Ok(())
    }
}
