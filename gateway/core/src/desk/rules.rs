use std::sync::Arc;
use std::time::Duration;

use crate::domain::{Procedure, ProcedureCode};
use crate::text;

/// The Desk's own settings.
#[derive(Debug, Clone)]
pub struct DeskRules {
    /// Wrong proofs a day for one dossier before only a stronger proof is
    /// taken (rule 4).
    pub wrong_proofs_per_day: u32,
    /// A failed disclosure leaves after this long, or after a whole multiple
    /// of it, whatever it was that failed (rule 6).
    pub failed_disclosure_takes: Duration,
    /// A number of the last so many days that is not found may not have
    /// arrived yet.
    pub not_arrived_days: i64,
    /// Codes of procedures whose very name needs a proof (rule 2).
    pub sensitive_procedures: Vec<ProcedureCode>,
    /// Folded words that make a procedure's name sensitive, for those that no
    /// catalogue knows.
    pub sensitive_words: Vec<String>,
    /// Give private views on foreign processors too (rule 3; off by default).
    pub private_on_foreign_processors: bool,
    /// A portal that is down: try again after.
    pub portal_retry_after: Duration,
    /// How long an answer waits where the audit's queue is full, before it is
    /// refused: no row, no answer, but nothing hangs. For the memory of its
    /// conversation it waits no longer, and then goes without.
    pub audit_wait: Duration,
    /// One-time codes.
    pub codes: CodeRules,
    /// Subscriptions.
    pub subscriptions: SubscriptionRules,
    /// Links of accounts and phones.
    pub linking: LinkRules,
    /// Conversations.
    pub conversations: ConversationRules,
    /// Officers take conversations over on the channels that can carry it
    /// ([`crate::domain::Channel::has_officers`]).
    pub officers: bool,
    /// The province's telephone for all questions, as printed.
    pub hotline: Option<Arc<str>>,
}

/// What is remembered between two questions.
#[derive(Debug, Clone)]
pub struct ConversationRules {
    /// A conversation is forgotten when nothing was said for so long.
    pub remembered_for: Duration,
    /// After so many questions in a row that were not understood a person is
    /// offered.
    pub person_after: u8,
}

impl Default for ConversationRules {
    fn default() -> Self {
        Self { remembered_for: Duration::from_secs(1_800), person_after: 2 }
    }
}

/// One-time codes: six digits to a dossier's registered phone.
#[derive(Debug, Clone)]
pub struct CodeRules {
    /// How long one is good.
    pub valid: Duration,
    /// Wrong tries that one bears.
    pub tries: u32,
    /// No second one for the same dossier within this time.
    pub pause: Duration,
    /// Codes for one dossier within 24 hours.
    pub most_a_day: u32,
    /// Codes to one phone within 24 hours, for whatever dossiers.
    pub most_a_day_phone: u32,
    /// How long a sender who proved a dossier to be theirs need not prove it
    /// again to subscribe.
    pub proven_for: Duration,
}

impl Default for CodeRules {
    fn default() -> Self {
        Self {
            valid: Duration::from_secs(300),
            tries: 5,
            pause: Duration::from_secs(60),
            most_a_day: 5,
            most_a_day_phone: 10,
            proven_for: Duration::from_secs(900),
        }
    }
}

/// Linking an account and a phone by consent.
#[derive(Debug, Clone)]
pub struct LinkRules {
    /// How long a code, or an offer to press the contact button, is good.
    pub valid: Duration,
    /// Wrong tries that a code bears.
    pub tries: u32,
    /// No second code for the same account within this time.
    pub pause: Duration,
    /// Codes for one account within 24 hours.
    pub most_a_day: u32,
    /// Codes to one phone within 24 hours, for whatever accounts.
    pub most_a_day_phone: u32,
    /// Accounts that one phone may have.
    pub most_accounts: u32,
    /// A link that nobody uses ends by itself after this time.
    pub kept_for: Duration,
}

impl Default for LinkRules {
    fn default() -> Self {
        Self {
            valid: Duration::from_secs(600),
            tries: 5,
            pause: Duration::from_secs(60),
            most_a_day: 5,
            most_a_day_phone: 3,
            most_accounts: 3,
            kept_for: Duration::from_secs(365 * 86_400),
        }
    }
}

/// *Tell me when it moves.*
#[derive(Debug, Clone)]
pub struct SubscriptionRules {
    /// Subscriptions of one phone.
    pub most: u32,
    /// A subscription ends by itself after so many days.
    pub days: i64,
    /// A dossier is looked at again after this time …
    pub look_every: Duration,
    /// … and after this one where it is due within two days or late.
    pub look_soon_every: Duration,
    /// Calls at the portal in one minute, over all subscriptions of this node.
    pub calls_per_minute: u32,
}

impl Default for SubscriptionRules {
    fn default() -> Self {
        Self {
            most: 20,
            days: 180,
            look_every: Duration::from_secs(2 * 3_600),
            look_soon_every: Duration::from_secs(1_800),
            calls_per_minute: 60,
        }
    }
}

impl Default for DeskRules {
    fn default() -> Self {
        Self {
            wrong_proofs_per_day: 5,
            failed_disclosure_takes: Duration::from_millis(700),
            not_arrived_days: 2,
            sensitive_procedures: Vec::new(),
            sensitive_words: ["to cao", "con nuoi", "ly lich tu phap", "khieu nai"].map(str::to_owned).to_vec(),
            private_on_foreign_processors: false,
            portal_retry_after: Duration::from_secs(30),
            audit_wait: Duration::from_secs(1),
            codes: CodeRules::default(),
            subscriptions: SubscriptionRules::default(),
            linking: LinkRules::default(),
            conversations: ConversationRules::default(),
            officers: true,
            hotline: None,
        }
    }
}

impl DeskRules {
    /// Whether a dossier's procedure may not be named without a proof. `known`
    /// is the catalogue's entry, `name` the source's own text.
    pub(super) fn withholds(
        &self,
        known: Option<&Procedure>,
        code: Option<&ProcedureCode>,
        name: Option<&str>,
    ) -> bool {
        if known.is_some_and(|procedure| procedure.sensitive) {
            return true;
        }
        if code.is_some_and(|code| self.sensitive_procedures.iter().any(|other| other.national() == code.national())) {
            return true;
        }
        let name = match known {
            // The catalogue's author has decided about this one.
            Some(_) => return false,
            None => name,
        };
        name.is_some_and(|name| {
            let folded = text::fold(name);
            self.sensitive_words.iter().any(|word| folded.contains(word.as_str()))
        })
    }
}
