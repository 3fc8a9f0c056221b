//! Loads under way: one for each number, whoever asks for it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use gateway_core::domain::DossierNumber;
use tokio::sync::watch;

type UnderWay<T> = Mutex<HashMap<DossierNumber, watch::Receiver<Option<T>>, ahash::RandomState>>;

pub(super) struct Flights<T> {
    under_way: Arc<UnderWay<T>>,
}

impl<T> Default for Flights<T> {
    fn default() -> Self {
        Self { under_way: Arc::default() }
    }
}

impl<T: Clone> Flights<T> {
    /// The load of this number, or the one that `start` begins.
    pub(super) fn join(&self, number: &DossierNumber, start: impl FnOnce(Landing<T>)) -> Flight<T> {
        let (sender, receiver) = {
            let mut under_way = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(flight) = under_way.get(number) {
                return Flight(flight.clone());
            }
            let (sender, receiver) = watch::channel(None);
            under_way.insert(number.clone(), receiver.clone());
            (sender, receiver)
        };
        // Without the lock: a landing that is dropped takes it.
        start(Landing { sender, number: Some(number.clone()), under_way: Arc::clone(&self.under_way) });
        Flight(receiver)
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner).len()
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

/// Ends a load. One that is dropped (its task panicked, or was never run) ends
/// it too: whoever waits is told, and the next asker begins anew.
pub(super) struct Landing<T> {
    sender: watch::Sender<Option<T>>,
    /// Until it has left the loads under way: another load of the same number
    /// may be there by then.
    number: Option<DossierNumber>,
    under_way: Arc<UnderWay<T>>,
}

impl<T> Landing<T> {
    pub(super) fn land(mut self, value: T) {
        self.leave();
        // Fails only where nobody waits any more.
        let _ = self.sender.send(Some(value));
    }

    fn leave(&mut self) {
        if let Some(number) = self.number.take() {
            self.under_way.lock().unwrap_or_else(PoisonError::into_inner).remove(&number);
        }
    }
}

impl<T> Drop for Landing<T> {
    fn drop(&mut self) {
        self.leave();
    }
}
