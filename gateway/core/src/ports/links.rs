use async_trait::async_trait;
use compact_str::CompactString;
use jiff::Timestamp;

use super::{KeyedHash, StoreError};
use crate::domain::Channel;

/// Which account of a messenger and which telephone are one citizen's, by their
/// consent. A link joins one account and one phone, both by their keyed hashes
/// ([`crate::domain::Sender::hash`]), and nothing else: two accounts of one phone
/// are not joined to each other.
#[async_trait]
pub trait Links: Send + Sync {
    /// Remembers that the account was shown what it would consent to, and waits
    /// for its proof. An earlier one that still waits, and its code, hold on.
    async fn offer(&self, offer: NewLinkOffer) -> Result<(), StoreError>;

    /// The same with a code on its way to the phone, in place of an earlier
    /// offer. `false` where the account has had a code within the pause, or the
    /// account or the phone as many as it may within 24 hours: then nothing is
    /// kept, the earlier one holds, and nothing must be sent.
    async fn issue(&self, offer: NewLinkOffer, code: NewLinkCode) -> Result<bool, StoreError>;

    /// Counts a try, and links where it is right: in one transaction, once,
    /// before the offer's end, in place of another phone of the account.
    async fn confirm(
        &self,
        account: KeyedHash,
        proof: LinkProof<'_>,
        at: Timestamp,
        terms: LinkTerms,
    ) -> Result<LinkTried, StoreError>;

    /// The links of an account (one at the most) or of a phone, oldest first.
    async fn links_of(&self, sender: KeyedHash, at: Timestamp) -> Result<Vec<Link>, StoreError>;

    /// They were used: they end by themselves only then.
    async fn keep_links(&self, sender: KeyedHash, at: Timestamp, until: Timestamp) -> Result<(), StoreError>;

    /// Deletes the sender's link with `other`, or all of its links and what
    /// waits for a proof. Returns how many links there were.
    async fn unlink(&self, sender: KeyedHash, other: Option<KeyedHash>) -> Result<u32, StoreError>;

    /// What else the same citizen sends from, by their consent: the other sides
    /// of the sender's own links, and no further. For what they asked before,
    /// never for what a dossier shows.
    async fn senders_of(&self, sender: KeyedHash, at: Timestamp) -> Result<Vec<KeyedHash>, StoreError> {
        let links = self.links_of(sender, at).await?;
        Ok(links.iter().map(|link| link.other_side(sender)).collect())
    }
}

/// What an account was shown.
#[derive(Clone, PartialEq, Eq)]
pub struct NewLinkOffer {
    /// The keyed hash of the account.
    pub account: KeyedHash,
    /// Where the account is.
    pub channel: Channel,
    /// The version of the words that ask for consent.
    pub consent: CompactString,
    /// What the citizen wrote.
    pub words: CompactString,
    /// When.
    pub at: Timestamp,
    /// A proof is taken until then.
    pub until: Timestamp,
}

/// A code on its way to a phone.
#[derive(Clone, PartialEq, Eq)]
pub struct NewLinkCode {
    /// The keyed hash of the phone.
    pub phone: KeyedHash,
    /// The phone as it is shown: masked.
    pub masked: CompactString,
    /// The code's keyed hash, the account within it.
    pub code: KeyedHash,
    /// Wrong tries that it bears.
    pub tries: u32,
    /// No second one for the account before this time after the last.
    pub pause: std::time::Duration,
    /// So many for the account within 24 hours.
    pub most_a_day: u32,
    /// So many to the phone within 24 hours, for whatever accounts.
    pub most_a_day_phone: u32,
}

/// By what the account shows that the phone is its citizen's.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum LinkProof<'a> {
    /// The code that was sent to the phone.
    Code {
        /// Its keyed hash.
        code: KeyedHash,
        /// What the citizen wrote: the record of the consent.
        words: &'a str,
    },
    /// The messenger itself says that the account has this phone.
    Contact {
        /// The keyed hash of the phone.
        phone: KeyedHash,
        /// The phone as it is shown: masked.
        masked: &'a str,
    },
}

/// What holds for a new link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LinkTerms {
    /// Accounts that one phone may have.
    pub most_accounts: u32,
    /// It ends by itself then, unless it is used.
    pub until: Timestamp,
}

/// What came of a proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkTried {
    /// They are linked.
    Linked {
        /// The phone as it is shown.
        masked: CompactString,
        /// The account had another phone, which it has no more.
        replaced: bool,
    },
    /// It is another code.
    Wrong {
        /// Tries that are left.
        left: u32,
    },
    /// Nothing waits for a proof: none was asked for, it was used, its time or
    /// its tries are over.
    Nothing,
    /// It was right, and the phone has as many accounts as it may have.
    TooMany,
}

/// An account and a phone.
#[derive(Clone, PartialEq, Eq)]
pub struct Link {
    /// The keyed hash of the account.
    pub account: KeyedHash,
    /// The keyed hash of the phone.
    pub phone: KeyedHash,
    /// Where the account is.
    pub channel: Channel,
    /// The phone as it is shown; empty where it was sealed under another key.
    pub masked: CompactString,
    /// The version of the words that were consented to.
    pub consent: CompactString,
    /// Since when.
    pub since: Timestamp,
    /// Until when, unless it is used.
    pub until: Timestamp,
}

impl Link {
    /// The side that the sender is not.
    pub fn other_side(&self, sender: KeyedHash) -> KeyedHash {
        if self.account == sender { self.phone } else { self.account }
    }
}

/// Neither account nor phone nor words.
impl std::fmt::Debug for NewLinkOffer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewLinkOffer").field("channel", &self.channel).finish_non_exhaustive()
    }
}

/// Not even masked.
impl std::fmt::Debug for NewLinkCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NewLinkCode(…)")
    }
}

/// Neither code nor words nor phone.
impl std::fmt::Debug for LinkProof<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Code { .. } => "LinkProof::Code(…)",
            Self::Contact { .. } => "LinkProof::Contact(…)",
        })
    }
}

/// Neither account nor phone.
impl std::fmt::Debug for Link {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Link").field("channel", &self.channel).field("since", &self.since).finish_non_exhaustive()
    }
}
