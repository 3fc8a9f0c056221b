use async_trait::async_trait;
use compact_str::CompactString;
use jiff::Timestamp;

use super::{KeyedHash, StoreError};
use crate::domain::{Device, DeviceId, Heartbeat, TerminalName};

/// A terminal that may be enrolled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEnrolment {
    /// The keyed hash of its code.
    pub code: KeyedHash,
    /// Where it will stand: an agency's code.
    pub site: CompactString,
    /// Its name.
    pub name: TerminalName,
    /// When.
    pub at: Timestamp,
    /// The code is good until then.
    pub until: Timestamp,
}

/// A terminal that shows a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDevice {
    /// The id that it gets.
    pub id: DeviceId,
    /// Its Ed25519 public key.
    pub public_key: [u8; 32],
    /// Its version.
    pub version: CompactString,
    /// When.
    pub at: Timestamp,
}

/// Terminals: who may become one, who is one, which of their requests were
/// seen, and how they are. Every node reads them anew with each request, so
/// that whatever changes acts with the next one.
#[async_trait]
pub trait Devices: Send + Sync {
    /// Keeps a code that waits for its terminal.
    async fn offer_enrolment(&self, enrolment: NewEnrolment) -> Result<(), StoreError>;

    /// Takes the code and makes the terminal, in one transaction. The same code
    /// with the same key again, within its time, is the same terminal: its
    /// first answer was lost. `None` where the code is unknown, used by
    /// another, or over.
    async fn enrol(&self, code: KeyedHash, device: NewDevice) -> Result<Option<Device>, StoreError>;

    /// One by its id, a revoked one too.
    async fn device(&self, id: &DeviceId) -> Result<Option<Device>, StoreError>;

    /// All of them, by site and name, with what each said last.
    async fn devices(&self) -> Result<Vec<(Device, Option<Heartbeat>)>, StoreError>;

    /// It is heard no more. `false` where there is none, or it was revoked
    /// before. It is on disk when this returns.
    async fn revoke(&self, id: &DeviceId, at: Timestamp) -> Result<bool, StoreError>;

    /// Remembers a request's nonce until then. `true` the first time, on
    /// whichever node; it is on disk when this returns.
    async fn take_nonce(&self, id: &DeviceId, nonce: [u8; 16], until: Timestamp) -> Result<bool, StoreError>;

    /// Keeps what a terminal said of itself, in place of what it said before.
    /// `false` where there is none.
    async fn heard(&self, id: &DeviceId, heartbeat: &Heartbeat) -> Result<bool, StoreError>;
}
