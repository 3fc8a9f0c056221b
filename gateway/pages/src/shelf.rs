//! What the pages offer to whoever has not searched yet.

use std::sync::Arc;

use gateway_core::domain::{Procedure, ProcedureCode};
use gateway_core::ports::Catalogue;

use crate::keys::{self, Key};

/// The procedures that are offered, by their codes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shelf {
    /// Most asked first.
    pub most_asked: Vec<ProcedureCode>,
    /// For what happens in a life, in the order in which it is offered.
    pub events: Vec<(LifeEvent, Vec<ProcedureCode>)>,
}

impl Shelf {
    /// An event's codes.
    pub(crate) fn of(&self, event: LifeEvent) -> &[ProcedureCode] {
        self.events.iter().find(|(one, _)| *one == event).map_or(&[], |(_, codes)| codes)
    }
}

/// Those of them that the catalogue holds.
pub(crate) fn held(catalogue: &dyn Catalogue, codes: &[ProcedureCode]) -> Vec<Arc<Procedure>> {
    codes.iter().filter_map(|code| catalogue.procedure(code)).collect()
}

/// What happens in a life and wants papers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LifeEvent {
    /// A child is born.
    Child,
    /// People marry.
    Marriage,
    /// People move.
    Home,
    /// Personal papers.
    Papers,
    /// A vehicle, a licence.
    Vehicle,
    /// A business.
    Business,
    /// Land and houses.
    Land,
    /// Somebody dies.
    Farewell,
}

impl LifeEvent {
    /// Every event, in the order in which they are offered.
    pub const ALL: [Self; 8] = [
        Self::Child,
        Self::Marriage,
        Self::Home,
        Self::Papers,
        Self::Vehicle,
        Self::Business,
        Self::Land,
        Self::Farewell,
    ];

    /// A stable word for settings and addresses.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Child => "child",
            Self::Marriage => "marriage",
            Self::Home => "home",
            Self::Papers => "papers",
            Self::Vehicle => "vehicle",
            Self::Business => "business",
            Self::Land => "land",
            Self::Farewell => "farewell",
        }
    }

    /// The event of a stable word.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|event| event.key() == key)
    }

    pub(crate) const fn label(self) -> Key {
        match self {
            Self::Child => keys::EVENT_CHILD,
            Self::Marriage => keys::EVENT_MARRIAGE,
            Self::Home => keys::EVENT_HOME,
            Self::Papers => keys::EVENT_PAPERS,
            Self::Vehicle => keys::EVENT_VEHICLE,
            Self::Business => keys::EVENT_BUSINESS,
            Self::Land => keys::EVENT_LAND,
            Self::Farewell => keys::EVENT_FAREWELL,
        }
    }
}
