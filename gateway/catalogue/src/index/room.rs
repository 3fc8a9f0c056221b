//! Room to reckon in: some hundred kilobytes a question, taken once and used
//! again instead of being allocated and cleared by the system each time.

use std::sync::Mutex;

use super::{phrases, search};

/// Rooms that are kept; more questions than that at one time take their own.
const KEPT: usize = 8;

/// What one question needs while it is answered.
#[derive(Default)]
pub(super) struct Room {
    pub(super) search: search::Room,
    pub(super) phrases: phrases::Room,
    pub(super) fits: Vec<f32>,
}

/// The rooms of one state of the catalogue, which are all of one size.
#[derive(Default)]
pub(super) struct Rooms(Mutex<Vec<Room>>);

impl Rooms {
    /// Does something in a room of its own. It never waits: where another thread
    /// is just taking a room, a new one is made.
    pub(super) fn with<T>(&self, work: impl FnOnce(&mut Room) -> T) -> T {
        let mut room = self.0.try_lock().ok().and_then(|mut free| free.pop()).unwrap_or_default();
        let done = work(&mut room);
        if let Ok(mut free) = self.0.try_lock()
            && free.len() < KEPT
        {
            free.push(room);
        }
        done
    }
}
