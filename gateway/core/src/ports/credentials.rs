use std::fmt;

use async_trait::async_trait;
use jiff::Timestamp;

use super::StoreError;

/// A secret that changes by itself (a messenger's tokens), as it was read.
#[derive(Clone, PartialEq, Eq)]
pub struct Credential {
    /// Which writing of it this is, from 1 on.
    pub version: u64,
    /// The secret, in whatever form its owner gave it; empty where it does not
    /// open any more (the key was changed, the row was meddled with).
    pub secret: String,
    /// When it was written.
    pub at: Timestamp,
}

/// Not the secret.
impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credential").field("version", &self.version).field("at", &self.at).finish_non_exhaustive()
    }
}

/// Secrets that change by themselves, sealed on disk; every node of a gateway
/// has the same.
#[async_trait]
pub trait Credentials: Send + Sync {
    /// What is kept under a name.
    async fn credential(&self, name: &str) -> Result<Option<Credential>, StoreError>;

    /// Writes a secret in place of the writing that was read (0: there was
    /// none); its version is the next one. `false` where another one came first: then nothing is written,
    /// and what is there must be read again. It is on disk when this returns.
    async fn replace(&self, name: &str, version: u64, secret: &str, at: Timestamp) -> Result<bool, StoreError>;
}

/// What one node at a time may do.
#[async_trait]
pub trait Leases: Send + Sync {
    /// Takes a task for this holder until then, or goes on having it. `false`
    /// where another holder has it and its time is not over at `now`.
    async fn take_lease(&self, task: &str, holder: &str, now: Timestamp, until: Timestamp) -> Result<bool, StoreError>;

    /// Gives it back, where this holder has it.
    async fn end_lease(&self, task: &str, holder: &str) -> Result<(), StoreError>;
}
