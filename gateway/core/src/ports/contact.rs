use async_trait::async_trait;
use compact_str::CompactString;
use jiff::Timestamp;
use jiff::civil::Date;

use super::{KeyedHash, NewOutbound, StoreError};
use crate::desk::DossierReply;
use crate::domain::{Category, Channel, DossierNumber, Locale, OneTimeCode, Phone};

/// What a citizen does not want to be sent. Kept by the keyed hash of the
/// phone, with time and words, because the wish must be provable (Nghị định
/// 91/2020, Luật 91/2025).
#[async_trait]
pub trait ContactPreferences: Send + Sync {
    /// Records a refusal of one category, or of all notices. `words` is what
    /// the citizen wrote.
    async fn opt_out(
        &self,
        phone: KeyedHash,
        category: Option<Category>,
        words: &str,
        at: Timestamp,
    ) -> Result<(), StoreError>;

    /// Takes it back.
    async fn opt_in(
        &self,
        phone: KeyedHash,
        category: Option<Category>,
        words: &str,
        at: Timestamp,
    ) -> Result<(), StoreError>;

    /// Whether the category is refused: the newest wish counts, of those for
    /// this category and for all.
    async fn refuses(&self, phone: KeyedHash, category: Category) -> Result<bool, StoreError>;

    /// Counts one notice of the day and returns how many there are now, this
    /// one included.
    async fn count_notice(&self, phone: KeyedHash, day: Date) -> Result<u32, StoreError>;
}

/// What the house says of itself, without being asked at that moment.
#[derive(Debug, Clone)]
pub struct Notification {
    /// To whom.
    pub to: Phone,
    /// In which language.
    pub locale: Locale,
    /// What.
    pub subject: Subject,
    /// When it was made.
    pub at: Timestamp,
}

/// What is said.
#[derive(Debug, Clone)]
pub enum Subject {
    /// A code that somebody asked for.
    OneTimeCode {
        /// The code.
        code: OneTimeCode,
        /// For how many minutes it holds.
        minutes: u64,
    },
    /// A code that links the phone to an account there.
    LinkCode {
        /// The code.
        code: OneTimeCode,
        /// For how many minutes it holds.
        minutes: u64,
        /// Where the account is.
        channel: Channel,
    },
    /// A dossier has moved: its public view, nothing private.
    DossierMoved(Box<DossierReply>),
    /// Words of the administration.
    Announcement(String),
}

impl Subject {
    /// Why it goes out.
    pub const fn category(&self) -> Category {
        match self {
            Self::OneTimeCode { .. } | Self::LinkCode { .. } => Category::Code,
            Self::DossierMoved(_) => Category::Status,
            Self::Announcement(_) => Category::Announcement,
        }
    }
}

/// Why nothing goes out.
#[derive(Debug, Clone, thiserror::Error)]
pub enum NotSaid {
    /// No road leads to phones.
    #[error("no road leads there")]
    NoRoad,
    /// The citizen refuses this category.
    #[error("the citizen refuses it")]
    Refused,
    /// The citizen was sent enough today.
    #[error("enough for today")]
    EnoughToday,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A channel that can speak first: it puts a notification into words and says
/// which messages carry it, with hours and validity. It sends nothing: the
/// caller writes them into the outbox, in its own transaction.
#[async_trait]
pub trait Notifier: Send + Sync {
    /// The messages.
    ///
    /// # Errors
    /// [`NotSaid`] where nothing may or can go out.
    async fn compose(&self, notification: &Notification) -> Result<Vec<NewOutbound>, NotSaid>;
}

/// One-time codes, hashed at rest.
#[async_trait]
pub trait Codes: Send + Sync {
    /// Keeps the code of a dossier in place of an earlier one. `false` where
    /// the dossier has had one within the pause, or the dossier or the phone as
    /// many as it may within 24 hours: then nothing is kept, the earlier one
    /// holds, and nothing must be sent.
    async fn issue(&self, code: NewCode) -> Result<bool, StoreError>;

    /// Counts a try and says whether it was right. A code is good once, until
    /// its end, and for five tries.
    async fn try_code(&self, dossier: KeyedHash, code: KeyedHash, at: Timestamp) -> Result<bool, StoreError>;
}

/// A code to be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewCode {
    /// For which dossier.
    pub dossier: KeyedHash,
    /// The keyed hash of the phone that receives it.
    pub phone: KeyedHash,
    /// The code's keyed hash, the dossier within it.
    pub code: KeyedHash,
    /// When it is made.
    pub at: Timestamp,
    /// It is good until.
    pub until: Timestamp,
    /// Wrong tries that it bears.
    pub tries: u32,
    /// No second one for the dossier before this time after the last.
    pub pause: std::time::Duration,
    /// So many for the dossier within 24 hours.
    pub most_a_day: u32,
    /// So many to the phone within 24 hours, for whatever dossiers.
    pub most_a_day_phone: u32,
}

/// *Tell me when it moves.*
#[derive(Clone, PartialEq, Eq)]
pub struct NewSubscription {
    /// Which dossier. Kept in clear: the watcher must ask for it.
    pub number: DossierNumber,
    /// Its keyed hash.
    pub dossier: KeyedHash,
    /// Whom to tell. Kept in clear: the notice must go there.
    pub to: Phone,
    /// Its keyed hash.
    pub phone: KeyedHash,
    /// In which language.
    pub locale: Locale,
    /// Over which channel the consent was given.
    pub channel: Channel,
    /// What the citizen wrote: the record of the consent.
    pub words: CompactString,
    /// When.
    pub at: Timestamp,
    /// What is known of the dossier.
    pub seen: Seen,
    /// It ends by itself then.
    pub until: Timestamp,
    /// When to look first.
    pub look_at: Timestamp,
    /// Subscriptions that one phone may have.
    pub most: u32,
}

/// What was last told of a dossier: a change of any of it is worth a notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The status's code and phase, the due date, the kind of reason, as one text.
    pub fingerprint: CompactString,
    /// The due date: what is due first is looked at first.
    pub due_at: Option<Timestamp>,
}

/// Neither the number nor the dossier.
impl std::fmt::Debug for NewSubscription {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewSubscription").field("channel", &self.channel).finish_non_exhaustive()
    }
}

/// A subscription whose time to look has come.
#[derive(Clone, PartialEq, Eq)]
pub struct Subscription {
    /// Its row.
    pub id: i64,
    /// The dossier's number in its canonical form.
    pub number: CompactString,
    /// Whom to tell, E.164.
    pub to: CompactString,
    /// In which language.
    pub locale: Locale,
    /// What was last told.
    pub seen: CompactString,
    /// It ends by itself then.
    pub until: Timestamp,
}

/// Neither the number nor the dossier.
impl std::fmt::Debug for Subscription {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Subscription").field("id", &self.id).finish_non_exhaustive()
    }
}

/// What came of a wish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subscribed {
    /// It is new.
    New,
    /// It was there already; it holds on.
    Already,
    /// The phone has as many as it may have.
    TooMany,
}

/// What came of a look.
#[derive(Debug, Clone)]
pub enum Looked {
    /// Nothing new, or the portal was silent: look again then.
    Same {
        /// At the earliest.
        look_at: Timestamp,
    },
    /// It moved: these messages go out in the same transaction.
    Moved {
        /// What is told now.
        seen: Seen,
        /// When to look again; `None` ends the subscription.
        look_at: Option<Timestamp>,
        /// The notice.
        send: Vec<NewOutbound>,
    },
    /// It ends: the dossier is gone, the time is over.
    Ended,
}

/// Subscriptions to dossiers.
#[async_trait]
pub trait Subscriptions: Send + Sync {
    /// Records the wish with its consent.
    async fn subscribe(&self, wish: NewSubscription) -> Result<Subscribed, StoreError>;

    /// Ends the subscription of a phone to one dossier, or all of them; their
    /// rows are deleted. Returns how many ended.
    async fn unsubscribe(&self, phone: KeyedHash, dossier: Option<KeyedHash>) -> Result<u32, StoreError>;

    /// Those whose time to look has come: overdue and due-soon dossiers, and a
    /// share of those that have waited longest, so that each has its turn.
    /// Nobody else gets them before `lease`.
    async fn due(&self, now: Timestamp, lease: Timestamp, limit: usize) -> Result<Vec<Subscription>, StoreError>;

    /// Records a look. `false` where the subscription has ended meanwhile or
    /// another node told the same: then nothing was written.
    async fn looked(&self, subscription: &Subscription, looked: Looked) -> Result<bool, StoreError>;
}
