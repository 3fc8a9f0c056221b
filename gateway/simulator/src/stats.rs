//! Counters of calls and of the faults that met them.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::faults::Fate;
use crate::wire::Service;

/// What has been called since the start.
#[derive(Debug, Default)]
pub(crate) struct Stats {
    logins: AtomicU64,
    unknown: AtomicU64,
    services: [AtomicU64; Service::ALL.len()],
    faults: [AtomicU64; 6],
}

impl Stats {
    pub(crate) fn login(&self) {
        self.logins.fetch_add(1, Ordering::Relaxed);
    }

    /// A call that names no service, or one that there is not.
    pub(crate) fn unknown(&self) {
        self.unknown.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn call(&self, service: Service) {
        if let Some(counter) = self.services.get(service as usize) {
            counter.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(crate) fn fault(&self, fate: Fate) {
        let place = match fate {
            Fate::Answered => return,
            Fate::Stopped => 0,
            Fate::Silent => 1,
            Fate::Error => 2,
            Fate::Page => 3,
            Fate::Cut => 4,
            Fate::SessionEnds => 5,
        };
        self.faults[place].fetch_add(1, Ordering::Relaxed);
    }

    /// Calls by service, `login` and `unknown` among them.
    pub(crate) fn calls(&self) -> BTreeMap<&'static str, u64> {
        let own = [("login", &self.logins), ("unknown", &self.unknown)];
        let services = Service::ALL.iter().map(|service| service.name()).zip(&self.services);
        services.chain(own).map(|(name, counter)| (name, counter.load(Ordering::Relaxed))).collect()
    }

    /// Calls that met a fault, by fault.
    pub(crate) fn faults(&self) -> BTreeMap<&'static str, u64> {
        ["stop", "silence", "error", "html", "cut", "expired_session"]
            .into_iter()
            .zip(&self.faults)
            .map(|(name, counter)| (name, counter.load(Ordering::Relaxed)))
            .collect()
    }
}
