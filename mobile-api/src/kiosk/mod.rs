//! What the house keeps for its terminals beside the Desk: who they are, and how
//! each site wants them.

mod config;
mod signed;

use std::sync::Arc;

use gateway_core::desk::{ContinuationDesk, NoticeBoard};
use gateway_core::domain::{AgencyDirectory, Locale, WorkingCalendar};
use gateway_core::ports::{Calls, Devices, HashKey, Limiter, OfficerAudit, Ratings};
use mobile_api_types::signature::{SignatureProblem, SigningKey};

pub use config::{KioskConfig, KioskConfigProblem, LocalRange, SiteConfig, SiteNotice};
pub(crate) use signed::{NoBody, SignatureHeaders, Signed, SignedDevice, away};

/// What the key is for that signs bundles.
const SIGNING: &str = "dakenh 2026 catalogue bundles, Ed25519 seed";

/// What the terminals' resources need from the composition root.
#[derive(Clone)]
pub struct KioskNeeds {
    /// Who is a terminal.
    pub devices: Arc<dyn Devices>,
    /// Calls for an officer.
    pub calls: Arc<dyn Calls>,
    /// Lets pages go on on phones.
    pub continuations: Arc<ContinuationDesk>,
    /// What citizens think of a service.
    pub ratings: Arc<dyn Ratings>,
    /// What was done to whom.
    pub acts: Arc<dyn OfficerAudit>,
    /// A limiter of the terminals' own: a busy hall takes nothing from citizens.
    pub limiter: Arc<dyn Limiter>,
    /// How each site wants them.
    pub config: Arc<KioskConfig>,
    /// The sites.
    pub agencies: Arc<AgencyDirectory>,
    /// When they are open.
    pub calendar: Arc<WorkingCalendar>,
    /// Announcements.
    pub notices: Arc<NoticeBoard>,
    /// The key of codes' hashes.
    pub hash_key: HashKey,
    /// What signs the catalogue bundle: [`signing_key`].
    pub signing: Arc<SigningKey>,
}

/// The gateway's own key, the same on every node and after every start: it is
/// derived from the operator's secret. Under a new secret terminals are to be
/// enrolled anew.
///
/// # Errors
/// None that is known of.
pub fn signing_key(key: &HashKey) -> Result<SigningKey, SignatureProblem> {
    SigningKey::from_seed(&key.derive(SIGNING))
}

impl KioskNeeds {
    /// A site's name in a language; its code where nobody gave it one.
    pub(crate) fn site_name<'a>(&'a self, site: &'a str, locale: Locale) -> &'a str {
        self.agencies.name_of(site, locale)
    }
}
