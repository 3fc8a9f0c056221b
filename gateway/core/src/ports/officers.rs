use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use zeroize::Zeroizing;

use super::{KeyedHash, StoreError};
use crate::domain::{LockOut, Login, Officer, OfficerId, OfficerName, OfficerRole, SignedIn, Sites};

/// An account to be made.
pub struct NewOfficer {
    /// What is typed to sign in.
    pub login: Login,
    /// What colleagues read.
    pub name: OfficerName,
    /// What the officer may do.
    pub role: OfficerRole,
    /// Whose conversations and dossiers the officer may see.
    pub sites: Sites,
    /// The password's hash, as a PHC string.
    pub password_hash: String,
    /// When.
    pub at: Timestamp,
}

impl fmt::Debug for NewOfficer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewOfficer").field("role", &self.role).finish_non_exhaustive()
    }
}

/// What opens an account.
pub struct Keys {
    /// The account.
    pub officer: Officer,
    /// The password's hash, as a PHC string.
    pub password_hash: String,
    /// Rises whenever a key of the account changes or it is disabled.
    pub epoch: i64,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys").field("officer", &self.officer.id).finish_non_exhaustive()
    }
}

/// The secret of an account's second factor.
pub struct SecondFactor {
    /// The secret.
    pub secret: Zeroizing<Vec<u8>>,
    /// As in [`Keys`].
    pub epoch: i64,
}

impl fmt::Debug for SecondFactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecondFactor").field("epoch", &self.epoch).finish_non_exhaustive()
    }
}

/// What changes of an account.
pub enum OfficerChange<'a> {
    /// It can sign in no more: every session of it ends, on every node, with
    /// the next request.
    Disable,
    /// It can sign in again.
    Enable,
    /// A new password, as a PHC string; every session ends.
    Password(&'a str),
    /// A new second factor, or none; every session ends.
    SecondFactor(Option<&'a [u8]>),
    /// Another role; it holds with the next request.
    Role(OfficerRole),
    /// Other sites; they hold with the next request.
    Sites(&'a Sites),
}

/// How far a session has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The password was right; the code of the second factor is awaited.
    AwaitsCode,
    /// Signed in.
    SignedIn,
}

/// A session to be begun.
#[derive(Debug, Clone, Copy)]
pub struct NewSession {
    /// The keyed hash of its token.
    pub token: KeyedHash,
    /// Whose.
    pub officer: OfficerId,
    /// Of which epoch the keys were that it was opened with: where they have
    /// changed meanwhile, it does not begin.
    pub epoch: i64,
    /// How far it has come.
    pub stage: Stage,
    /// When it begins.
    pub at: Timestamp,
    /// It ends then, whatever is done.
    pub until: Timestamp,
    /// It ends after so long without a request.
    pub idle: Duration,
    /// The earlier session of the same browser, which ends: nobody who knew
    /// the old token has the new one.
    pub replaces: Option<KeyedHash>,
    /// Sessions that an officer may have at once; the oldest end.
    pub most: u32,
}

/// A try to sign in, to be counted.
#[derive(Debug, Clone, Copy)]
pub struct Trying {
    /// The keyed hash of a login, whether or not it exists, or of a network.
    pub who: KeyedHash,
    /// How failures of this kind are answered.
    pub rule: LockOut,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tried {
    /// Counted as a failure until it is taken back; the password may be looked
    /// at now.
    Counted,
    /// Not before then; nothing was counted.
    Locked {
        /// The end of the pause.
        until: Timestamp,
    },
}

/// Officers' accounts, their sessions, and how often somebody failed to sign in.
#[async_trait]
pub trait Officers: Send + Sync {
    /// Makes an account. `None` where the login is taken.
    async fn add(&self, new: NewOfficer) -> Result<Option<OfficerId>, StoreError>;

    /// The account of a login.
    async fn find(&self, login: &Login) -> Result<Option<Officer>, StoreError>;

    /// Every account, by login.
    async fn list(&self) -> Result<Vec<Officer>, StoreError>;

    /// The account of a login with what opens it, disabled ones too.
    async fn keys(&self, login: &Login) -> Result<Option<Keys>, StoreError>;

    /// The second factor of an account, where it has one.
    async fn second_factor(&self, officer: OfficerId) -> Result<Option<SecondFactor>, StoreError>;

    /// Changes an account. `false` where there is none. It is on disk when
    /// this returns.
    async fn change(&self, officer: OfficerId, change: OfficerChange<'_>, at: Timestamp) -> Result<bool, StoreError>;

    /// Takes a step of the second factor (RFC 6238: the number of 30 s since
    /// 1970). `false` where this step or a later one was taken before.
    async fn use_step(&self, officer: OfficerId, step: i64) -> Result<bool, StoreError>;

    /// Counts a try against each of these *before* it is looked at, so that
    /// tries at once cannot slip past. Nothing is counted where one of them is
    /// within its pause.
    async fn begin_try(&self, of: &[Trying], at: Timestamp) -> Result<Tried, StoreError>;

    /// Takes the try of that time back: it was right. A pause that a later
    /// try has brought stays.
    async fn forgive_try(&self, of: &[Trying], at: Timestamp) -> Result<(), StoreError>;

    /// Forgets all failures of a login.
    async fn forget_tries(&self, who: KeyedHash) -> Result<(), StoreError>;

    /// Begins a session. `false` where the account is gone or disabled,
    /// or its keys have changed.
    async fn begin_session(&self, session: NewSession) -> Result<bool, StoreError>;

    /// Who is signed in with this session, at this stage: not where it has
    /// ended, by itself or otherwise, or the account is disabled. The use is
    /// noted, to the minute, against the idle end.
    async fn session(&self, token: KeyedHash, stage: Stage, now: Timestamp) -> Result<Option<SignedIn>, StoreError>;

    /// Ends a session.
    async fn end_session(&self, token: KeyedHash) -> Result<(), StoreError>;

    /// Ends all sessions of an officer and returns how many there were.
    async fn end_sessions(&self, officer: OfficerId) -> Result<u64, StoreError>;
}
