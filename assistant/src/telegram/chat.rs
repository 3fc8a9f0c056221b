//! Where an answer goes: a chat, or one topic of a group.

use compact_str::{CompactString, format_compact};

/// A chat's id, and the topic in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ChatRef {
    pub(super) id: i64,
    pub(super) thread: Option<i64>,
}

impl ChatRef {
    /// `-100123/45`: as it stands in rows.
    pub(super) fn written(self) -> CompactString {
        match self.thread {
            Some(thread) => format_compact!("{}/{thread}", self.id),
            None => format_compact!("{}", self.id),
        }
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        match text.split_once('/') {
            Some((id, thread)) => Some(Self { id: id.parse().ok()?, thread: Some(thread.parse().ok()?) }),
            None => Some(Self { id: text.parse().ok()?, thread: None }),
        }
    }

    /// Groups and channels have negative ids.
    pub(super) const fn is_group(self) -> bool {
        self.id < 0
    }
}
