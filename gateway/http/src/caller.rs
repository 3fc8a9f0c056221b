//! Who asks: what every handler may know of the other end of the line.

use std::convert::Infallible;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::extract::FromRequestParts;
use gateway_core::desk::{Refusal, RefusalKind, RequestId};
use gateway_core::domain::{ClientNet, DeviceId, Locale};
use http::request::Parts;

use crate::Problem;

/// The header in which an app sends its own device id.
const DEVICE_HEADER: &str = "x-device-id";

/// What the edge found out about a request before anything else happened. It
/// travels as one request extension.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Goes through every layer and into every log line and problem.
    pub request_id: RequestId,
    /// The client's network, seen through trusted proxies only.
    pub net: ClientNet,
    /// The language to answer in.
    pub locale: Locale,
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    /// Fails only where a router is served without the stack of this crate.
    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| Refusal::of(RefusalKind::Internal).into())
    }
}

/// The device id of `X-Device-Id`. Garbage counts as none: a device only
/// tightens limits, so nothing is gained by sending a bad one.
#[derive(Debug, Clone)]
pub struct Device(pub Option<DeviceId>);

impl<S: Sync> FromRequestParts<S> for Device {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        let device = parts.headers.get(DEVICE_HEADER).and_then(|value| value.to_str().ok()).and_then(DeviceId::parse);
        Ok(Self(device))
    }
}

/// Gives out request ids: sixteen hexadecimal digits, distinct for 2⁶⁴
/// requests of one process. They name, they open nothing, so they need no
/// system call for randomness each: SplitMix64 over a counter (Steele, Lea,
/// Flood 2014) that starts at a random place.
#[derive(Debug)]
pub struct RequestIds {
    next: AtomicU64,
}

impl RequestIds {
    /// Ids that start at `seed`, which is random for each process, so that two
    /// nodes do not give out the same ones.
    pub const fn new(seed: u64) -> Self {
        Self { next: AtomicU64::new(seed) }
    }

    /// The next id.
    pub fn next(&self) -> RequestId {
        let mut bits = self.next.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::Relaxed);
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^= bits >> 31;
        let digits = hex_digits(bits);
        std::str::from_utf8(&digits).ok().and_then(RequestId::parse).unwrap_or_else(|| RequestId::from_bits(bits))
    }
}

/// Sixteen digits without the formatting machinery: this runs for each request.
fn hex_digits(bits: u64) -> [u8; 16] {
    let mut digits = [b'0'; 16];
    for (index, digit) in digits.iter_mut().enumerate() {
        let nibble = (bits >> (60 - 4 * index)) & 0xF;
        let nibble = u8::try_from(nibble).unwrap_or_default();
        *digit = if nibble < 10 { b'0' + nibble } else { b'a' + nibble - 10 };
    }
    digits
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn ids_are_sixteen_digits_and_distinct() {
        let ids = RequestIds::new(7);
        let seen: HashSet<String> = (0..1000).map(|_| ids.next().as_str().to_owned()).collect();
        assert_eq!(seen.len(), 1000);
        assert!(seen.iter().all(|id| id.len() == 16 && id.bytes().all(|digit| digit.is_ascii_hexdigit())));
    }

    #[test]
    fn digits_are_those_of_the_number() {
        assert_eq!(&hex_digits(0x0123_4567_89ab_cdef), b"0123456789abcdef");
    }
}
