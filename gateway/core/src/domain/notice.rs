use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{Channel, Locale};

/// The row number of a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NoticeId(pub i64);

/// An announcement of the administration ("the centre closes at 15:00 today")
/// that goes with every answer until it ends by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Its row.
    pub id: NoticeId,
    /// The text in each language that the operator gave; Vietnamese always.
    pub texts: BTreeMap<Locale, String>,
    /// Where it is shown; empty means everywhere.
    pub channels: Vec<Channel>,
    /// From when on.
    pub from: Timestamp,
    /// Until when, exclusive.
    pub until: Timestamp,
}

impl Notice {
    /// Whether it is shown on this channel now.
    pub fn applies(&self, channel: Channel, now: Timestamp) -> bool {
        self.from <= now && now < self.until && (self.channels.is_empty() || self.channels.contains(&channel))
    }

    /// The text in this language, else in Vietnamese.
    pub fn text(&self, locale: Locale) -> &str {
        self.texts.get(&locale).or_else(|| self.texts.get(&Locale::VI)).map_or("", String::as_str)
    }
}
