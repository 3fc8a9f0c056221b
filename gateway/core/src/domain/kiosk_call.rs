use compact_str::CompactString;
use jiff::Timestamp;

use super::{DeviceId, OfficerId, TerminalName};

/// The row of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CallId(pub i64);

/// Somebody at a terminal wants an officer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KioskCall {
    /// Its row.
    pub id: CallId,
    /// The terminal.
    pub device: DeviceId,
    /// Its name.
    pub terminal: TerminalName,
    /// Where it stands: an agency's code.
    pub site: CompactString,
    /// What for.
    pub reason: CallReason,
    /// The counter that the terminal stands at, where it knows one.
    pub counter: Option<CompactString>,
    /// When.
    pub at: Timestamp,
    /// Where it is.
    pub stage: CallStage,
    /// Who answered.
    pub officer: Option<OfficerId>,
}

/// Why an officer is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CallReason {
    /// To be helped.
    Help,
    /// The terminal is in trouble.
    Trouble,
    /// Somebody cannot use it as it is.
    Accessibility,
}

impl CallReason {
    /// Every reason.
    pub const ALL: [Self; 3] = [Self::Help, Self::Trouble, Self::Accessibility];

    /// A stable word for rows and the wire.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Help => "help",
            Self::Trouble => "trouble",
            Self::Accessibility => "accessibility",
        }
    }

    /// The reason of a stable word.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.key() == key)
    }
}

/// Where a call is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CallStage {
    /// Nobody has answered yet.
    Waiting,
    /// An officer is on the way.
    Coming,
    /// It is over: an officer was there.
    Done,
    /// It is over, and nobody came in time.
    Missed,
}
