use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;

use crate::domain::{Dossier, DossierNumber, Knowledge, OwnerView, Procedure, ProcedureCode};

/// An online service portal. "Not found" is `Ok(None)`.
///
/// `deadline` is the moment at which the citizen's channel gives up; an
/// adapter never works past it.
#[async_trait]
pub trait Portal: Send + Sync {
    /// What anybody may see of a dossier. May be answered from a cache, then
    /// labelled with its age; stale only where the portal does not answer.
    async fn dossier(
        &self,
        number: &DossierNumber,
        deadline: Timestamp,
    ) -> Result<Option<Knowledge<Arc<Dossier>>>, PortalError>;

    /// What the owner may see, with the owner's data for checking a proof.
    /// Always fresh from the source.
    async fn owner_view(
        &self,
        number: &DossierNumber,
        deadline: Timestamp,
    ) -> Result<Option<Knowledge<OwnerView>>, PortalError>;

    /// Codes and names of the procedures that the portal serves.
    async fn procedure_list(&self, deadline: Timestamp) -> Result<Vec<(ProcedureCode, String)>, PortalError>;

    /// One procedure in full.
    async fn procedure(&self, code: &ProcedureCode, deadline: Timestamp) -> Result<Option<Procedure>, PortalError>;

    /// Whether the portal answers now: a cheap call that a readiness probe
    /// may make. It never uses a cache.
    async fn ping(&self, deadline: Timestamp) -> Result<(), PortalError>;
}

/// Why the portal gave no answer. Its text is exact and for the log; it holds
/// no personal data.
#[derive(Debug, Clone, thiserror::Error)]
#[error("portal service {service}: {fault}")]
pub struct PortalError {
    /// The service that was called (`TraCuuHoSo`), or `login`.
    pub service: &'static str,
    /// What went wrong.
    pub fault: PortalFault,
}

/// What went wrong at the portal.
#[derive(Debug, Clone, thiserror::Error)]
pub enum PortalFault {
    /// No connection, or it broke.
    #[error("not reachable: {0}")]
    Unreachable(Arc<str>),
    /// No answer within the time.
    #[error("no answer within {0:?}")]
    TimedOut(Duration),
    /// The circuit breaker is open, or the queue before the portal is full.
    #[error("not called: {0}")]
    NotCalled(&'static str),
    /// Name or password were refused.
    #[error("login refused with error code {0}")]
    LoginRefused(Arc<str>),
    /// The portal answered with an error code of its own.
    #[error("answered error code {0}")]
    ErrorCode(Arc<str>),
    /// An answer that cannot be read; the field is named.
    #[error("unreadable field {field}: {problem}")]
    Unreadable {
        /// The field, or `body`.
        field: Arc<str>,
        /// What is wrong with it, without its value.
        problem: Arc<str>,
    },
}

impl PortalError {
    /// A stable word for metrics.
    pub const fn key(&self) -> &'static str {
        match self.fault {
            PortalFault::Unreachable(_) => "unreachable",
            PortalFault::TimedOut(_) => "timed_out",
            PortalFault::NotCalled(_) => "not_called",
            PortalFault::LoginRefused(_) => "login_refused",
            PortalFault::ErrorCode(_) => "error_code",
            PortalFault::Unreadable { .. } => "unreadable",
        }
    }

    /// Whether another try of an idempotent read may help.
    pub const fn retryable(&self) -> bool {
        matches!(self.fault, PortalFault::Unreachable(_) | PortalFault::TimedOut(_) | PortalFault::Unreadable { .. })
    }
}
