use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use gateway_core::domain::{Procedure, WorkingCalendar};
use gateway_core::ports::{Clock, Randomness};

use crate::faults::{Faults, FaultsError};
use crate::words::Words;

/// The most dossiers one simulator holds.
pub const MOST_DOSSIERS: u64 = 1_000_000;
const MOST_AGENCIES: usize = 1_000;

/// What the simulator is made of. Build it with [`SimulatorConfig::new`] and
/// change what differs.
#[derive(Clone)]
pub struct SimulatorConfig {
    /// The procedures that the portal serves; at least one.
    pub procedures: Vec<Procedure>,
    /// How many dossiers there are: 1 to [`MOST_DOSSIERS`].
    pub dossiers: u64,
    /// Everything that is drawn is drawn from it.
    pub seed: u64,
    /// The province whose portal this is (`H09`).
    pub province: String,
    /// Codes and names of the agencies that receive dossiers; where empty, a
    /// dozen of the province.
    pub agencies: Vec<(String, String)>,
    /// The name that `/mapi/login` takes.
    pub username: String,
    /// The password that `/mapi/login` takes.
    pub password: String,
    /// The only `madonvi` that is served.
    pub agency_code: String,
    /// How long a session lasts; then it expires without notice. At least 1 s.
    pub session_lifetime: Duration,
    /// How long one silent call is silent before its connection is closed.
    pub silence: Duration,
    /// Faults from the start; changed at run time through the control endpoint.
    pub faults: Faults,
    /// Which days are worked.
    pub calendar: WorkingCalendar,
    /// Where today, waiting and session ends come from.
    pub clock: Arc<dyn Clock>,
    /// Where session ids come from.
    pub randomness: Arc<dyn Randomness>,
}

impl SimulatorConfig {
    /// 10,000 dossiers of province H09, user `dakenh`, no faults, sessions of 30 minutes.
    pub fn new(procedures: Vec<Procedure>, clock: Arc<dyn Clock>, randomness: Arc<dyn Randomness>) -> Self {
        Self {
            procedures,
            dossiers: 10_000,
            seed: 1,
            province: "H09".to_owned(),
            agencies: Vec::new(),
            username: "dakenh".to_owned(),
            password: "portal-sim".to_owned(),
            agency_code: "000.00.17.H09".to_owned(),
            session_lifetime: Duration::from_secs(30 * 60),
            silence: Duration::from_secs(30),
            faults: Faults::default(),
            calendar: WorkingCalendar::default(),
            clock,
            randomness,
        }
    }

    /// Checks every setting and fills the agencies in.
    pub(crate) fn validated(mut self, words: &Words) -> Result<Self, ConfigError> {
        if self.procedures.is_empty() {
            return Err(ConfigError::NoProcedures);
        }
        if !(1..=MOST_DOSSIERS).contains(&self.dossiers) {
            return Err(ConfigError::Dossiers(self.dossiers));
        }
        if self.session_lifetime < Duration::from_secs(1) {
            return Err(ConfigError::SessionLifetime);
        }
        if !matches!(self.province.as_bytes(), [b'H', b'0'..=b'9', b'0'..=b'9']) {
            return Err(ConfigError::Province(self.province));
        }
        if self.agencies.is_empty() {
            let province = &self.province;
            self.agencies = words
                .agencies
                .iter()
                .map(|(code, name)| (code.replace("{province}", province), name.clone()))
                .collect();
        }
        if self.agencies.len() > MOST_AGENCIES {
            return Err(ConfigError::TooManyAgencies(self.agencies.len()));
        }
        for (place, (code, _)) in self.agencies.iter().enumerate() {
            let plain = code.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase() || byte == b'.');
            if code.is_empty() || code.len() > 40 || !plain {
                return Err(ConfigError::AgencyCode(code.clone()));
            }
            if self.agencies.iter().take(place).any(|(other, _)| other == code) {
                return Err(ConfigError::AgencyTwice(code.clone()));
            }
        }
        self.faults.validate()?;
        Ok(self)
    }
}

impl fmt::Debug for SimulatorConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Never the password.
        f.debug_struct("SimulatorConfig")
            .field("procedures", &self.procedures.len())
            .field("dossiers", &self.dossiers)
            .field("seed", &self.seed)
            .field("province", &self.province)
            .field("agencies", &self.agencies.len())
            .field("username", &self.username)
            .field("agency_code", &self.agency_code)
            .field("session_lifetime", &self.session_lifetime)
            .field("silence", &self.silence)
            .field("faults", &self.faults)
            .finish_non_exhaustive()
    }
}

/// Why a simulator cannot be built.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// There is nothing to serve.
    #[error("procedures: at least one is needed")]
    NoProcedures,
    /// Too few or too many.
    #[error("dossiers: {0} is not between 1 and 1,000,000")]
    Dossiers(u64),
    /// Too short to be used.
    #[error("session_lifetime: at least one second")]
    SessionLifetime,
    /// Not the code of a province.
    #[error("province: {0:?} is not H and two digits")]
    Province(String),
    /// A code that does not fit a dossier's number.
    #[error("agencies: {0:?} is not a code of digits, capitals and dots")]
    AgencyCode(String),
    /// Two agencies with one code.
    #[error("agencies: {0} stands twice")]
    AgencyTwice(String),
    /// More than a province has.
    #[error("agencies: {0} are more than 1,000")]
    TooManyAgencies(usize),
    /// The calendar has no working day in the last four months.
    #[error("calendar: no working day in the last 120 days")]
    NoWorkingDay,
    /// A fault out of its bounds.
    #[error("faults: {0}")]
    Faults(#[from] FaultsError),
    /// The compiled-in words are broken.
    #[error("words: {0}")]
    Words(#[from] serde_json::Error),
}
