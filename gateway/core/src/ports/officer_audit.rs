use async_trait::async_trait;
use compact_str::CompactString;
use jiff::Timestamp;

use super::{KeyedHash, StoreError};
use crate::domain::OfficerId;

/// Stable words for what officers do. Whoever adds a page adds its acts here.
pub mod acts {
    /// Signed in: password, and code where one is asked for.
    pub const SIGNED_IN: &str = "signed_in";
    /// The password was right, the code is awaited.
    pub const PASSWORD_RIGHT: &str = "password_right";
    /// A wrong login, password or code; the target is the login's hash.
    pub const SIGN_IN_FAILED: &str = "sign_in_failed";
    /// A try within a pause; the target is the login's hash.
    pub const LOCKED_OUT: &str = "locked_out";
    /// The password was right, but the account's role asks for a second
    /// factor that it does not have.
    pub const SECOND_FACTOR_MISSING: &str = "second_factor_missing";
    /// Signed out.
    pub const SIGNED_OUT: &str = "signed_out";
    /// An account was made.
    pub const ACCOUNT_ADDED: &str = "account_added";
    /// An account was disabled.
    pub const ACCOUNT_DISABLED: &str = "account_disabled";
    /// An account was enabled again.
    pub const ACCOUNT_ENABLED: &str = "account_enabled";
    /// An account has a new password.
    pub const PASSWORD_SET: &str = "password_set";
    /// An account has a new second factor.
    pub const SECOND_FACTOR_SET: &str = "second_factor_set";
    /// An account has no second factor any more.
    pub const SECOND_FACTOR_CLEARED: &str = "second_factor_cleared";
    /// An account has another role.
    pub const ROLE_SET: &str = "role_set";
    /// An account may see other sites.
    pub const SITES_SET: &str = "sites_set";
    /// A code for a terminal was made; the target is the code's hash.
    pub const TERMINAL_OFFERED: &str = "terminal_offered";
    /// A terminal showed its code; the target is the terminal.
    pub const TERMINAL_ENROLLED: &str = "terminal_enrolled";
    /// A terminal is heard no more; the target is the terminal.
    pub const TERMINAL_REVOKED: &str = "terminal_revoked";
    /// What officers did was read.
    pub const ACTS_READ: &str = "acts_read";
    /// A conversation was read; the target is the conversation.
    pub const CHAT_READ: &str = "chat_read";
    /// A conversation was to be taken over.
    pub const CHAT_TAKEN: &str = "chat_taken";
    /// Something was said to a citizen. Never what.
    pub const CHAT_SAID: &str = "chat_said";
    /// A note for officers was written. Never what.
    pub const CHAT_NOTED: &str = "chat_noted";
    /// A conversation was passed on; the account is the colleague's, where it
    /// went to one.
    pub const CHAT_PASSED: &str = "chat_passed";
    /// A conversation was ended.
    pub const CHAT_CLOSED: &str = "chat_closed";
    /// A wish to be called back was taken, and its number shown.
    pub const CALLBACK_TAKEN: &str = "callback_taken";
    /// A wish to be called back is done: its number is deleted.
    pub const CALLBACK_DONE: &str = "callback_done";
    /// A dossier was asked for on behalf of a citizen; the target is the dossier.
    pub const DOSSIER_READ: &str = "dossier_read";
    /// How busy the desk is was read.
    pub const LOAD_READ: &str = "load_read";
    /// Texts that were not understood were read.
    pub const MISS_READ: &str = "miss_read";
    /// Texts that were not understood were deleted.
    pub const MISS_FORGOTTEN: &str = "miss_forgotten";
    /// Another name or a sentence was proposed.
    pub const PROPOSAL_MADE: &str = "proposal_made";
    /// A proposal was confirmed by a second person, to be evaluated.
    pub const PROPOSAL_CONFIRMED: &str = "proposal_confirmed";
    /// A proposal was rejected, or taken back.
    pub const PROPOSAL_REJECTED: &str = "proposal_rejected";
    /// What was in effect is no more.
    pub const PROPOSAL_UNDONE: &str = "proposal_undone";
    /// A number of the queue was called; the target is the ticket.
    pub const TICKET_CALLED: &str = "ticket_called";
    /// It was called once more.
    pub const TICKET_RECALLED: &str = "ticket_recalled";
    /// The service with it began.
    pub const TICKET_SERVED: &str = "ticket_served";
    /// It was put aside.
    pub const TICKET_HELD: &str = "ticket_held";
    /// It was sent on.
    pub const TICKET_TRANSFERRED: &str = "ticket_transferred";
    /// Nobody had come with it.
    pub const TICKET_NO_SHOW: &str = "ticket_no_show";
    /// It was put back into the line.
    pub const TICKET_BACK: &str = "ticket_back";
    /// The service with it is done.
    pub const TICKET_FINISHED: &str = "ticket_finished";
    /// An officer is on the way to a terminal that called; the target is the call.
    pub const CALL_ANSWERED: &str = "call_answered";
    /// Somebody was there.
    pub const CALL_FINISHED: &str = "call_finished";
    /// Tickets of past days were read.
    pub const TICKETS_READ: &str = "tickets_read";
}

/// Something that an officer did, or that was done to an account. Never a
/// name, a login, a phone or words of a citizen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewOfficerAct {
    /// When.
    pub at: Timestamp,
    /// What: one of [`acts`].
    pub act: &'static str,
    /// Who did it; `None` for the command line, and where nobody is signed in.
    pub officer: Option<OfficerId>,
    /// Whose account it was done to.
    pub account: Option<OfficerId>,
    /// Keyed hash of what it was done to: a conversation, a dossier, a login.
    pub target: Option<KeyedHash>,
    /// Keyed hash of the network it came from.
    pub address: Option<KeyedHash>,
    /// The id of the key of both hashes.
    pub key_id: CompactString,
}

/// An act as it was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficerAct {
    /// Its row: later acts have higher numbers.
    pub id: i64,
    /// When.
    pub at: Timestamp,
    /// What.
    pub act: CompactString,
    /// Who did it.
    pub officer: Option<OfficerId>,
    /// Whose account it was done to.
    pub account: Option<OfficerId>,
    /// What it was done to.
    pub target: Option<KeyedHash>,
    /// The network it came from.
    pub address: Option<KeyedHash>,
    /// The id of the key of both hashes.
    pub key_id: CompactString,
}

/// Where a page of acts ends: only older ones follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OfficerActCursor(pub i64);

/// The append-only record of what officers did.
///
/// Whoever shows an officer something of a citizen, or lets an officer change
/// something, writes the act first and shows or changes it then.
#[async_trait]
pub trait OfficerAudit: Send + Sync {
    /// Returns once the act is on disk.
    async fn record_act(&self, act: NewOfficerAct) -> Result<(), StoreError>;

    /// The newest acts first, at most `limit` (1,000 at the most), of one
    /// officer (done by or to) or of all, before a cursor or from the newest on.
    async fn officer_acts(
        &self,
        of: Option<OfficerId>,
        before: Option<OfficerActCursor>,
        limit: usize,
    ) -> Result<Vec<OfficerAct>, StoreError>;
}
