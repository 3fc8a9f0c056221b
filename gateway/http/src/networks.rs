//! How much each client's network holds at one time.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use foldhash::quality::RandomState;
use gateway_core::domain::ClientNet;
use parking_lot::Mutex;

/// Counts by network. A network without a seat has no entry, so there are never
/// more entries than seats, and whoever gives out seats bounds the map.
pub(crate) struct Networks {
    most: usize,
    held: Mutex<HashMap<u128, usize, RandomState>>,
}

impl Networks {
    /// At most so many seats for each network; 0: no limit.
    pub(crate) fn new(most: usize) -> Arc<Self> {
        let most = if most == 0 { usize::MAX } else { most };
        Arc::new(Self { most, held: Mutex::new(HashMap::default()) })
    }

    /// A seat, or none where the network has all of its own.
    pub(crate) fn enter(self: &Arc<Self>, net: ClientNet) -> Option<Seat> {
        let mut all = self.held.lock();
        let held = all.entry(net.bits()).or_default();
        if *held >= self.most {
            return None;
        }
        *held += 1;
        Some(Seat { networks: Arc::clone(self), net })
    }
}

/// Held while it counts; dropping it gives it back.
pub(crate) struct Seat {
    networks: Arc<Networks>,
    net: ClientNet,
}

impl Drop for Seat {
    fn drop(&mut self) {
        if let Entry::Occupied(mut held) = self.networks.held.lock().entry(self.net.bits()) {
            if *held.get() > 1 {
                *held.get_mut() -= 1;
            } else {
                held.remove();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn net(text: &str) -> ClientNet {
        ClientNet::of(text.parse().unwrap())
    }

    #[test]
    fn a_network_has_its_own_seats_and_no_more() {
        let networks = Networks::new(2);
        let first = networks.enter(net("2001:db8:1:2::1")).unwrap();
        let second = networks.enter(net("2001:db8:1:2::2")).unwrap();
        assert!(networks.enter(net("2001:db8:1:2::3")).is_none());
        let neighbour = networks.enter(net("2001:db8:1:3::1")).unwrap();
        drop(first);
        let third = networks.enter(net("2001:db8:1:2::3")).unwrap();
        drop((second, third, neighbour));
        assert!(networks.held.lock().is_empty(), "who has left is forgotten");
    }

    #[test]
    fn zero_is_no_limit() {
        let networks = Networks::new(0);
        let seats: Vec<_> = (0..1_000).filter_map(|_| networks.enter(net("203.0.113.9"))).collect();
        assert_eq!(seats.len(), 1_000);
    }
}
