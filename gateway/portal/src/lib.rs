#![doc = include_str!("../README.md")]

mod cache;
pub mod config;
mod health;
mod http_client;
mod national;
mod stack;
#[cfg(test)]
mod testing;

pub use cache::CachedPortal;
pub use config::{CacheConfig, ConfigProblem, NationalConfig, PortalConfig, RatingFields, StackConfig};
pub use health::{BreakerState, Health};
pub use http_client::{HttpClientError, http_client};
pub use national::{NationalParts, NationalPortal};

/// Reads bytes as the portal's answer to `TraCuuHoSo`, as far as a `Dossier`
/// and an `OwnerView`. For the fuzz target: it must return, whatever comes.
#[doc(hidden)]
pub fn fuzz_dossier_answer(bytes: &[u8]) {
    national::fuzz::dossier_answer(bytes);
}

/// The same for `LayThuTuc` and `LayDanhSachTTHC`.
#[doc(hidden)]
pub fn fuzz_procedure_answer(bytes: &[u8]) {
    national::fuzz::procedure_answer(bytes);
}
