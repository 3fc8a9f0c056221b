use async_trait::async_trait;
use gateway_core::domain::Category;
use gateway_core::ports::{ContactPreferences, KeyedHash, StoreError};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::store::{Store, on_pool};
use crate::time::{to_day, to_micros};

/// Characters of a wish that are kept: its record, not a letter.
const LONGEST_WORDS: usize = 100;

/// The citizen's words as a record: cut, and without digits, because a number
/// among them may be a dossier's or a person's.
pub(crate) fn record_of(words: &str) -> String {
    words.chars().take(LONGEST_WORDS).map(|c| if c.is_numeric() { '#' } else { c }).collect()
}

impl Store {
    /// Wishes are only ever added: the newest one holds.
    async fn wish(
        &self,
        phone: KeyedHash,
        category: Option<Category>,
        refused: bool,
        words: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO contact_wishes (phone, category, refused, words, at) VALUES ($1, $2, $3, $4, $5)";
        let words = record_of(words);
        on_pool!(write self, pool => async {
            sqlx::query(sql)
                .bind(&phone.0[..])
                .bind(category.map_or("", Category::key))
                .bind(i64::from(refused))
                .bind(words.as_str())
                .bind(to_micros(at))
                .execute(pool)
                .await
                .map(drop)
        })
    }
}

#[async_trait]
impl ContactPreferences for Store {
    async fn opt_out(
        &self,
        phone: KeyedHash,
        category: Option<Category>,
        words: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.wish(phone, category, true, words, at).await
    }

    async fn opt_in(
        &self,
        phone: KeyedHash,
        category: Option<Category>,
        words: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.wish(phone, category, false, words, at).await
    }

    /// The newest wish for the category or for all decides: whoever takes all
    /// back gets all, whoever then refuses one gets the others.
    async fn refuses(&self, phone: KeyedHash, category: Category) -> Result<bool, StoreError> {
        let sql = "SELECT refused FROM contact_wishes WHERE phone = $1 AND category IN ($2, '') \
                   ORDER BY id DESC LIMIT 1";
        let refused: Option<i64> = on_pool!(read self, pool => sqlx::query_scalar(sql)
            .bind(&phone.0[..])
            .bind(category.key())
            .fetch_optional(pool))?;
        Ok(refused.is_some_and(|refused| refused != 0))
    }

    async fn count_notice(&self, phone: KeyedHash, day: Date) -> Result<u32, StoreError> {
        let sql = "INSERT INTO notice_counts (phone, day, count) VALUES ($1, $2, 1) \
                   ON CONFLICT (phone, day) DO UPDATE SET count = notice_counts.count + 1 RETURNING count";
        let count: i64 = on_pool!(write self, pool =>
            sqlx::query_scalar(sql).bind(&phone.0[..]).bind(to_day(day)).fetch_one(pool))?;
        Ok(u32::try_from(count).unwrap_or(u32::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_record_of_a_wish_names_no_number() {
        assert_eq!(record_of("DUNG 0912345678 ٣"), "DUNG ########## #");
        assert_eq!(record_of(&"ế".repeat(200)).chars().count(), 100);
    }
}
