//! People of the administration who work with the gateway.

mod lock_out;
mod login;
mod session;
mod sites;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use lock_out::LockOut;
pub(in crate::domain) use login::is_unfit;
pub use login::{Login, OfficerName};
pub use session::{CsrfToken, SessionToken, SignedIn};
pub use sites::Sites;

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

/// An officer's account, without its secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Officer {
    /// Its row.
    pub id: OfficerId,
    /// What is typed to sign in.
    pub login: Login,
    /// What colleagues read.
    pub name: OfficerName,
    /// What the officer may do.
    pub role: OfficerRole,
    /// Whose conversations and dossiers the officer may see.
    pub sites: Sites,
    /// Cannot sign in, and no session of it holds.
    pub disabled: bool,
    /// A code is asked for after the password.
    pub second_factor: bool,
    /// When the account was made.
    pub created_at: Timestamp,
}

impl Officer {
    /// Whether the officer has this role or one that may do more.
    pub fn is_at_least(&self, role: OfficerRole) -> bool {
        self.role >= role
    }

    /// Whether the officer may see what belongs to an agency.
    pub fn may_see(&self, agency: &str) -> bool {
        self.sites.may_see(agency)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_may_do_what_those_before_it_may() {
        let roles = OfficerRole::ALL;
        assert!(roles.is_sorted());
        for role in roles {
            assert_eq!(OfficerRole::from_key(role.key()), Some(role));
        }
        assert_eq!(OfficerRole::from_key("Operator"), None);
    }
}
