//! The world of these stories: an intake that remembers, leases, a clock that
//! stands still until it is moved.

use std::collections::HashMap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use channel_assistant::messenger::{Arrived, Event, Intake, NotTaken, Taken, Wire};
use channel_assistant::telegram::{Telegram, TelegramConfig, TelegramNeeds, build};
use gateway_core::domain::{Channel, Provider};
use gateway_core::ports::{Clock, Leases, Randomness, StoreError};
use gateway_locale::Locales;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use test_support::{BOT_TOKEN, BotApi};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

pub(crate) const NOW: &str = "2026-11-27T05:00:00Z";
pub(crate) const SECRET: &str = "a-secret-of-this-story";
/// The longest that a story waits: a failure, never a pause.
const PATIENCE: Duration = Duration::from_secs(60);

/// A list that one can wait for.
struct Watched<T>(Mutex<Vec<T>>, Condvar);

impl<T> Default for Watched<T> {
    fn default() -> Self {
        Self(Mutex::default(), Condvar::new())
    }
}

impl<T: Clone> Watched<T> {
    fn lock(&self) -> MutexGuard<'_, Vec<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(&self, item: T) {
        self.lock().push(item);
        self.1.notify_all();
    }

    fn wait(&self, what: &str, number: usize) -> Vec<T> {
        let started = Instant::now();
        let mut list = self.lock();
        while list.len() < number {
            let left = PATIENCE.checked_sub(started.elapsed()).unwrap_or_else(|| panic!("no {what} {number}"));
            (list, _) = self.1.wait_timeout(list, left).unwrap_or_else(PoisonError::into_inner);
        }
        list.clone()
    }
}

/// Time stands still until a story moves it.
pub(crate) struct StepClock {
    now: watch::Sender<Timestamp>,
    slept: Watched<Duration>,
}

impl StepClock {
    fn new() -> Self {
        Self { now: watch::Sender::new(NOW.parse().unwrap()), slept: Watched::default() }
    }

    /// Waits until somebody sleeps for the `number`-th time; for how long.
    pub(crate) fn sleeps(&self, number: usize) -> Duration {
        self.slept.wait("sleep", number)[number - 1]
    }

    pub(crate) fn advance(&self, span: Duration) {
        self.now.send_modify(|now| *now += span);
    }

    /// Lets the `number`-th sleep end; how long it was.
    pub(crate) fn wakes(&self, number: usize) -> Duration {
        let span = self.sleeps(number);
        self.advance(span);
        span
    }
}

#[async_trait]
impl Clock for StepClock {
    fn now(&self) -> Timestamp {
        *self.now.borrow()
    }

    async fn sleep(&self, span: Duration) {
        let mut now = self.now.subscribe();
        let until = *now.borrow() + SignedDuration::try_from(span).unwrap();
        self.slept.push(span);
        let _ = now.wait_for(|now| *now >= until).await;
    }
}

type Refuses = Box<dyn FnMut(&Arrived) -> bool + Send>;

/// Keeps what came once, as the real one does.
pub(crate) struct Memory {
    news: Watched<Arrived>,
    /// Every call, also those that failed.
    pub(crate) asked: Mutex<usize>,
    refuses: Mutex<Refuses>,
}

impl Memory {
    fn new() -> Self {
        Self { news: Watched::default(), asked: Mutex::default(), refuses: Mutex::new(Box::new(|_| false)) }
    }

    /// What is not stored.
    pub(crate) fn refuse(&self, refuses: impl FnMut(&Arrived) -> bool + Send + 'static) {
        *self.refuses.lock().unwrap() = Box::new(refuses);
    }

    /// Waits for so many events.
    pub(crate) fn heard(&self, number: usize) -> Vec<Arrived> {
        self.news.wait("event", number)
    }

    pub(crate) fn so_far(&self) -> Vec<Arrived> {
        self.news.lock().clone()
    }
}

#[async_trait]
impl Intake for Memory {
    async fn arrived(&self, channel: Channel, provider: &Provider, event: Arrived) -> Result<Taken, NotTaken> {
        assert_eq!((channel, provider.as_str()), (Channel::Telegram, "telegram"));
        *self.asked.lock().unwrap() += 1;
        if (self.refuses.lock().unwrap())(&event) {
            return Err(NotTaken::Failed);
        }
        let mut news = self.news.lock();
        if news.iter().any(|known| known.event_id == event.event_id) {
            return Ok(Taken::Replay);
        }
        news.push(event);
        self.news.1.notify_all();
        Ok(Taken::New)
    }
}

/// Leases as the store keeps them.
#[derive(Default)]
pub(crate) struct Table(Mutex<HashMap<String, (String, Timestamp)>>);

#[async_trait]
impl Leases for Table {
    async fn take_lease(&self, task: &str, who: &str, now: Timestamp, until: Timestamp) -> Result<bool, StoreError> {
        let mut table = self.0.lock().unwrap();
        if table.get(task).is_some_and(|(holder, ends)| holder != who && *ends > now) {
            return Ok(false);
        }
        table.insert(task.to_owned(), (who.to_owned(), until));
        Ok(true)
    }

    async fn end_lease(&self, task: &str, who: &str) -> Result<(), StoreError> {
        let mut table = self.0.lock().unwrap();
        if table.get(task).is_some_and(|(holder, _)| holder == who) {
            table.remove(task);
        }
        Ok(())
    }
}

struct Always(u64);

impl Randomness for Always {
    fn next_u64(&self) -> u64 {
        self.0
    }
}

/// One node with a bot.
pub(crate) struct Node {
    pub(crate) clock: Arc<StepClock>,
    pub(crate) memory: Arc<Memory>,
    pub(crate) wire: Arc<dyn Wire>,
    pub(crate) stop: CancellationToken,
    /// Where its webhook is.
    pub(crate) url: String,
    jobs: Vec<tokio::task::JoinHandle<()>>,
}

impl Node {
    /// Starts a node. `settings` are lines of its section.
    pub(crate) async fn start(api: &BotApi, settings: &str) -> Self {
        Self::of(&api.url, settings, Arc::default(), 1).await
    }

    /// Starts a node whose database refuses from the start.
    pub(crate) async fn refusing(api: &BotApi, refuses: impl FnMut(&Arrived) -> bool + Send + 'static) -> Self {
        let memory = Memory::new();
        memory.refuse(refuses);
        Self::with(&api.url, "", Arc::default(), 1, memory).await
    }

    pub(crate) async fn of(api: &str, settings: &str, leases: Arc<Table>, number: u64) -> Self {
        Self::with(api, settings, leases, number, Memory::new()).await
    }

    async fn with(api: &str, settings: &str, leases: Arc<Table>, number: u64, memory: Memory) -> Self {
        let (clock, memory) = (Arc::new(StepClock::new()), Arc::new(memory));
        let stop = CancellationToken::new();
        let telegram = telegram(api, settings, leases, number, &clock, &stop);
        let wire = telegram.wire();
        let parts = telegram.listen(Arc::clone(&memory) as Arc<_>);
        let mut jobs: Vec<_> = parts.tasks.into_iter().map(tokio::spawn).collect();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/webhooks/telegram", listener.local_addr().unwrap());
        let ended = stop.clone();
        jobs.push(tokio::spawn(async move {
            tokio::select! {
                _ = async { axum::serve(listener, parts.public).await } => {}
                () = ended.cancelled() => {}
            }
        }));
        Self { clock, memory, wire, stop, url, jobs }
    }

    /// Stops it, and waits until all it began has ended.
    pub(crate) async fn stops(self) {
        self.stop.cancel();
        for job in self.jobs {
            tokio::time::timeout(PATIENCE, job).await.unwrap().unwrap();
        }
    }

    /// Telegram calls with an update; the status.
    pub(crate) async fn call(&self, update: &Value) -> u16 {
        self.post(&[SECRET], update.to_string().into_bytes()).await
    }

    pub(crate) async fn post(&self, secrets: &[&str], body: Vec<u8>) -> u16 {
        let mut request = test_support::client().post(&self.url).header("content-type", "application/json").body(body);
        for secret in secrets {
            request = request.header("X-Telegram-Bot-Api-Secret-Token", *secret);
        }
        request.send().await.unwrap().status().as_u16()
    }
}

fn telegram(
    api: &str,
    settings: &str,
    leases: Arc<Table>,
    number: u64,
    clock: &Arc<StepClock>,
    stop: &CancellationToken,
) -> Telegram {
    let settings = format!("token = \"{BOT_TOKEN}\"\napi = \"{api}\"\n{settings}\n");
    let config: TelegramConfig = toml::from_str(&settings).unwrap();
    let needs = TelegramNeeds {
        leases,
        clock: Arc::clone(clock) as Arc<_>,
        randomness: Arc::new(Always(number)),
        locales: Arc::new(Locales::embedded().unwrap()),
        stop: stop.clone(),
    };
    build(&config, needs).unwrap()
}

/// The settings of a node with a webhook.
pub(crate) fn webhook() -> String {
    format!("mode = \"webhook\"\nwebhook_secret = \"{SECRET}\"\npublic_url = \"https://cong.tinh.gov.vn\"")
}

/// A citizen writes in private.
pub(crate) fn says(from: i64, text: &str) -> Value {
    json!({"message": {
        "message_id": 5,
        "date": 1_790_000_000,
        "from": {"id": from, "is_bot": false, "first_name": "Lan"},
        "chat": {"id": from, "type": "private", "first_name": "Lan"},
        "text": text,
    }})
}

/// The same, with the update's number.
pub(crate) fn numbered(id: i64, mut update: Value) -> Value {
    update["update_id"] = json!(id);
    update
}

pub(crate) fn words(events: &[Arrived]) -> Vec<String> {
    let said = |event: &Arrived| match &event.what {
        Event::Said(words) => words.clone(),
        other => format!("{other:?}"),
    };
    events.iter().map(said).collect()
}
