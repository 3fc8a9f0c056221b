//! Telegram's limits, kept before it must say so: so many messages a second of
//! the bot, of a chat, and a minute of a group.
//!
//! What is too early is given back at once (`Later`): nothing waits in memory,
//! where a crash would leave it *uncertain* though it never went out. That is
//! why teloxide's `Throttle`, which makes callers wait, is not used (ADR 12).

use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use governor::clock::Clock;
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::keyed::DashMapStateStore;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};
use tokio::time::Instant;

use super::chat::ChatRef;
use super::config::TelegramConfig;

type Keyed = RateLimiter<i64, DashMapStateStore<i64>, Beat, NoOpMiddleware<Nanos>>;

/// The figures of chats that were silent are swept after so many messages.
const SWEEP_EVERY: u32 = 1_024;

/// The limits of one bot.
pub(super) struct Rates {
    account: RateLimiter<NotKeyed, InMemoryState, Beat, NoOpMiddleware<Nanos>>,
    chats: Keyed,
    groups: Keyed,
    beat: Beat,
    passed: AtomicU32,
}

/// Too early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Early {
    pub(super) wait: Duration,
    /// Whether the whole bot must wait.
    pub(super) account: bool,
}

impl Rates {
    pub(super) fn new(config: &TelegramConfig) -> Self {
        let beat = Beat { start: Instant::now() };
        let second = config.messages_per_second;
        // A bucket lets its burst through on top of its rate: a tenth keeps the
        // worst second near the limit.
        let burst = NonZeroU32::new(second.get() / 10).unwrap_or(NonZeroU32::MIN);
        let chat = Quota::per_second(config.chat_messages_per_second).allow_burst(config.chat_burst);
        let group = Quota::per_minute(config.group_messages_per_minute).allow_burst(config.chat_burst);
        Self {
            account: RateLimiter::direct_with_clock(Quota::per_second(second).allow_burst(burst), beat),
            chats: RateLimiter::dashmap_with_clock(chat, beat),
            groups: RateLimiter::dashmap_with_clock(group, beat),
            beat,
            passed: AtomicU32::new(0),
        }
    }

    /// Counts a message to a chat. The bot's limit stands first: so no more
    /// chats are known than it lets through in a minute between two sweeps.
    pub(super) fn check(&self, chat: ChatRef) -> Result<(), Early> {
        let now = self.beat.now();
        self.account.check().map_err(|early| Early { wait: early.wait_time_from(now), account: true })?;
        if self.passed.fetch_add(1, Ordering::Relaxed) % SWEEP_EVERY == SWEEP_EVERY - 1 {
            self.sweep();
        }
        let early = |limit: &Keyed| {
            limit.check_key(&chat.id).map_err(|early| Early { wait: early.wait_time_from(now), account: false })
        };
        early(&self.chats)?;
        if chat.is_group() { early(&self.groups) } else { Ok(()) }
    }

    fn sweep(&self) {
        for limit in [&self.chats, &self.groups] {
            limit.retain_recent();
            limit.shrink_to_fit();
        }
    }
}

/// The runtime's clock, so that a test that pauses the one pauses the other.
#[derive(Debug, Clone, Copy)]
struct Beat {
    start: Instant,
}

impl Clock for Beat {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        self.start.elapsed().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHAT: ChatRef = ChatRef { id: 7, thread: None };
    const GROUP: ChatRef = ChatRef { id: -1_007, thread: None };

    fn rates() -> Rates {
        Rates::new(&TelegramConfig::default())
    }

    async fn pass(span: Duration) {
        tokio::time::advance(span).await;
    }

    #[tokio::test(start_paused = true)]
    async fn a_chat_has_one_a_second_after_a_short_burst() {
        let config = TelegramConfig { messages_per_second: NonZeroU32::new(1_000).unwrap(), ..Default::default() };
        let rates = Rates::new(&config);
        for _ in 0..3 {
            rates.check(CHAT).unwrap();
        }
        assert_eq!(rates.check(CHAT), Err(Early { wait: Duration::from_secs(1), account: false }));
        rates.check(ChatRef { id: 8, thread: None }).unwrap();
        pass(Duration::from_secs(1)).await;
        assert_eq!(rates.check(CHAT), Ok(()));
        assert!(rates.check(CHAT).is_err());
    }

    #[tokio::test(start_paused = true)]
    async fn a_group_has_twenty_a_minute() {
        let rates = rates();
        let mut sent = 0;
        for _ in 0..120 {
            sent += u32::from(rates.check(GROUP).is_ok());
            pass(Duration::from_millis(500)).await;
        }
        assert!((20..=23).contains(&sent), "{sent}");
    }

    #[tokio::test(start_paused = true)]
    async fn the_bot_has_thirty_a_second_and_says_that_all_must_wait() {
        let rates = rates();
        let mut sent = 0;
        let mut early = None;
        for id in 0..1_000 {
            match rates.check(ChatRef { id, thread: None }) {
                Ok(()) => sent += 1,
                Err(waits) => early = Some(waits),
            }
            pass(Duration::from_millis(1)).await;
        }
        assert!((30..=33).contains(&sent), "{sent}");
        assert!(early.is_some_and(|early| early.account && early.wait <= Duration::from_millis(34)));
    }

    #[tokio::test(start_paused = true)]
    async fn silent_chats_are_forgotten() {
        let rates = rates();
        for id in 0..i64::from(SWEEP_EVERY) * 2 {
            rates.check(ChatRef { id, thread: None }).unwrap();
            pass(Duration::from_millis(40)).await;
        }
        assert!(rates.chats.len() < 1_200, "{}", rates.chats.len());
    }
}
