//! Which number is asked for, and on whose behalf.

use std::net::Ipv4Addr;
use std::rc::Rc;

use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};

/// How the next question is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// Number and client each drawn at random, every one as likely as any other.
    Uniform,
    /// Each number once, in order; the clients take turns.
    Once,
}

/// Paths and clients, with how often each was used.
pub(crate) struct Questions {
    paths: Vec<String>,
    clients: Rc<[String]>,
    order: Order,
    dice: StdRng,
    asked: u64,
    path_hits: Vec<u32>,
    client_hits: Vec<u32>,
}

impl Questions {
    /// Both lists have at least one item; the same seed asks the same.
    pub(crate) fn new(paths: Vec<String>, clients: Rc<[String]>, order: Order, seed: u64) -> Self {
        let (path_hits, client_hits) = (vec![0; paths.len()], vec![0; clients.len()]);
        Self { paths, clients, order, dice: StdRng::seed_from_u64(seed), asked: 0, path_hits, client_hits }
    }

    /// Writes the next request; false where each number was to be asked once
    /// and has been.
    pub(crate) fn write_next(&mut self, out: &mut Vec<u8>) -> bool {
        let (path, client) = match self.order {
            Order::Uniform => {
                (self.dice.random_range(0..self.paths.len()), self.dice.random_range(0..self.clients.len()))
            }
            Order::Once => {
                let next = usize::try_from(self.asked).unwrap_or(usize::MAX);
                (next, next % self.clients.len().max(1))
            }
        };
        let (Some(text), Some(address)) = (self.paths.get(path), self.clients.get(client)) else { return false };
        out.extend_from_slice(b"GET ");
        out.extend_from_slice(text.as_bytes());
        out.extend_from_slice(b" HTTP/1.1\r\nhost: bench\r\naccept-language: vi\r\nx-forwarded-for: ");
        out.extend_from_slice(address.as_bytes());
        out.extend_from_slice(b"\r\n\r\n");
        self.asked += 1;
        self.path_hits[path] += 1;
        self.client_hits[client] += 1;
        true
    }

    /// Requests written.
    pub(crate) fn asked(&self) -> u64 {
        self.asked
    }

    /// How evenly the numbers were asked for.
    pub(crate) fn numbers(&self) -> Uniformity {
        Uniformity::of(&self.path_hits)
    }

    /// How evenly the clients asked.
    pub(crate) fn clients(&self) -> Uniformity {
        Uniformity::of(&self.client_hits)
    }
}

/// So many different addresses, from 10.0.0.1 on.
pub(crate) fn addresses(count: u32) -> anyhow::Result<Rc<[String]>> {
    anyhow::ensure!((1..1 << 24).contains(&count), "1 to 16,777,215 addresses");
    Ok((1..=count).map(|place| Ipv4Addr::from(0x0a00_0000 | place).to_string()).collect())
}

/// Hits by buckets of neighbours, against an even spread.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Uniformity {
    /// Hits of each bucket, and what an even spread would have given it.
    buckets: Vec<(u64, f64)>,
    /// Keys that were never hit.
    pub(crate) never: usize,
    /// All keys.
    pub(crate) keys: usize,
}

/// Buckets, where there are as many keys.
const BUCKETS: usize = 100;

impl Uniformity {
    fn of(hits: &[u32]) -> Self {
        let per_bucket = hits.len().div_ceil(BUCKETS).max(1);
        let all: u64 = hits.iter().map(|&hits| u64::from(hits)).sum();
        let even = all as f64 / hits.len().max(1) as f64;
        let buckets = hits
            .chunks(per_bucket)
            .map(|chunk| (chunk.iter().map(|&hits| u64::from(hits)).sum(), even * chunk.len() as f64))
            .collect();
        Self { buckets, never: hits.iter().filter(|&&hits| hits == 0).count(), keys: hits.len() }
    }

    /// The least and the most hits of a bucket.
    pub(crate) fn least_and_most(&self) -> (u64, u64) {
        let hits = || self.buckets.iter().map(|(hits, _)| *hits);
        (hits().min().unwrap_or_default(), hits().max().unwrap_or_default())
    }

    /// χ² over the buckets, divided by its degrees of freedom: about 1 for an
    /// even spread. 0 where there is one bucket.
    pub(crate) fn chi_square(&self) -> f64 {
        let freedom = self.buckets.len().saturating_sub(1);
        if freedom == 0 {
            return 0.0;
        }
        let sum: f64 = self
            .buckets
            .iter()
            .filter(|(_, even)| *even > 0.0)
            .map(|(hits, even)| (*hits as f64 - even).powi(2) / even)
            .sum();
        sum / freedom as f64
    }

    /// Whether an even spread explains the hits: with 99 degrees of freedom,
    /// χ²/99 strays from 1 by more than 0.6 once in 100,000 times.
    pub(crate) fn is_even(&self) -> bool {
        self.chi_square() < 1.6
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(count: usize) -> Vec<String> {
        (0..count).map(|place| format!("/{place}")).collect()
    }

    #[test]
    fn a_request_is_written_as_a_client_behind_a_proxy_sends_it() {
        let mut asked = Questions::new(paths(2), addresses(2).unwrap(), Order::Once, 1);
        let mut out = Vec::new();
        assert!(asked.write_next(&mut out) && asked.write_next(&mut out));
        let text = String::from_utf8(out).unwrap();
        let second = "GET /1 HTTP/1.1\r\nhost: bench\r\naccept-language: vi\r\nx-forwarded-for: 10.0.0.2\r\n\r\n";
        assert!(text.ends_with(second), "{text}");
        assert!(!asked.write_next(&mut Vec::new()), "each only once");
    }

    #[test]
    fn uniform_questions_are_spread_evenly_over_numbers_and_clients() {
        let mut asked = Questions::new(paths(1_000), addresses(500).unwrap(), Order::Uniform, 7);
        let mut out = Vec::new();
        for _ in 0..100_000 {
            out.clear();
            assert!(asked.write_next(&mut out));
        }
        assert!(asked.numbers().is_even() && asked.clients().is_even());
        assert!((0.6..1.6).contains(&asked.numbers().chi_square()), "{}", asked.numbers().chi_square());
        assert_eq!(asked.numbers().never, 0);
    }

    #[test]
    fn favourites_are_noticed() {
        let mut hits = vec![100; 1_000];
        hits[..10].fill(400);
        let spread = Uniformity::of(&hits);
        assert!(!spread.is_even());
        assert_eq!(spread.least_and_most(), (1_000, 4_000));
    }
}
