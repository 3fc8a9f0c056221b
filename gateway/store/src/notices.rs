use std::collections::BTreeMap;

use async_trait::async_trait;
use gateway_core::domain::{Channel, Locale, Notice, NoticeId};
use gateway_core::ports::{Notices, StoreError};
use jiff::Timestamp;

use crate::failure::unreadable;
use crate::store::{Store, on_pool};
use crate::time::{from_micros, to_micros};

/// Characters of one text: what still fits beside an answer on a small screen.
const LONGEST_TEXT: usize = 500;
/// Notices that are read at once: far more than anybody would read.
const MOST_AT_ONCE: i64 = 100;

/// An announcement that is to be added; it cannot be built wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewNotice {
    texts: BTreeMap<Locale, String>,
    channels: Vec<Channel>,
    from: Timestamp,
    until: Timestamp,
}

/// Why an announcement cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoticeProblem {
    /// There is no Vietnamese text.
    #[error("a notice needs a Vietnamese text")]
    NoVietnamese,
    /// A text is empty.
    #[error("the text in {0} is empty")]
    Empty(Locale),
    /// A text is longer than 500 characters.
    #[error("the text in {locale} has {characters} characters; at most 500 are shown")]
    TooLong {
        /// Its language.
        locale: Locale,
        /// How long it is.
        characters: usize,
    },
    /// It would end before it begins.
    #[error("it would end ({until}) before it begins ({from})")]
    EndsBeforeItBegins {
        /// First moment.
        from: Timestamp,
        /// End.
        until: Timestamp,
    },
}

impl NewNotice {
    /// An announcement from one moment until, exclusive, another. No channel
    /// means every channel. Control characters become spaces, because a text
    /// goes into SMS and terminals as it is.
    ///
    /// # Errors
    /// [`NoticeProblem`] says what is wrong.
    pub fn new(
        texts: BTreeMap<Locale, String>,
        mut channels: Vec<Channel>,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Self, NoticeProblem> {
        if until <= from {
            return Err(NoticeProblem::EndsBeforeItBegins { from, until });
        }
        let mut clean = BTreeMap::new();
        for (locale, text) in texts {
            let text = text.replace(char::is_control, " ").trim().to_owned();
            let characters = text.chars().count();
            match characters {
                0 => return Err(NoticeProblem::Empty(locale)),
                1..=LONGEST_TEXT => clean.insert(locale, text),
                _ => return Err(NoticeProblem::TooLong { locale, characters }),
            };
        }
        if !clean.contains_key(&Locale::VI) {
            return Err(NoticeProblem::NoVietnamese);
        }
        channels.sort_unstable();
        channels.dedup();
        Ok(Self { texts: clean, channels, from, until })
    }
}

type Row = (i64, String, String, i64, i64);

impl Store {
    /// Adds an announcement.
    ///
    /// # Errors
    /// The database failed.
    pub async fn add_notice(&self, notice: NewNotice) -> Result<NoticeId, StoreError> {
        let texts: BTreeMap<&str, &str> =
            notice.texts.iter().map(|(locale, text)| (locale.as_str(), text.as_str())).collect();
        let texts = serde_json::to_string(&texts).map_err(|error| StoreError(error.to_string().into()))?;
        let channels = serde_json::to_string(&notice.channels).map_err(|error| StoreError(error.to_string().into()))?;
        let sql = "INSERT INTO notices (texts, channels, from_at, until_at, created_at) \
                   VALUES ($1, $2, $3, $4, $5) RETURNING id";
        let id: i64 = on_pool!(write self, pool => sqlx::query_scalar(sql)
            .bind(texts.as_str())
            .bind(channels.as_str())
            .bind(to_micros(notice.from))
            .bind(to_micros(notice.until))
            .bind(to_micros(self.clock.now()))
            .fetch_one(pool))?;
        Ok(NoticeId(id))
    }

    /// Ends an announcement before its time. `false` where there is none that
    /// has not ended already.
    ///
    /// # Errors
    /// The database failed.
    pub async fn end_notice(&self, id: NoticeId, at: Timestamp) -> Result<bool, StoreError> {
        let sql = "UPDATE notices SET until_at = $2 WHERE id = $1 AND until_at > $2";
        let rows = on_pool!(write self, pool => async {
            sqlx::query(sql).bind(id.0).bind(to_micros(at)).execute(pool).await.map(|done| done.rows_affected())
        })?;
        Ok(rows == 1)
    }
}

#[async_trait]
impl Notices for Store {
    /// Those to come are among them, so that whoever keeps them in memory
    /// shows each on time; in the order in which they begin, at most 100.
    async fn current(&self, now: Timestamp) -> Result<Vec<Notice>, StoreError> {
        let sql = "SELECT id, texts, channels, from_at, until_at FROM notices \
                   WHERE until_at > $1 ORDER BY from_at, id LIMIT $2";
        let rows: Vec<Row> = on_pool!(read self, pool => sqlx::query_as(sql)
            .bind(to_micros(now))
            .bind(MOST_AT_ONCE)
            .fetch_all(pool))?;
        rows.into_iter().map(notice).collect()
    }
}

fn notice((id, texts, channels, from, until): Row) -> Result<Notice, StoreError> {
    let texts: BTreeMap<String, String> = serde_json::from_str(&texts).map_err(|_| unreadable("a notice's texts"))?;
    let channels: Vec<String> = serde_json::from_str(&channels).map_err(|_| unreadable("a notice's channels"))?;
    // A channel that a newer version knows is left out; where nothing but
    // such is left, the notice must not turn into one for everywhere.
    let known: Vec<Channel> = channels.iter().filter_map(|key| Channel::from_key(key)).collect();
    if known.is_empty() && !channels.is_empty() {
        return Err(unreadable("a notice's channels"));
    }
    Ok(Notice {
        id: NoticeId(id),
        texts: texts.into_iter().filter_map(|(tag, text)| Some((Locale::parse(&tag)?, text))).collect(),
        channels: known,
        from: from_micros(from)?,
        until: from_micros(until)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn vietnamese(text: &str) -> BTreeMap<Locale, String> {
        BTreeMap::from([(Locale::VI, text.to_owned())])
    }

    #[test]
    fn a_notice_needs_vietnamese_words_and_an_end_after_its_beginning() {
        let (morning, evening) = (at("2026-11-23T01:00:00Z"), at("2026-11-23T10:00:00Z"));
        let english = BTreeMap::from([(Locale::EN, "Closed".to_owned())]);
        assert_eq!(NewNotice::new(english, vec![], morning, evening), Err(NoticeProblem::NoVietnamese));
        assert_eq!(NewNotice::new(vietnamese(" \n"), vec![], morning, evening), Err(NoticeProblem::Empty(Locale::VI)));
        assert!(matches!(
            NewNotice::new(vietnamese("Nghỉ"), vec![], evening, morning),
            Err(NoticeProblem::EndsBeforeItBegins { .. })
        ));
        let long = vietnamese(&"ế".repeat(501));
        assert!(matches!(
            NewNotice::new(long, vec![], morning, evening),
            Err(NoticeProblem::TooLong { characters: 501, .. })
        ));
        let notice = NewNotice::new(vietnamese("Nghỉ\tchiều nay\n"), vec![], morning, evening).unwrap();
        assert_eq!(notice.texts[&Locale::VI], "Nghỉ chiều nay");
    }
}
