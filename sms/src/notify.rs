//! What the house says without being asked at that moment: hours, caps and
//! refusals, then the words.

use std::sync::Arc;

use async_trait::async_trait;
use compact_str::CompactString;
use gateway_core::domain::{Sender, local_date, local_datetime, local_moment};
use gateway_core::ports::{
    ContactPreferences, HashKey, NewOutbound, NotSaid, Notification, Notifier, Randomness, Subject,
};
use jiff::Timestamp;
use std::time::Duration;

use crate::config::NoticeConfig;
use crate::pages::{first_page, outbound};
use crate::reception::later;
use crate::routes::Routes;
use crate::words::Words;

/// Composes notices and codes for phones.
pub struct Composer {
    /// Which road they take.
    pub routes: Arc<Routes>,
    /// The words.
    pub words: Words,
    /// Who wants what.
    pub preferences: Arc<dyn ContactPreferences>,
    /// Hours and caps.
    pub config: NoticeConfig,
    /// The key of the hashes.
    pub hash_key: HashKey,
    /// For the reference of joined parts.
    pub randomness: Arc<dyn Randomness>,
}

#[async_trait]
impl Notifier for Composer {
    async fn compose(&self, notification: &Notification) -> Result<Vec<NewOutbound>, NotSaid> {
        let Notification { to, locale, subject, at } = notification;
        let category = subject.category();
        let route = self.routes.choose(category, None).ok_or(NotSaid::NoRoad)?;
        let mut not_before = *at;
        if category.is_notice() {
            let phone = Sender::Phone(to.clone()).hash(&self.hash_key);
            if self.preferences.refuses(phone, category).await? {
                return Err(NotSaid::Refused);
            }
            not_before = self.out_of_quiet_hours(*at);
            let sent = self.preferences.count_notice(phone, local_date(not_before)).await?;
            if sent > self.config.most_a_day {
                return Err(NotSaid::EnoughToday);
            }
        }
        let text = self.words.of(*locale).notify_sms(subject, *locale);
        // A notice has no second page: nobody can ask for it.
        let page = first_page(&self.routes, route, text, "");
        let valid_until = later(not_before, self.validity(subject));
        let reference = self.routes.reference(self.randomness.next_u64());
        let to = CompactString::from(to.e164());
        Ok(outbound(page, route, category, &to, &route.config.from, reference, not_before, valid_until))
    }
}

impl Composer {
    fn validity(&self, subject: &Subject) -> Duration {
        match subject {
            // A code that comes after its end only confuses.
            Subject::OneTimeCode { minutes, .. } | Subject::LinkCode { minutes, .. } => {
                Duration::from_secs(minutes * 60)
            }
            Subject::DossierMoved(_) | Subject::Announcement(_) => {
                Duration::from_secs(u64::from(self.config.valid_hours) * 3_600)
            }
        }
    }

    /// The moment itself, or the end of the quiet hours that it falls into.
    fn out_of_quiet_hours(&self, at: Timestamp) -> Timestamp {
        let (from, until) = (self.config.quiet_from, self.config.quiet_until);
        let local = local_datetime(at);
        let time = local.time();
        let over_midnight = from > until;
        let quiet = if over_midnight { time >= from || time < until } else { from <= time && time < until };
        if !quiet {
            return at;
        }
        let day = if over_midnight && time >= from { local.date().tomorrow().ok() } else { Some(local.date()) };
        day.and_then(|day| local_moment(day.to_datetime(until))).unwrap_or(at)
    }
}
