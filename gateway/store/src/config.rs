use std::fmt;
use std::time::Duration;

use serde::Deserialize;

/// Where rows are kept and how long. Every key has a default.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StoreConfig {
    /// `sqlite://PATH`, `sqlite::memory:` (tests) or
    /// `postgres://USER:PASSWORD@HOST[:PORT]/DATABASE[?sslmode=verify-full]`.
    /// It may hold a password: it is never printed.
    pub url: String,
    /// Connections kept to PostgreSQL, or for reading from SQLite (which
    /// always has one more, for writing). 1–100.
    pub connections: u32,
    /// How long opening the database may take, in milliseconds. 100–60,000.
    pub open_timeout_ms: u64,
    /// How long one call may take, waiting for a free connection included, in
    /// milliseconds. 100–60,000.
    pub call_timeout_ms: u64,
    /// The audit's writer.
    pub audit: AuditConfig,
    /// What comes in and goes out.
    pub mailbox: MailboxConfig,
    /// What was said before.
    pub conversations: ConversationsConfig,
    /// The queues of centres.
    pub queue: QueueConfig,
    /// How long rows are kept.
    pub retention: Retention,
}

impl Default for StoreConfig {
    fn default() -> Self {
        Self {
            url: "sqlite://dakenh.db".to_owned(),
            connections: 4,
            open_timeout_ms: 5_000,
            call_timeout_ms: 3_000,
            audit: AuditConfig::default(),
            mailbox: MailboxConfig::default(),
            conversations: ConversationsConfig::default(),
            queue: QueueConfig::default(),
            retention: Retention::default(),
        }
    }
}

/// Everything but the URL, which may hold a password.
impl fmt::Debug for StoreConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoreConfig")
            .field("url", &crate::open::shown(&self.url))
            .field("connections", &self.connections)
            .field("open_timeout_ms", &self.open_timeout_ms)
            .field("call_timeout_ms", &self.call_timeout_ms)
            .field("audit", &self.audit)
            .field("mailbox", &self.mailbox)
            .field("conversations", &self.conversations)
            .field("queue", &self.queue)
            .field("retention", &self.retention)
            .finish()
    }
}

/// The audit's writer: rows wait in memory for companions and go to disk
/// together.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AuditConfig {
    /// Rows that may wait in memory (about 300 bytes each). Where it is full,
    /// answers wait: a slow disk slows the gateway, it loses no row.
    /// 100–1,000,000.
    pub queue_rows: usize,
    /// Rows in one insert, 1–2,000.
    pub batch_rows: usize,
    /// How long a row waits for companions, in milliseconds, 0–1,000. It is
    /// what a crash can lose of rows that are no disclosures.
    pub batch_wait_ms: u64,
    /// How long a disclosure waits for its row to be on disk before it is
    /// refused, in milliseconds, 100–30,000.
    pub commit_timeout_ms: u64,
    /// How long a graceful stop waits for the last rows, in milliseconds,
    /// 100–60,000. Below the 10 s that the whole stop has.
    pub close_timeout_ms: u64,
}

impl Default for AuditConfig {
    fn default() -> Self {
        Self {
            queue_rows: 10_000,
            batch_rows: 500,
            batch_wait_ms: 20,
            commit_timeout_ms: 2_000,
            close_timeout_ms: 5_000,
        }
    }
}

impl AuditConfig {
    pub(crate) const fn batch_wait(&self) -> Duration {
        Duration::from_millis(self.batch_wait_ms)
    }

    pub(crate) const fn commit_timeout(&self) -> Duration {
        Duration::from_millis(self.commit_timeout_ms)
    }

    pub(crate) const fn close_timeout(&self) -> Duration {
        Duration::from_millis(self.close_timeout_ms)
    }
}

/// What comes in and goes out: callers wait while one writer commits all that
/// came meanwhile.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MailboxConfig {
    /// Messages that may wait for their answer; above it none is taken, and the
    /// road's owner sends again later. 1,000–10,000,000.
    pub inbox_rows: u64,
    /// Parts of longer messages that may wait for the others, 100–1,000,000.
    pub part_rows: u64,
    /// Receipts that wait for their message, 100–1,000,000: above it the oldest
    /// go.
    pub held_receipts: u32,
    /// How long a receipt waits for its message, in minutes, 1–1,440.
    pub held_receipt_minutes: u64,
    /// Calls that may wait for the writer; where it is full, callers wait for
    /// room. 100–1,000,000.
    pub queue_ops: usize,
    /// Calls in one transaction, 1–5,000.
    pub batch_ops: usize,
    /// Transactions at once on PostgreSQL, each on a connection of its own,
    /// 1–8. SQLite has one.
    pub writers: usize,
    /// How often a node says that it lives, in milliseconds, 500–60,000.
    pub heartbeat_ms: u64,
    /// After how long without that a node of PostgreSQL counts as dead, in
    /// milliseconds, 1,000–600,000: three heartbeats at least, and more than
    /// the nodes' clocks may differ.
    pub dead_after_ms: u64,
    /// How long a graceful stop waits for the last calls, in milliseconds,
    /// 100–60,000.
    pub close_timeout_ms: u64,
}

impl Default for MailboxConfig {
    fn default() -> Self {
        Self {
            inbox_rows: 200_000,
            part_rows: 20_000,
            held_receipts: 10_000,
            held_receipt_minutes: 30,
            queue_ops: 10_000,
            batch_ops: 1_000,
            writers: 2,
            heartbeat_ms: 5_000,
            dead_after_ms: 20_000,
            close_timeout_ms: 5_000,
        }
    }
}

impl MailboxConfig {
    fn validate(&self) -> Result<(), StoreConfigProblem> {
        let Self { dead_after_ms, heartbeat_ms, .. } = *self;
        if dead_after_ms < heartbeat_ms.saturating_mul(HEARTBEATS) {
            return Err(StoreConfigProblem::DeadTooSoon { dead_after_ms, heartbeat_ms });
        }
        Ok(())
    }

    pub(crate) const fn heartbeat(&self) -> Duration {
        Duration::from_millis(self.heartbeat_ms)
    }

    pub(crate) const fn dead_after(&self) -> Duration {
        Duration::from_millis(self.dead_after_ms)
    }

    pub(crate) const fn held_receipt(&self) -> Duration {
        Duration::from_secs(60 * self.held_receipt_minutes)
    }

    pub(crate) const fn close_timeout(&self) -> Duration {
        Duration::from_millis(self.close_timeout_ms)
    }
}

/// What was said before: written behind the answers, many conversations
/// together.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ConversationsConfig {
    /// Turns that may wait in memory to be written (about 1 kB each, one for
    /// each conversation). 100–1,000,000.
    pub queue_rows: usize,
    /// Conversations in one transaction, 1–2,000.
    pub batch_rows: usize,
    /// How long a turn waits for companions, in milliseconds, 0–500: what a
    /// crash can lose, and when other nodes know it.
    pub batch_wait_ms: u64,
    /// How long an answer waits for room where the queue is full, before the
    /// turn is not remembered, in milliseconds, 0–1,000.
    pub room_wait_ms: u64,
    /// How long a graceful stop waits for the last turns, in milliseconds,
    /// 100–60,000.
    pub close_timeout_ms: u64,
}

impl Default for ConversationsConfig {
    fn default() -> Self {
        Self { queue_rows: 10_000, batch_rows: 500, batch_wait_ms: 100, room_wait_ms: 50, close_timeout_ms: 2_000 }
    }
}

impl ConversationsConfig {
    pub(crate) const fn batch_wait(&self) -> Duration {
        Duration::from_millis(self.batch_wait_ms)
    }

    pub(crate) const fn room_wait(&self) -> Duration {
        Duration::from_millis(self.room_wait_ms)
    }

    pub(crate) const fn close_timeout(&self) -> Duration {
        Duration::from_millis(self.close_timeout_ms)
    }
}

/// Numbers of queues: whoever wants one waits while one writer gives those that
/// were wanted meanwhile.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct QueueConfig {
    /// Wishes that may wait for the writer; above it they fail, and the terminal
    /// asks again. 10–100,000.
    pub waiting_takes: usize,
    /// Numbers in one transaction, 1–1,000.
    pub batch_takes: usize,
    /// How long a graceful stop waits for the last numbers, in milliseconds,
    /// 100–60,000.
    pub close_timeout_ms: u64,
}

impl Default for QueueConfig {
    fn default() -> Self {
        Self { waiting_takes: 5_000, batch_takes: 250, close_timeout_ms: 2_000 }
    }
}

impl QueueConfig {
    pub(crate) const fn close_timeout(&self) -> Duration {
        Duration::from_millis(self.close_timeout_ms)
    }
}

/// How many days each kind of row is kept.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Retention {
    /// The audit, 31–3,650 days. Below that the database itself refuses.
    pub audit_days: u32,
    /// Ids of seen messages, 1–90 days: longer than any provider repeats one.
    pub messages_days: u32,
    /// Tried proofs, 2–90 days: the limit is by the day.
    pub proofs_days: u32,
    /// Which owners a phone belongs to, counted from when it was last seen,
    /// 30–3,650 days.
    pub phone_owners_days: u32,
    /// Notices, counted from their end, 1–3,650 days.
    pub notices_days: u32,
    /// Messages that came in, 1–90 days. Their sender and text are wiped as
    /// soon as they are answered; one that was never answered goes whole.
    pub inbound_days: u32,
    /// Messages that went out, counted from when they were written down,
    /// 8–365 days. Their text is wiped once a provider took it, the recipient
    /// when their end is known.
    pub outbound_days: u32,
    /// How many days after the end of its validity a message whose receipt
    /// never came counts as of unknown end, 1–7 days.
    pub receipts_days: u32,
    /// One-time codes and how many were sent, 1–30 days: the limit is by 24 hours.
    pub codes_days: u32,
    /// Wishes not to be sent notices, once a newer one has replaced them, and
    /// those that took one back; a refusal that holds is kept. 365–3,650 days.
    pub preferences_days: u32,
    /// Counts of notices that a phone was sent in a day, 2–90 days.
    pub notice_counts_days: u32,
    /// What officers did, 31–3,650 days. Below that the database itself refuses.
    pub officer_acts_days: u32,
    /// Tickets of queues, for reports, 2–3,650 days. They hold no personal data.
    pub queue_days: u32,
}

impl Default for Retention {
    fn default() -> Self {
        Self {
            audit_days: 365,
            messages_days: 7,
            proofs_days: 7,
            phone_owners_days: 400,
            notices_days: 90,
            inbound_days: 7,
            outbound_days: 30,
            receipts_days: 3,
            codes_days: 1,
            preferences_days: 1_825,
            notice_counts_days: 7,
            officer_acts_days: 365,
            queue_days: 730,
        }
    }
}

/// A setting that cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreConfigProblem {
    /// A number that is too small or too large.
    #[error("{key} = {value} is out of range: {least} to {most}")]
    OutOfRange {
        /// The key below the store's section (`audit.batch_rows`).
        key: &'static str,
        /// What was given.
        value: u64,
        /// The least that may be.
        least: u64,
        /// The most that may be.
        most: u64,
    },
    /// A node that lives would count as dead, and its messages be taken.
    #[error(
        "mailbox.dead_after_ms = {dead_after_ms} is less than three times mailbox.heartbeat_ms = {heartbeat_ms}: \
         a node that misses a heartbeat would count as dead while it sends; it must be {} or more",
        heartbeat_ms.saturating_mul(HEARTBEATS)
    )]
    DeadTooSoon {
        /// After how long a node counts as dead.
        dead_after_ms: u64,
        /// How often it says that it lives.
        heartbeat_ms: u64,
    },
}

/// So many heartbeats, at least, go by before a node counts as dead.
const HEARTBEATS: u64 = 3;

impl StoreConfig {
    /// Checks every setting. The URL is checked by [`crate::Store::connect`].
    ///
    /// # Errors
    /// The first setting out of its range, or two that do not go together.
    pub fn validate(&self) -> Result<(), StoreConfigProblem> {
        let count = |value: usize| u64::try_from(value).unwrap_or(u64::MAX);
        let ranges = [
            ("connections", u64::from(self.connections), 1, 100),
            ("open_timeout_ms", self.open_timeout_ms, 100, 60_000),
            ("call_timeout_ms", self.call_timeout_ms, 100, 60_000),
            ("audit.queue_rows", count(self.audit.queue_rows), 100, 1_000_000),
            ("audit.batch_rows", count(self.audit.batch_rows), 1, 2_000),
            ("audit.batch_wait_ms", self.audit.batch_wait_ms, 0, 1_000),
            ("audit.commit_timeout_ms", self.audit.commit_timeout_ms, 100, 30_000),
            ("audit.close_timeout_ms", self.audit.close_timeout_ms, 100, 60_000),
            ("mailbox.inbox_rows", self.mailbox.inbox_rows, 1_000, 10_000_000),
            ("mailbox.part_rows", self.mailbox.part_rows, 100, 1_000_000),
            ("mailbox.held_receipts", u64::from(self.mailbox.held_receipts), 100, 1_000_000),
            ("mailbox.held_receipt_minutes", self.mailbox.held_receipt_minutes, 1, 1_440),
            ("mailbox.queue_ops", count(self.mailbox.queue_ops), 100, 1_000_000),
            ("mailbox.batch_ops", count(self.mailbox.batch_ops), 1, 5_000),
            ("mailbox.writers", count(self.mailbox.writers), 1, 8),
            ("mailbox.heartbeat_ms", self.mailbox.heartbeat_ms, 500, 60_000),
            ("mailbox.dead_after_ms", self.mailbox.dead_after_ms, 1_000, 600_000),
            ("mailbox.close_timeout_ms", self.mailbox.close_timeout_ms, 100, 60_000),
            ("conversations.queue_rows", count(self.conversations.queue_rows), 100, 1_000_000),
            ("conversations.batch_rows", count(self.conversations.batch_rows), 1, 2_000),
            ("conversations.batch_wait_ms", self.conversations.batch_wait_ms, 0, 500),
            ("conversations.room_wait_ms", self.conversations.room_wait_ms, 0, 1_000),
            ("conversations.close_timeout_ms", self.conversations.close_timeout_ms, 100, 60_000),
            ("queue.waiting_takes", count(self.queue.waiting_takes), 10, 100_000),
            ("queue.batch_takes", count(self.queue.batch_takes), 1, 1_000),
            ("queue.close_timeout_ms", self.queue.close_timeout_ms, 100, 60_000),
            ("retention.audit_days", u64::from(self.retention.audit_days), 31, 3_650),
            ("retention.messages_days", u64::from(self.retention.messages_days), 1, 90),
            ("retention.proofs_days", u64::from(self.retention.proofs_days), 2, 90),
            ("retention.phone_owners_days", u64::from(self.retention.phone_owners_days), 30, 3_650),
            ("retention.notices_days", u64::from(self.retention.notices_days), 1, 3_650),
            ("retention.inbound_days", u64::from(self.retention.inbound_days), 1, 90),
            ("retention.outbound_days", u64::from(self.retention.outbound_days), 8, 365),
            ("retention.receipts_days", u64::from(self.retention.receipts_days), 1, 7),
            ("retention.codes_days", u64::from(self.retention.codes_days), 1, 30),
            ("retention.preferences_days", u64::from(self.retention.preferences_days), 365, 3_650),
            ("retention.notice_counts_days", u64::from(self.retention.notice_counts_days), 2, 90),
            ("retention.officer_acts_days", u64::from(self.retention.officer_acts_days), 31, 3_650),
            ("retention.queue_days", u64::from(self.retention.queue_days), 2, 3_650),
        ];
        let outside = ranges.into_iter().find(|(_, value, least, most)| !(*least..=*most).contains(value));
        match outside {
            Some((key, value, least, most)) => Err(StoreConfigProblem::OutOfRange { key, value, least, most }),
            None => self.mailbox.validate(),
        }
    }

    pub(crate) const fn open_timeout(&self) -> Duration {
        Duration::from_millis(self.open_timeout_ms)
    }

    pub(crate) const fn call_timeout(&self) -> Duration {
        Duration::from_millis(self.call_timeout_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_in_range() {
        assert_eq!(StoreConfig::default().validate(), Ok(()));
    }

    #[test]
    fn a_setting_out_of_range_is_named() {
        let mut config = StoreConfig::default();
        config.retention.audit_days = 30;
        let problem = config.validate().unwrap_err();
        assert!(matches!(problem, StoreConfigProblem::OutOfRange { key: "retention.audit_days", .. }), "{problem:?}");
    }

    #[test]
    fn a_node_may_miss_a_heartbeat_before_it_counts_as_dead() {
        let mut config = StoreConfig::default();
        (config.mailbox.heartbeat_ms, config.mailbox.dead_after_ms) = (2_000, 5_999);
        let problem = config.validate().unwrap_err();
        assert_eq!(problem, StoreConfigProblem::DeadTooSoon { dead_after_ms: 5_999, heartbeat_ms: 2_000 });
        assert!(problem.to_string().ends_with("it must be 6000 or more"), "{problem}");
        config.mailbox.dead_after_ms = 6_000;
        assert_eq!(config.validate(), Ok(()));
    }

    #[test]
    fn the_password_is_not_in_the_debug_form() {
        let config = StoreConfig { url: "postgres://gate:s3cret@db/x?password=0ther".to_owned(), ..Default::default() };
        let debug = format!("{config:?}");
        assert!(!debug.contains("s3cret") && !debug.contains("0ther"), "{debug}");
    }
}
