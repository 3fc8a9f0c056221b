//! The Fluent keys of officers' pages, with their arguments. A test holds the
//! table against `locales/<language>/officers.ftl` in both directions.

use gateway_core::domain::OfficerRole;
use gateway_core::ports::acts;
pub(super) use gateway_locale::keys::Key;

use super::passwords::Unfit;
use crate::key_table::key_table;

key_table! {
    pub(super)
    NAV = "officers-nav" [];
    NAV_HOME = "officers-nav-home" [];
    NAV_ACTS = "officers-nav-acts" [];
    SIGN_OUT = "officers-sign-out" [];

    SIGN_IN_TITLE = "officers-sign-in-title" [];
    SIGN_IN_LEAD = "officers-sign-in-lead" [];
    LOGIN = "officers-login" [];
    PASSWORD = "officers-password" [];
    SIGN_IN = "officers-sign-in" [];
    CODE_TITLE = "officers-code-title" [];
    CODE_LEAD = "officers-code-lead" [];
    CODE = "officers-code" [];
    CODE_HINT = "officers-code-hint" [];
    CODE_SEND = "officers-code-send" [];
    START_AGAIN = "officers-start-again" [];

    ERROR_TITLE = "officers-error-title" [];
    ERROR_WRONG = "officers-error-wrong" [];
    ERROR_WRONG_CODE = "officers-error-wrong-code" [];
    ERROR_SECOND_FACTOR = "officers-error-second-factor" [];
    ERROR_NOT_THE_SAME = "officers-error-not-the-same" [];
    ERROR_OLD_PASSWORD = "officers-error-old-password" [];
    ERROR_TOO_SHORT = "officers-error-too-short" [];
    ERROR_TOO_LONG = "officers-error-too-long" [];
    ERROR_COMMON = "officers-error-common" [];
    ERROR_HOLDS_LOGIN = "officers-error-holds-login" [];
    ERROR_WAIT = "officers-error-wait" ["minutes"];
    ERROR_BUSY = "officers-error-busy" [];
    ERROR_FAILED = "officers-error-failed" [];

    FORGED_TITLE = "officers-forged-title" [];
    FORGED = "officers-forged" [];
    NOT_ALLOWED_TITLE = "officers-not-allowed-title" [];
    NOT_ALLOWED = "officers-not-allowed" [];
    UNAVAILABLE_TITLE = "officers-unavailable-title" [];

    HOME_TITLE = "officers-home-title" ["name"];
    HOME_ROLE = "officers-home-role" [];
    HOME_SITES = "officers-home-sites" [];
    HOME_SITES_ALL = "officers-home-sites-all" [];
    HOME_UNTIL = "officers-home-until" ["time"];
    ROLE_OFFICER = "officers-role-officer" [];
    ROLE_SUPERVISOR = "officers-role-supervisor" [];
    ROLE_OPERATOR = "officers-role-operator" [];

    OWN_PASSWORD_TITLE = "officers-own-password-title" [];
    OWN_PASSWORD_LEAD = "officers-own-password-lead" [];
    OLD_PASSWORD = "officers-old-password" [];
    NEW_PASSWORD = "officers-new-password" [];
    NEW_PASSWORD_HINT = "officers-new-password-hint" ["least"];
    NEW_PASSWORD_AGAIN = "officers-new-password-again" [];
    OWN_PASSWORD_SEND = "officers-own-password-send" [];

    ACTS_TITLE = "officers-acts-title" [];
    ACTS_LEAD = "officers-acts-lead" [];
    ACTS_AT = "officers-acts-at" [];
    ACTS_WHO = "officers-acts-who" [];
    ACTS_ACCOUNT = "officers-acts-account" [];
    ACTS_NOBODY = "officers-acts-nobody" [];
    ACTS_NONE = "officers-acts-none" [];
    ACTS_OLDER = "officers-acts-older" [];
    ACT_SIGNED_IN = "officers-act-signed-in" [];
    ACT_PASSWORD_RIGHT = "officers-act-password-right" [];
    ACT_SIGN_IN_FAILED = "officers-act-sign-in-failed" [];
    ACT_LOCKED_OUT = "officers-act-locked-out" [];
    ACT_SECOND_FACTOR_MISSING = "officers-act-second-factor-missing" [];
    ACT_SIGNED_OUT = "officers-act-signed-out" [];
    ACT_ACCOUNT_ADDED = "officers-act-account-added" [];
    ACT_ACCOUNT_DISABLED = "officers-act-account-disabled" [];
    ACT_ACCOUNT_ENABLED = "officers-act-account-enabled" [];
    ACT_PASSWORD_SET = "officers-act-password-set" [];
    ACT_SECOND_FACTOR_SET = "officers-act-second-factor-set" [];
    ACT_SECOND_FACTOR_CLEARED = "officers-act-second-factor-cleared" [];
    ACT_ROLE_SET = "officers-act-role-set" [];
    ACT_SITES_SET = "officers-act-sites-set" [];
    ACT_TERMINAL_OFFERED = "officers-act-terminal-offered" [];
    ACT_TERMINAL_ENROLLED = "officers-act-terminal-enrolled" [];
    ACT_TERMINAL_REVOKED = "officers-act-terminal-revoked" [];
    ACT_ACTS_READ = "officers-act-acts-read" [];
    ACT_CHAT_READ = "officers-act-chat-read" [];
    ACT_CHAT_TAKEN = "officers-act-chat-taken" [];
    ACT_CHAT_SAID = "officers-act-chat-said" [];
    ACT_CHAT_NOTED = "officers-act-chat-noted" [];
    ACT_CHAT_PASSED = "officers-act-chat-passed" [];
    ACT_CHAT_CLOSED = "officers-act-chat-closed" [];
    ACT_CALLBACK_TAKEN = "officers-act-callback-taken" [];
    ACT_CALLBACK_DONE = "officers-act-callback-done" [];
    ACT_DOSSIER_READ = "officers-act-dossier-read" [];
    ACT_LOAD_READ = "officers-act-load-read" [];
    ACT_MISS_READ = "officers-act-miss-read" [];
    ACT_MISS_FORGOTTEN = "officers-act-miss-forgotten" [];
    ACT_PROPOSAL_MADE = "officers-act-proposal-made" [];
    ACT_PROPOSAL_CONFIRMED = "officers-act-proposal-confirmed" [];
    ACT_PROPOSAL_REJECTED = "officers-act-proposal-rejected" [];
    ACT_PROPOSAL_UNDONE = "officers-act-proposal-undone" [];
    ACT_TICKET_CALLED = "officers-act-ticket-called" [];
    ACT_TICKET_RECALLED = "officers-act-ticket-recalled" [];
    ACT_TICKET_SERVED = "officers-act-ticket-served" [];
    ACT_TICKET_HELD = "officers-act-ticket-held" [];
    ACT_TICKET_TRANSFERRED = "officers-act-ticket-transferred" [];
    ACT_TICKET_NO_SHOW = "officers-act-ticket-no-show" [];
    ACT_TICKET_BACK = "officers-act-ticket-back" [];
    ACT_TICKET_FINISHED = "officers-act-ticket-finished" [];
    ACT_TICKETS_READ = "officers-act-tickets-read" [];
    ACT_CALL_ANSWERED = "officers-act-call-answered" [];
    ACT_CALL_FINISHED = "officers-act-call-finished" [];
}

/// The name of a role.
pub(super) const fn role(role: OfficerRole) -> Key {
    match role {
        OfficerRole::Officer => ROLE_OFFICER,
        OfficerRole::Supervisor => ROLE_SUPERVISOR,
        OfficerRole::Operator => ROLE_OPERATOR,
    }
}

/// Why a password is not good enough.
pub(super) const fn unfit(unfit: Unfit) -> Key {
    match unfit {
        Unfit::TooShort => ERROR_TOO_SHORT,
        Unfit::TooLong => ERROR_TOO_LONG,
        Unfit::Common => ERROR_COMMON,
        Unfit::HoldsLogin => ERROR_HOLDS_LOGIN,
    }
}

/// What an act is called; `None` for one that this version does not know,
/// whose stable word is shown.
pub(super) fn act(act: &str) -> Option<Key> {
    Some(match act {
        acts::SIGNED_IN => ACT_SIGNED_IN,
        acts::PASSWORD_RIGHT => ACT_PASSWORD_RIGHT,
        acts::SIGN_IN_FAILED => ACT_SIGN_IN_FAILED,
        acts::LOCKED_OUT => ACT_LOCKED_OUT,
        acts::SECOND_FACTOR_MISSING => ACT_SECOND_FACTOR_MISSING,
        acts::SIGNED_OUT => ACT_SIGNED_OUT,
        acts::ACCOUNT_ADDED => ACT_ACCOUNT_ADDED,
        acts::ACCOUNT_DISABLED => ACT_ACCOUNT_DISABLED,
        acts::ACCOUNT_ENABLED => ACT_ACCOUNT_ENABLED,
        acts::PASSWORD_SET => ACT_PASSWORD_SET,
        acts::SECOND_FACTOR_SET => ACT_SECOND_FACTOR_SET,
        acts::SECOND_FACTOR_CLEARED => ACT_SECOND_FACTOR_CLEARED,
        acts::ROLE_SET => ACT_ROLE_SET,
        acts::SITES_SET => ACT_SITES_SET,
        acts::TERMINAL_OFFERED => ACT_TERMINAL_OFFERED,
        acts::TERMINAL_ENROLLED => ACT_TERMINAL_ENROLLED,
        acts::TERMINAL_REVOKED => ACT_TERMINAL_REVOKED,
        acts::ACTS_READ => ACT_ACTS_READ,
        acts::CHAT_READ => ACT_CHAT_READ,
        acts::CHAT_TAKEN => ACT_CHAT_TAKEN,
        acts::CHAT_SAID => ACT_CHAT_SAID,
        acts::CHAT_NOTED => ACT_CHAT_NOTED,
        acts::CHAT_PASSED => ACT_CHAT_PASSED,
        acts::CHAT_CLOSED => ACT_CHAT_CLOSED,
        acts::CALLBACK_TAKEN => ACT_CALLBACK_TAKEN,
        acts::CALLBACK_DONE => ACT_CALLBACK_DONE,
        acts::DOSSIER_READ => ACT_DOSSIER_READ,
        acts::LOAD_READ => ACT_LOAD_READ,
        acts::MISS_READ => ACT_MISS_READ,
        acts::MISS_FORGOTTEN => ACT_MISS_FORGOTTEN,
        acts::PROPOSAL_MADE => ACT_PROPOSAL_MADE,
        acts::PROPOSAL_CONFIRMED => ACT_PROPOSAL_CONFIRMED,
        acts::PROPOSAL_REJECTED => ACT_PROPOSAL_REJECTED,
        acts::PROPOSAL_UNDONE => ACT_PROPOSAL_UNDONE,
        acts::TICKET_CALLED => ACT_TICKET_CALLED,
        acts::TICKET_RECALLED => ACT_TICKET_RECALLED,
        acts::TICKET_SERVED => ACT_TICKET_SERVED,
        acts::TICKET_HELD => ACT_TICKET_HELD,
        acts::TICKET_TRANSFERRED => ACT_TICKET_TRANSFERRED,
        acts::TICKET_NO_SHOW => ACT_TICKET_NO_SHOW,
        acts::TICKET_BACK => ACT_TICKET_BACK,
        acts::TICKET_FINISHED => ACT_TICKET_FINISHED,
        acts::TICKETS_READ => ACT_TICKETS_READ,
        acts::CALL_ANSWERED => ACT_CALL_ANSWERED,
        acts::CALL_FINISHED => ACT_CALL_FINISHED,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::ALL;
    use crate::key_table::check;

    #[test]
    fn every_language_says_every_key_with_the_same_arguments() {
        check::every_language_says(ALL.iter().map(|(_, key)| *key), "officers.ftl");
    }

    #[test]
    fn every_key_of_the_table_is_spoken_somewhere() {
        let ours = [include_str!("page.rs"), include_str!("acts.rs"), include_str!("keys.rs")].concat();
        check::all_are_spoken(ALL, &ours, &["keys::", "=> "]);
    }
}
