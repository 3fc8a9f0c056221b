//! From the outbox onto the wires: one message of a chat at a time, in their
//! order; marked before it is sent, and what became of it after.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use compact_str::CompactString;
use gateway_core::domain::{Category, Channel, MessageId, Provider};
use gateway_core::ports::{HandedOver, NewOutbound, Outbound, is_house_voice};
use gateway_http::Task;
use gateway_locale::Medium;
use jiff::Timestamp;
use parking_lot::Mutex;
use tokio::sync::{Notify, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::answer::later;
use super::wire::{Saying, Sent, Wire};
use super::{CHANNELS, MessengerNeeds, same, until};

/// How often the database is asked for messages that nobody sends.
const ADOPT_EVERY: Duration = Duration::from_millis(500);
/// How many are taken over at a time.
const ADOPT: usize = 500;
/// Messages that wait in memory; what is beyond stays in the database.
const MOST_IN_MEMORY: usize = 5_000;
/// The pause after the database failed.
const AFTER_FAILURE: Duration = Duration::from_secs(1);
/// A pause of less is none.
const LEAST_PAUSE: Duration = Duration::from_millis(100);

/// Sends what waits in the outbox.
pub(super) struct Outgoing {
    needs: Arc<MessengerNeeds>,
    accounts: Vec<Arc<Account>>,
    /// Something was written down, by channel.
    written: [Notify; CHANNELS.len()],
    in_memory: AtomicUsize,
    stop: CancellationToken,
    tasks: TaskTracker,
}

/// One wire with what waits for it.
struct Account {
    wire: Arc<dyn Wire>,
    chats: Mutex<HashMap<CompactString, VecDeque<Outbound>>>,
    places: Semaphore,
    /// The whole account waits until then (its quota, its limit).
    resumes_at: Mutex<Option<Timestamp>>,
}

impl Outgoing {
    pub(super) fn new(needs: Arc<MessengerNeeds>, wires: Vec<Arc<dyn Wire>>) -> Arc<Self> {
        let account = |wire| {
            Arc::new(Account {
                wire,
                chats: Mutex::default(),
                places: Semaphore::new(needs.config.sends_at_once),
                resumes_at: Mutex::default(),
            })
        };
        let accounts = wires.into_iter().map(account).collect();
        Arc::new(Self {
            accounts,
            needs,
            written: Default::default(),
            in_memory: AtomicUsize::new(0),
            stop: CancellationToken::new(),
            tasks: TaskTracker::new(),
        })
    }

    /// The jobs that take over what was written down.
    pub(super) fn tasks(self: &Arc<Self>, stop: &CancellationToken) -> Vec<Task> {
        let mut tasks: Vec<Task> = Vec::new();
        for (place, channel) in CHANNELS.into_iter().enumerate() {
            if self.accounts.iter().any(|account| account.wire.channel() == channel) {
                tasks.push(until(stop, Arc::clone(self).adopt(place, channel)));
            }
        }
        let (this, stop) = (Arc::clone(self), stop.clone());
        tasks.push(Box::pin(async move {
            stop.cancelled().await;
            this.stop.cancel();
        }));
        tasks
    }

    /// Returns once nothing is on its way any more. What waits is given back by
    /// the mailbox.
    pub(super) async fn settled(&self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }

    pub(super) fn has_wire(&self, channel: Channel, provider: &str) -> bool {
        self.account(channel, provider).is_some()
    }

    pub(super) fn medium(&self, channel: Channel, provider: &str) -> Option<Medium> {
        self.account(channel, provider).map(|account| account.wire.medium())
    }

    /// The messages that carry a saying, to be written down; none where the
    /// channel has no wire.
    pub(super) fn compose(
        &self,
        channel: Channel,
        provider: &Provider,
        chat: &str,
        saying: &Saying,
        now: Timestamp,
    ) -> Vec<NewOutbound> {
        let Some(account) = self.account(channel, provider.as_str()) else { return Vec::new() };
        let mut valid = self.needs.config.valid;
        if let Some(window) = account.wire.window() {
            valid = valid.min(window);
        }
        let parts = account.wire.parts(saying);
        let count = u8::try_from(parts.len()).unwrap_or(u8::MAX);
        let reference = u16::try_from(self.needs.randomness.next_u64() & 0xffff).unwrap_or_default();
        (1..=count)
            .zip(parts)
            .map(|(part, text)| NewOutbound {
                channel,
                route: provider.as_str().into(),
                category: Category::Answer,
                to: chat.into(),
                from: CompactString::default(),
                text,
                form: CompactString::default(),
                part,
                parts: count,
                reference,
                not_before: now,
                valid_until: later(now, valid),
                repeatable: false,
                answers: None,
                begun: false,
            })
            .collect()
    }

    /// Something for this channel was written down, as queued and nobody's.
    pub(super) fn written(&self, channel: Channel) {
        for (notify, one) in self.written.iter().zip(CHANNELS) {
            if one == channel {
                notify.notify_one();
            }
        }
    }

    fn account(&self, channel: Channel, provider: &str) -> Option<&Arc<Account>> {
        self.accounts
            .iter()
            .find(|account| account.wire.channel() == channel && same(account.wire.provider(), provider))
    }

    async fn adopt(self: Arc<Self>, place: usize, channel: Channel) {
        let Some(written) = self.written.get(place) else { return };
        loop {
            let room = MOST_IN_MEMORY.saturating_sub(self.in_memory.load(Ordering::Acquire)).min(ADOPT);
            let mut full = false;
            if room > 0 {
                match self.needs.outbox.adopt_outbound(channel, self.needs.clock.now(), room).await {
                    Ok(messages) => {
                        full = messages.len() == room;
                        self.offer(messages).await;
                    }
                    Err(problem) => {
                        tracing::warn!(channel = channel.key(), %problem, "queued messages not looked at");
                        self.needs.clock.sleep(AFTER_FAILURE).await;
                    }
                }
            }
            if !full {
                tokio::select! {
                    () = written.notified() => {}
                    () = self.needs.clock.sleep(ADOPT_EVERY) => {}
                }
            }
        }
    }

    async fn offer(self: &Arc<Self>, messages: Vec<Outbound>) {
        let now = self.needs.clock.now();
        for message in messages {
            let Some(account) = self.account(message.message.channel, &message.message.route) else {
                // Its account is configured no more.
                let code = CompactString::const_new("no_account");
                self.conclude(message.id, HandedOver::Refused { code, at: now }).await;
                continue;
            };
            self.in_memory.fetch_add(1, Ordering::AcqRel);
            let chat = message.message.to.clone();
            let mut chats = account.chats.lock();
            if let Some(waiting) = chats.get_mut(&chat) {
                waiting.push_back(message);
                continue;
            }
            chats.insert(chat.clone(), VecDeque::from([message]));
            drop(chats);
            let (this, account) = (Arc::clone(self), Arc::clone(account));
            self.tasks.spawn(async move { this.serve(&account, &chat).await });
        }
    }

    /// Sends what waits for one chat, one after the other.
    async fn serve(&self, account: &Account, chat: &CompactString) {
        loop {
            let next = {
                let mut chats = account.chats.lock();
                let next = chats.get_mut(chat).and_then(VecDeque::pop_front);
                if next.is_none() {
                    chats.remove(chat);
                }
                next
            };
            let Some(message) = next else { return };
            let sent = self.send(account, message).await;
            self.in_memory.fetch_sub(1, Ordering::AcqRel);
            if !sent {
                account.chats.lock().remove(chat);
                return;
            }
        }
    }

    /// Until it is sent, refused or too late. `false` where the gateway stops.
    async fn send(&self, account: &Account, message: Outbound) -> bool {
        loop {
            if self.stop.is_cancelled() {
                return false;
            }
            let now = self.needs.clock.now();
            if now >= message.message.valid_until {
                self.conclude(message.id, HandedOver::TooLate { at: now }).await;
                return true;
            }
            if let Some(pause) = self.pause(account, &message, now) {
                tokio::select! {
                    () = self.needs.clock.sleep(pause) => {}
                    () = self.stop.cancelled() => return false,
                }
                continue;
            }
            let Ok(place) = account.places.acquire().await else { return false };
            match self.begin(account, &message).await {
                Ok(true) => {}
                // An officer has the word, or another node has the message.
                Ok(false) => return true,
                Err(problem) => {
                    tracing::error!(message = %message.id, %problem, "message not marked as being sent");
                    self.needs.clock.sleep(AFTER_FAILURE).await;
                    continue;
                }
            }
            let sent = account.wire.send(&message.message.to, &message.message.text).await;
            // Whoever must wait keeps nobody else from sending.
            drop(place);
            if self.sent(account, &message, sent).await {
                return true;
            }
        }
    }

    fn pause(&self, account: &Account, message: &Outbound, now: Timestamp) -> Option<Duration> {
        let resumes_at = *account.resumes_at.lock();
        let from = resumes_at.map_or(message.message.not_before, |at| at.max(message.message.not_before));
        let pause = Duration::try_from(from.duration_since(now)).ok().filter(|pause| !pause.is_zero())?;
        Some(pause.max(LEAST_PAUSE))
    }

    async fn begin(&self, account: &Account, message: &Outbound) -> Result<bool, gateway_core::ports::StoreError> {
        let (route, now) = (account.wire.provider().as_str(), self.needs.clock.now());
        if is_house_voice(&message.message.form) {
            self.needs.outbox.begin_voiced(message.id, route, now).await
        } else {
            self.needs.outbox.begin(message.id, route, now).await
        }
    }

    /// Writes down what became of it; `false` where it is to be sent again.
    async fn sent(&self, account: &Account, message: &Outbound, sent: Sent) -> bool {
        let at = self.needs.clock.now();
        let (word, outcome) = match sent {
            Sent::Accepted { id } => ("accepted", HandedOver::Accepted { id, at }),
            Sent::Refused { code } => ("refused", HandedOver::Refused { code, at }),
            Sent::Uncertain => ("uncertain", HandedOver::Uncertain { at }),
            Sent::Later { after, account: whole } => {
                let again = later(at, after.max(LEAST_PAUSE));
                if whole {
                    let mut resumes_at = account.resumes_at.lock();
                    *resumes_at = Some(resumes_at.map_or(again, |before| before.max(again)));
                }
                metrics::counter!("chat_sent_total", "channel" => message.message.channel.key(), "outcome" => "later")
                    .increment(1);
                self.conclude(message.id, HandedOver::GivenBack { at: again }).await;
                if !whole {
                    tokio::select! {
                        () = self.needs.clock.sleep(after.max(LEAST_PAUSE)) => {}
                        () = self.stop.cancelled() => {}
                    }
                }
                return false;
            }
        };
        metrics::counter!("chat_sent_total", "channel" => message.message.channel.key(), "outcome" => word)
            .increment(1);
        self.conclude(message.id, outcome).await;
        true
    }

    /// Keeps at it for a while: what is lost here is found uncertain by the next
    /// start, never sent twice.
    async fn conclude(&self, id: MessageId, outcome: HandedOver) {
        const TRIES: u32 = 5;
        for attempt in 0..TRIES {
            match self.needs.outbox.conclude(id, outcome.clone()).await {
                Ok(()) => return,
                Err(problem) => tracing::error!(message = %id, attempt, %problem, "the end of a message not written"),
            }
            self.needs.clock.sleep(AFTER_FAILURE).await;
        }
    }
}
