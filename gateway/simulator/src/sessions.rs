//! Sessions of the adapter: given by `/mapi/login`, ended without notice.

use std::collections::HashMap;

use gateway_core::ports::Randomness;
use jiff::{SignedDuration, Timestamp};
use parking_lot::RwLock;

/// Sessions that live at once; the one that ends first makes room.
const MOST_SESSIONS: usize = 1_000;

/// The open sessions, with the moment at which each ends.
#[derive(Debug, Default)]
pub(crate) struct Sessions {
    open: RwLock<HashMap<String, Timestamp>>,
}

impl Sessions {
    /// Opens one.
    pub(crate) fn open(&self, now: Timestamp, lifetime: SignedDuration, randomness: &dyn Randomness) -> String {
        let id = format!("{:016x}{:016x}", randomness.next_u64(), randomness.next_u64());
        let ends = now.checked_add(lifetime).unwrap_or(Timestamp::MAX);
        let mut open = self.open.write();
        if open.len() >= MOST_SESSIONS {
            open.retain(|_, ends| *ends > now);
        }
        if open.len() >= MOST_SESSIONS
            && let Some(first) = open.iter().min_by_key(|(_, ends)| **ends).map(|(id, _)| id.clone())
        {
            open.remove(&first);
        }
        open.insert(id.clone(), ends);
        id
    }

    /// Whether a session is open.
    pub(crate) fn holds(&self, id: &str, now: Timestamp) -> bool {
        self.open.read().get(id).is_some_and(|ends| *ends > now)
    }

    /// Ends one.
    pub(crate) fn end(&self, id: &str) {
        self.open.write().remove(id);
    }

    /// Ends all.
    pub(crate) fn end_all(&self) {
        self.open.write().clear();
    }

    /// How many are known.
    pub(crate) fn len(&self) -> usize {
        self.open.read().len()
    }
}
