use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use arc_swap::ArcSwap;
use axum::Router;
use jiff::{SignedDuration, Timestamp};

use crate::config::{ConfigError, SimulatorConfig};
use crate::control;
use crate::days::Moment;
use crate::dossiers::Dossiers;
use crate::faults::{Fate, Faults, FaultsError};
use crate::samples::{self, Sample};
use crate::sessions::Sessions;
use crate::stats::Stats;
use crate::timeline::moment;
use crate::wire;
use crate::words::Words;
use crate::writes::Writes;

/// A portal to run against. A handle: clones share one portal.
#[derive(Clone)]
pub struct Simulator {
    state: Arc<State>,
}

/// Everything that one portal holds.
pub(crate) struct State {
    pub(crate) config: SimulatorConfig,
    pub(crate) words: Words,
    pub(crate) dossiers: Dossiers,
    pub(crate) catalogue: Catalogue,
    pub(crate) sessions: Sessions,
    pub(crate) writes: Writes,
    pub(crate) stats: Stats,
    faults: ArcSwap<Faults>,
    calls: AtomicU64,
}

/// What is looked up of the procedures.
pub(crate) struct Catalogue {
    /// Procedures by code.
    by_code: HashMap<String, usize>,
    /// Fields of administration, in the order of their first procedure.
    pub(crate) fields: Vec<String>,
    /// The field of each procedure.
    field_of: Vec<usize>,
}

/// What meets one call.
pub(crate) struct Call {
    pub(crate) number: u64,
    pub(crate) latency: Option<Duration>,
    pub(crate) fate: Fate,
    pub(crate) untidy: bool,
}

impl Simulator {
    /// Builds a portal. Its dossiers were received on the working days of the
    /// 120 days before the clock's today.
    ///
    /// # Errors
    /// [`ConfigError`] names the setting.
    pub fn new(config: SimulatorConfig) -> Result<Self, ConfigError> {
        let words = Words::read()?;
        let mut config = config.validated(&words)?;
        let dossiers = Dossiers::new(&mut config).ok_or(ConfigError::NoWorkingDay)?;
        let catalogue = Catalogue::of(&dossiers);
        let faults = ArcSwap::from_pointee(config.faults.clone());
        let state = State {
            config,
            words,
            dossiers,
            catalogue,
            sessions: Sessions::default(),
            writes: Writes::default(),
            stats: Stats::default(),
            faults,
            calls: AtomicU64::new(0),
        };
        Ok(Self { state: Arc::new(state) })
    }

    /// The portal's wire: `POST /mapi/login` and `POST /mapi/g`.
    pub fn router(&self) -> Router {
        wire::router(Arc::clone(&self.state))
    }

    /// The control endpoints under `/internal`. No fault touches them. They
    /// ask for no password: keep them on the loopback.
    pub fn internal_router(&self) -> Router {
        control::router(Arc::clone(&self.state))
    }

    /// The number of the dossier of an index; `None` from the number of
    /// dossiers on.
    pub fn dossier_by_index(&self, index: u64) -> Option<String> {
        self.state.dossiers.number(index)
    }

    /// One number for each thing that a visitor may want to try, as it stands
    /// now; what a small set does not hold is left out.
    pub fn samples(&self) -> Vec<Sample> {
        samples::samples(&self.state)
    }

    /// What is wrong with the portal now.
    pub fn faults(&self) -> Faults {
        self.state.faults().as_ref().clone()
    }

    /// Sets what is wrong with the portal.
    ///
    /// # Errors
    /// [`FaultsError`]; then nothing changes.
    pub fn set_faults(&self, faults: Faults) -> Result<(), FaultsError> {
        self.state.set_faults(faults)
    }
}

impl fmt::Debug for Simulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Simulator").field(&self.state.config).finish()
    }
}

impl State {
    pub(crate) fn now(&self) -> Timestamp {
        self.config.clock.now()
    }

    pub(crate) fn now_moment(&self) -> Moment {
        moment(self.now())
    }

    pub(crate) fn faults(&self) -> Arc<Faults> {
        self.faults.load_full()
    }

    pub(crate) fn set_faults(&self, faults: Faults) -> Result<(), FaultsError> {
        faults.validate()?;
        self.faults.store(Arc::new(faults));
        Ok(())
    }

    /// Draws what meets the next call.
    pub(crate) fn next_call(&self) -> Call {
        let number = self.calls.fetch_add(1, Ordering::Relaxed);
        let faults = self.faults.load();
        let (latency, fate) = faults.draw(self.config.seed, number);
        Call { number, latency, fate, untidy: faults.untidy }
    }

    pub(crate) fn session_lifetime(&self) -> SignedDuration {
        SignedDuration::try_from(self.config.session_lifetime).unwrap_or(SignedDuration::MAX)
    }
}

impl Catalogue {
    fn of(dossiers: &Dossiers) -> Self {
        let mut fields: Vec<String> = Vec::new();
        let mut places: HashMap<&str, usize> = HashMap::new();
        let mut field_of = Vec::with_capacity(dossiers.procedures.len());
        let mut by_code = HashMap::with_capacity(dossiers.procedures.len());
        for (index, procedure) in dossiers.procedures.iter().enumerate() {
            by_code.entry(procedure.code.to_string()).or_insert(index);
            let place = *places.entry(&procedure.field).or_insert_with(|| {
                fields.push(procedure.field.clone());
                fields.len() - 1
            });
            field_of.push(place);
        }
        Self { by_code, fields, field_of }
    }

    /// The place of a procedure.
    pub(crate) fn procedure(&self, code: &str) -> Option<usize> {
        self.by_code.get(code).copied()
    }

    /// The place of a procedure's field.
    pub(crate) fn field_of(&self, procedure: usize) -> usize {
        self.field_of.get(procedure).copied().unwrap_or_default()
    }
}
