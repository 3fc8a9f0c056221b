use async_trait::async_trait;
use compact_str::CompactString;
use jiff::Timestamp;

use super::StoreError;
use crate::domain::{CallId, CallReason, DeviceId, KioskCall, OfficerId, Sites};

/// A call from a terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCall {
    /// The terminal.
    pub device: DeviceId,
    /// Why.
    pub reason: CallReason,
    /// The counter that it stands at, where it knows one; at most 40
    /// characters.
    pub counter: Option<CompactString>,
    /// When.
    pub at: Timestamp,
    /// Whoever has not come by then comes no more: it is over.
    pub until: Timestamp,
}

/// A call was taken down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Called {
    /// The call: a new one, or the terminal's own that is still open.
    pub id: CallId,
    /// Its place among those of the site that nobody has answered, from 1 on;
    /// `None` where an officer is on the way.
    pub position: Option<u32>,
}

/// Calls for an officer. On disk before anybody is told that they were heard.
#[async_trait]
pub trait Calls: Send + Sync {
    /// Takes a call down. A terminal has one open call: a second is the first,
    /// with its latest reason.
    async fn call_officer(&self, call: NewCall) -> Result<Called, StoreError>;

    /// A terminal's own call.
    async fn call_of(&self, device: &DeviceId, id: CallId, now: Timestamp) -> Result<Option<KioskCall>, StoreError>;

    /// Those of these sites that are not over, oldest first: for the console.
    async fn open_calls(&self, sites: &Sites, now: Timestamp, limit: usize) -> Result<Vec<KioskCall>, StoreError>;

    /// An officer is on the way. `false` where another is, it is over, or it is
    /// of another site.
    async fn answer_call(
        &self,
        id: CallId,
        officer: OfficerId,
        sites: &Sites,
        now: Timestamp,
    ) -> Result<bool, StoreError>;

    /// It is over. `false` where it was, or it is of another site.
    async fn finish_call(
        &self,
        id: CallId,
        officer: OfficerId,
        sites: &Sites,
        now: Timestamp,
    ) -> Result<bool, StoreError>;
}
