use async_trait::async_trait;
use jiff::Timestamp;

use super::{KeyedHash, StoreError};
use crate::domain::{ContinuationId, ContinuedPage, DeviceId, PhoneContinuation};

/// A page that shall go on on a phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewContinuation {
    /// The terminal.
    pub device: DeviceId,
    /// The keyed hash of what its QR code carries.
    pub token: KeyedHash,
    /// Which page.
    pub page: ContinuedPage,
    /// When.
    pub at: Timestamp,
    /// It is over then.
    pub until: Timestamp,
    /// Wrong digits that end it.
    pub tries: u32,
}

/// What came of digits that were typed at the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Matched {
    /// They were right, now or before.
    Right,
    /// They were wrong, and may be typed again so many times.
    Wrong(u32),
    /// They were not looked at: there is no such continuation of this terminal, no
    /// phone shows digits, or it is over.
    NotAsked,
}

/// Continuations, on disk before anybody is told of them; the page is sealed, and
/// of token, phone and digits there are keyed hashes alone.
#[async_trait]
pub trait Continuations: Send + Sync {
    /// Keeps a new one. A terminal has one: its earlier ones are replaced.
    async fn begin_continuation(&self, new: NewContinuation) -> Result<ContinuationId, StoreError>;

    /// One by its token, whatever its stage.
    async fn continuation(&self, token: KeyedHash) -> Result<Option<PhoneContinuation>, StoreError>;

    /// A terminal's own.
    async fn continuation_of(
        &self,
        device: &DeviceId,
        id: ContinuationId,
    ) -> Result<Option<PhoneContinuation>, StoreError>;

    /// Makes this phone, which shows these digits, the one phone. `false` where
    /// there is one, or it is over: of two at once one is.
    async fn bind_phone(
        &self,
        id: ContinuationId,
        phone: KeyedHash,
        code: KeyedHash,
        now: Timestamp,
    ) -> Result<bool, StoreError>;

    /// Compares digits that were typed at the terminal, and counts wrong ones, in
    /// one transaction.
    async fn match_code(
        &self,
        device: &DeviceId,
        id: ContinuationId,
        code: KeyedHash,
        now: Timestamp,
    ) -> Result<Matched, StoreError>;

    /// The page, once, for the one phone, once the digits were right; it is wiped
    /// with that. `None` otherwise.
    async fn go_on(
        &self,
        id: ContinuationId,
        phone: KeyedHash,
        now: Timestamp,
    ) -> Result<Option<ContinuedPage>, StoreError>;
}
