//! Loads under way: one for each number, whoever asks for it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use gateway_core::domain::DossierNumber;
use tokio::sync::watch;

pub(super) struct Flights<T> {
    under_way: Mutex<HashMap<DossierNumber, watch::Receiver<Option<T>>, ahash::RandomState>>,
}

impl<T> Default for Flights<T> {
    fn default() -> Self {
        Self { under_way: Mutex::default() }
    }
}

impl<T: Clone> Flights<T> {
    /// The load of this number, or the one that `start` begins.
    pub(super) fn join(&self, number: &DossierNumber, start: impl FnOnce(Landing<T>)) -> Flight<T> {
        let mut under_way = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(flight) = under_way.get(number)
            // A load whose task died without a word is begun anew.
            && flight.has_changed().is_ok()
        {
            return Flight(flight.clone());
        }
        let (sender, receiver) = watch::channel(None);
        under_way.insert(number.clone(), receiver.clone());
        start(Landing { sender, number: number.clone() });
        Flight(receiver)
    }
}

/// Waits for a load.
pub(super) struct Flight<T>(watch::Receiver<Option<T>>);

impl<T: Clone> Flight<T> {
    /// What it brought; `None` where its task died.
    pub(super) async fn arrival(mut self) -> Option<T> {
        let arrived = self.0.wait_for(Option::is_some).await.ok()?;
        arrived.clone()
    }
}

/// Ends a load.
pub(super) struct Landing<T> {
    sender: watch::Sender<Option<T>>,
    number: DossierNumber,
}

impl<T> Landing<T> {
    pub(super) fn land(self, flights: &Flights<T>, value: T) {
        flights.under_way.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.number);
        // Fails only where nobody waits any more.
        let _ = self.sender.send(Some(value));
    }
}
