//! Names that very many dossiers have in common (procedures, agencies,
//! statuses), kept once.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use gateway_core::domain::{Dossier, Status};

/// How many names are kept; a province has some thousands. What comes when
/// they are full is kept with its dossier and counted there.
const MOST_NAMES: usize = 8_192;

/// Longer names are not shared, so that the room has a known size: 8,192 × 600
/// bytes are 5 MB.
const LONGEST_NAME: usize = 600;

#[derive(Default)]
pub(super) struct Names {
    known: Mutex<HashSet<Arc<str>, ahash::RandomState>>,
}

impl Names {
    /// The dossier with shared names, and how many bytes of text remain its
    /// own.
    pub(super) fn share(&self, dossier: &Arc<Dossier>) -> (Arc<Dossier>, usize) {
        let mut own = 0;
        let mut share = |name: &Option<Arc<str>>| {
            name.as_ref().map(|name| {
                let (shared, bytes) = self.one(name);
                own += bytes;
                shared
            })
        };
        let procedure_name = share(&dossier.procedure_name);
        let agency = share(&dossier.agency);
        let source_text = share(&dossier.status.source_text);
        let shared = Dossier {
            number: dossier.number.clone(),
            procedure_code: dossier.procedure_code.clone(),
            procedure_name,
            agency,
            status: Status { phase: dossier.status.phase, code: dossier.status.code.clone(), source_text },
            reason_kind: dossier.reason_kind,
            received_at: dossier.received_at,
            due_at: dossier.due_at,
            finished_at: dossier.finished_at,
            returned_at: dossier.returned_at,
            by_post: dossier.by_post,
        };
        (Arc::new(shared), own)
    }

    fn one(&self, name: &Arc<str>) -> (Arc<str>, usize) {
        if name.len() > LONGEST_NAME {
            return (Arc::clone(name), name.len());
        }
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(shared) = known.get(name) {
            return (Arc::clone(shared), 0);
        }
        if known.len() >= MOST_NAMES {
            return (Arc::clone(name), name.len());
        }
        known.insert(Arc::clone(name));
        (Arc::clone(name), 0)
    }
}
