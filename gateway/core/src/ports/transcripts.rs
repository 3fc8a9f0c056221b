use std::fmt;

use async_trait::async_trait;
use compact_str::CompactString;
use jiff::Timestamp;

use super::{KeyedHash, StoreError};
use crate::domain::{MessageKey, OfficerId};

/// Whose words they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Speaker {
    /// The citizen's.
    Citizen,
    /// The house's own, said by nobody in particular.
    Assistant,
    /// An officer's.
    Officer,
    /// An officer's, for officers alone.
    Note,
    /// What happened: somebody came, somebody left.
    Event,
}

impl Speaker {
    /// Every one.
    pub const ALL: [Self; 5] = [Self::Citizen, Self::Assistant, Self::Officer, Self::Note, Self::Event];

    /// A stable word.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Citizen => "citizen",
            Self::Assistant => "assistant",
            Self::Officer => "officer",
            Self::Note => "note",
            Self::Event => "event",
        }
    }

    /// The speaker of a stable word.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|speaker| speaker.key() == key)
    }
}

/// Something that was said in a conversation, to be written down.
#[derive(Clone, PartialEq, Eq)]
pub struct NewLine {
    /// In which conversation.
    pub conversation: KeyedHash,
    /// The same key is the same line, however often it is written.
    pub key: MessageKey,
    /// By whom.
    pub speaker: Speaker,
    /// What. Personal data: it is sealed.
    pub text: String,
    /// Buttons under it: what stands on each, and the words that it sends.
    pub buttons: Vec<(String, String)>,
    /// What was understood, in the Desk's stable words; no personal data.
    pub understood: CompactString,
    /// The officer, where one said it.
    pub officer: Option<OfficerId>,
    /// When.
    pub at: Timestamp,
    /// It is deleted then.
    pub until: Timestamp,
}

/// Something that was said.
#[derive(Clone, PartialEq, Eq)]
pub struct Line {
    /// Its number: later lines of a conversation have greater ones.
    pub id: i64,
    /// By whom.
    pub speaker: Speaker,
    /// What. Personal data.
    pub text: String,
    /// Buttons under it.
    pub buttons: Vec<(String, String)>,
    /// What was understood.
    pub understood: CompactString,
    /// The officer, where one said it.
    pub officer: Option<OfficerId>,
    /// When.
    pub at: Timestamp,
}

/// Not the words.
impl fmt::Debug for NewLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewLine").field("speaker", &self.speaker).finish_non_exhaustive()
    }
}

/// Not the words.
impl fmt::Debug for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Line").field("id", &self.id).field("speaker", &self.speaker).finish_non_exhaustive()
    }
}

/// What became of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// It is on disk, under this number.
    New(i64),
    /// It was there already.
    Again,
    /// The house may not speak: a person holds the conversation.
    Silenced,
}

/// What was said in conversations, sealed and expiring: it is shown to the
/// officer who takes a conversation over, and is how a browser reads its answers.
#[async_trait]
pub trait Transcripts: Send + Sync {
    /// Writes lines down, in their order. A line of [`Speaker::Assistant`] is
    /// written only while no officer holds the conversation, and this is decided
    /// with the write itself.
    async fn write_lines(&self, lines: Vec<NewLine>) -> Result<Vec<Written>, StoreError>;

    /// Lines of a conversation after one, oldest first; of more than `limit`
    /// the newest. What cannot be opened any more is left out.
    async fn lines(
        &self,
        conversation: KeyedHash,
        after: i64,
        limit: usize,
        now: Timestamp,
    ) -> Result<Vec<Line>, StoreError>;
}
