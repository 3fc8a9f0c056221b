//! What the house keeps for its terminals beside the Desk: who they are, and how
//! each site wants them.

mod config;
mod signed;

use std::sync::Arc;

use gateway_core::desk::{ContinuationDesk, NoticeBoard};
use gateway_core::domain::queue::{HeldRanges, RangeWish, SerialRange, SiteCode};
use gateway_core::domain::{AgencyDirectory, Locale, WorkingCalendar, local_date};
use gateway_core::ports::{Calls, Devices, HashKey, Limiter, LocalRanges, OfficerAudit, Ratings};
use gateway_http::Problem;
use jiff::Timestamp;
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
    /// Which terminal may give which numbers by itself.
    pub ranges: Arc<dyn LocalRanges>,
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
    /// What the terminal may give by itself, as the operator decided and as no other
    /// terminal may have given it today; kept before it is told.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn ranges_of(&self, device: &SignedDevice, now: Timestamp) -> Result<HeldRanges, Problem> {
        // A site that no queue can have has no numbers.
        let Some(site) = SiteCode::parse(&device.site) else { return Ok(HeldRanges::default()) };
        let reserved = self.config.local_range(&device.site, device.name.as_str());
        let wish = RangeWish {
            device: device.id.clone(),
            name: device.name.as_str().into(),
            site,
            range: reserved.and_then(|range| SerialRange::new(range.from, range.to)),
            day: local_date(now),
        };
        self.ranges.hold(&wish).await.map_err(|problem| away(&problem))
    }

    /// A site's name in a language; its code where nobody gave it one.
    pub(crate) fn site_name<'a>(&'a self, site: &'a str, locale: Locale) -> &'a str {
        self.agencies.name_of(site, locale)
    }
}
