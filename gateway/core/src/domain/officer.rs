use serde::{Deserialize, Serialize};

/// The row of an officer's account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct OfficerId(pub i64);

/// What an officer may do. Each role may do what those before it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OfficerRole {
    /// Talks with citizens.
    Officer,
    /// Sees load and waiting times, hears complaints, confirms what others propose.
    Supervisor,
    /// Runs the gateway.
    Operator,
}

impl OfficerRole {
    /// Every role, the least first.
    pub const ALL: [Self; 3] = [Self::Officer, Self::Supervisor, Self::Operator];

    /// A stable word for rows, commands and the audit.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Officer => "officer",
            Self::Supervisor => "supervisor",
            Self::Operator => "operator",
        }
    }

    /// The role of a stable word.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.key() == key)
    }
}
