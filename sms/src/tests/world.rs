use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use compact_str::CompactString;
use gateway_core::desk::{AnswerCode, Answered, Answers, Audience, Content, Refusal, RefusalKind, Reply, Request};
use gateway_core::domain::{Category, Channel, DeliveryState, DossierNumberParser, MessageId, SenderAssurance};
use gateway_core::ports::{
    Clock, ContactPreferences, DeliveryReceipt, Fate, HandedOver, HashKey, Inbound, InboundParts, Inbox, KeyedHash,
    MessageTrace, NewInbound, NewInboundPart, NewOutbound, Outbound, Outbox, PartReceived, QueueDepth, Randomness,
    ReceiptFate, Received, Settlement, StoreError,
};
use gateway_locale::{Locales, Renderer};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use parking_lot::Mutex;
use tokio_util::sync::CancellationToken;

use crate::codec::ReferenceBits;
use crate::config::{AnswerConfig, FailoverConfig, NoticeConfig, PolicyName, RouteConfig};
use crate::dispatch::Dispatcher;
use crate::intake::Door;
use crate::keywords::{KeywordConfig, Keywords};
use crate::notify::Composer;
use crate::reception::{Reception, ReceptionParts};
use crate::road::{Arrived, Body, Intake as _, NotTaken, Part, Permit, Road, RoadState, Submitted, Taken};
use crate::routes::{Route, Routes};
use crate::words::Words;

/// Thursday 26 November 2026, 09:00 in Vietnam.
pub(super) const NOW: &str = "2026-11-26T02:00:00Z";

/// The runtime's clock: it moves when everybody waits for it.
pub(super) struct RuntimeClock(tokio::time::Instant);

#[async_trait]
impl Clock for RuntimeClock {
    fn now(&self) -> Timestamp {
        let passed = SignedDuration::try_from(self.0.elapsed()).unwrap();
        NOW.parse::<Timestamp>().unwrap() + passed
    }

    #[expect(clippy::disallowed_methods, reason = "the runtime's time is paused: nothing waits")]
    async fn sleep(&self, span: Duration) {
        tokio::time::sleep(span).await;
    }
}

#[derive(Default)]
pub(super) struct Counting(AtomicU64);

impl Randomness for Counting {
    fn next_u64(&self) -> u64 {
        self.0.fetch_add(1, Ordering::Relaxed)
    }
}

/// Says what it is told to say; help, where it is told nothing.
#[derive(Default)]
pub(super) struct ScriptedDesk {
    pub(super) outcomes: Mutex<VecDeque<Result<Reply, Refusal>>>,
    pub(super) asked: Mutex<Vec<Request>>,
    /// Tell which action was understood.
    echo: std::sync::atomic::AtomicBool,
    /// Take a minute for each answer.
    pub(super) slow: std::sync::atomic::AtomicBool,
}

impl ScriptedDesk {
    pub(super) fn echo_actions(&self) {
        self.echo.store(true, Ordering::Relaxed);
    }
}

#[async_trait]
impl Answers for ScriptedDesk {
    async fn handle(&self, request: Request) -> Answered {
        let understood = match &request.content {
            Content::Action(action) if self.echo.load(Ordering::Relaxed) => Some(action.clone()),
            _ => None,
        };
        let locale = request.locale;
        self.asked.lock().push(request);
        if self.slow.load(Ordering::Relaxed) {
            let answer = tokio::time::timeout(Duration::from_secs(60), std::future::pending::<()>()).await;
            assert!(answer.is_err(), "nothing comes sooner");
        }
        let outcome = self.outcomes.lock().pop_front().unwrap_or(Ok(Reply::Help));
        Answered { code: AnswerCode::from_bits(7), notices: Arc::from([]), action: understood, locale, outcome }
    }
}

/// Inbox and outbox in memory, as the ports promise them.
#[derive(Default)]
pub(super) struct Mailbox {
    next: AtomicI64,
    pub(super) waiting: Mutex<HashMap<MessageId, (Inbound, Option<Timestamp>)>>,
    seen: Mutex<HashMap<[u8; 16], Timestamp>>,
    parts: Mutex<HashMap<[u8; 16], InboundParts>>,
    pub(super) rests: Mutex<HashMap<KeyedHash, (String, Timestamp)>>,
    pub(super) fates: Mutex<Vec<(MessageId, Fate)>>,
    pub(super) states: Mutex<HashMap<MessageId, DeliveryState>>,
    queued: Mutex<Vec<Outbound>>,
    /// So many calls fail.
    pub(super) failures: AtomicU64,
}

impl Mailbox {
    fn fail(&self) -> Result<(), StoreError> {
        let left = self.failures.load(Ordering::Relaxed);
        if left == 0 {
            return Ok(());
        }
        self.failures.store(left - 1, Ordering::Relaxed);
        Err(StoreError("away".into()))
    }

    fn write(&self, messages: Vec<NewOutbound>) -> Vec<Outbound> {
        messages
            .into_iter()
            .map(|message| {
                let id = MessageId(self.next.fetch_add(1, Ordering::Relaxed) + 1_000);
                let state = if message.begun { DeliveryState::Submitting } else { DeliveryState::Queued };
                self.states.lock().insert(id, state);
                Outbound { id, state, tries: 0, queued_at: NOW.parse().unwrap(), message }
            })
            .collect()
    }

    pub(super) fn state(&self, state: DeliveryState) -> usize {
        self.states.lock().values().filter(|other| **other == state).count()
    }
}

#[async_trait]
impl Inbox for Mailbox {
    async fn receive(&self, new: NewInbound) -> Result<Received, StoreError> {
        self.fail()?;
        let window = SignedDuration::try_from(new.window).unwrap();
        let mut seen = self.seen.lock();
        if seen.get(&new.key.0).is_some_and(|at| new.received_at.duration_since(*at) <= window) {
            return Ok(Received::Replay);
        }
        seen.insert(new.key.0, new.received_at);
        if let Some(set) = new.parts {
            self.parts.lock().remove(&set.0);
        }
        let inbound = Inbound {
            id: MessageId(self.next.fetch_add(1, Ordering::Relaxed)),
            channel: new.channel,
            provider: new.provider,
            from: new.from,
            to: new.to,
            text: new.text,
            assurance: new.assurance,
            received_at: new.received_at,
            answer_by: new.answer_by,
            acknowledged: false,
            tries: 0,
        };
        self.waiting.lock().insert(inbound.id, (inbound.clone(), None));
        Ok(Received::New(inbound))
    }

    async fn receive_part(&self, part: NewInboundPart) -> Result<PartReceived, StoreError> {
        self.fail()?;
        let mut sets = self.parts.lock();
        let set = sets.entry(part.set.0).or_insert_with(|| InboundParts {
            set: part.set,
            channel: part.channel,
            provider: part.provider.clone(),
            from: part.from.clone(),
            to: part.to.clone(),
            assurance: part.assurance,
            first_at: part.received_at,
            total: part.total,
            parts: Vec::new(),
        });
        if set.parts.iter().any(|(sequence, ..)| *sequence == part.sequence) {
            return Ok(PartReceived::Replay);
        }
        set.parts.push((part.sequence, part.coding, part.octets));
        set.parts.sort();
        if set.parts.len() < usize::from(set.total) {
            return Ok(PartReceived::Waiting);
        }
        Ok(PartReceived::Complete(set.clone()))
    }

    async fn left_parts(&self, _: Channel, before: Timestamp, limit: usize) -> Result<Vec<InboundParts>, StoreError> {
        let sets = self.parts.lock();
        Ok(sets.values().filter(|set| set.first_at < before).take(limit).cloned().collect())
    }

    async fn adopt(&self, _: Channel, now: Timestamp, limit: usize) -> Result<Vec<Inbound>, StoreError> {
        let mut waiting = self.waiting.lock();
        let due = waiting.values_mut().filter(|(_, again)| again.is_some_and(|again| again <= now)).take(limit);
        Ok(due
            .map(|(message, again)| {
                *again = None;
                message.clone()
            })
            .collect())
    }

    async fn settle(&self, id: MessageId, settlement: Settlement) -> Result<Option<Vec<Outbound>>, StoreError> {
        self.fail()?;
        {
            let mut waiting = self.waiting.lock();
            let Some((message, again)) = waiting.get_mut(&id) else { return Ok(None) };
            match settlement.fate {
                Fate::Later { at, acknowledged } => {
                    message.acknowledged = acknowledged;
                    message.tries += 1;
                    *again = Some(at);
                }
                Fate::Answered | Fate::Ignored => drop(waiting.remove(&id)),
            }
        }
        self.fates.lock().push((id, settlement.fate));
        if let Some(rest) = settlement.rest {
            let mut rests = self.rests.lock();
            if rest.text.is_empty() {
                rests.remove(&rest.owner);
            } else {
                rests.insert(rest.owner, (rest.text, rest.until));
            }
        }
        let written = self.write(settlement.send);
        // What is not begun belongs to nobody.
        self.queued.lock().extend(written.iter().filter(|row| !row.message.begun).cloned());
        Ok(Some(written))
    }

    async fn rest_of(&self, owner: KeyedHash, now: Timestamp) -> Result<Option<String>, StoreError> {
        Ok(self.rests.lock().get(&owner).filter(|(_, until)| now < *until).map(|(text, _)| text.clone()))
    }
}

#[async_trait]
impl Outbox for Mailbox {
    async fn enqueue(&self, messages: Vec<NewOutbound>) -> Result<Vec<Outbound>, StoreError> {
        let written = self.write(messages);
        self.queued.lock().extend(written.iter().cloned());
        Ok(written)
    }

    async fn adopt_outbound(&self, _: Channel, now: Timestamp, limit: usize) -> Result<Vec<Outbound>, StoreError> {
        let mut queued = self.queued.lock();
        let (due, later): (Vec<_>, Vec<_>) = queued.drain(..).partition(|message| message.message.not_before <= now);
        *queued = later;
        assert!(due.len() <= limit);
        Ok(due)
    }

    async fn begin(&self, id: MessageId, _: &str, _: Timestamp) -> Result<bool, StoreError> {
        self.fail()?;
        if self.queued.lock().iter().any(|nobodys| nobodys.id == id) {
            return Ok(false);
        }
        Ok(self.states.lock().insert(id, DeliveryState::Submitting) == Some(DeliveryState::Queued))
    }

    async fn begin_voiced(&self, id: MessageId, route: &str, at: Timestamp) -> Result<bool, StoreError> {
        self.begin(id, route, at).await
    }

    async fn conclude(&self, id: MessageId, outcome: HandedOver) -> Result<(), StoreError> {
        self.fail()?;
        let state = match outcome {
            HandedOver::Accepted { .. } => DeliveryState::Accepted,
            HandedOver::GivenBack { .. } => DeliveryState::Queued,
            HandedOver::Refused { .. } => DeliveryState::Failed,
            HandedOver::TooLate { .. } => DeliveryState::Expired,
            HandedOver::Uncertain { .. } => DeliveryState::Uncertain,
        };
        self.states.lock().insert(id, state);
        Ok(())
    }

    async fn release(&self, _: &[MessageId]) -> Result<(), StoreError> {
        Ok(())
    }

    async fn receipt(&self, _: DeliveryReceipt) -> Result<ReceiptFate, StoreError> {
        self.fail()?;
        Ok(ReceiptFate::Held)
    }

    async fn depths(&self, _: Channel) -> Result<Vec<QueueDepth>, StoreError> {
        Ok(Vec::new())
    }

    async fn trace(&self, _: MessageId) -> Result<Option<MessageTrace>, StoreError> {
        Ok(None)
    }
}

/// A road that does what it is told and remembers what it was handed.
pub(super) struct ScriptedRoad {
    name: &'static str,
    pub(super) state: Mutex<RoadState>,
    pub(super) outcomes: Mutex<VecDeque<Submitted>>,
    pub(super) sent: Mutex<Vec<Part>>,
    pub(super) window: Arc<tokio::sync::Semaphore>,
}

impl ScriptedRoad {
    pub(super) fn new(name: &'static str) -> Arc<Self> {
        Arc::new(Self {
            name,
            state: Mutex::new(RoadState::Up),
            outcomes: Mutex::default(),
            sent: Mutex::default(),
            window: Arc::new(tokio::sync::Semaphore::new(4)),
        })
    }

    pub(super) fn texts(&self) -> Vec<String> {
        self.sent.lock().iter().map(|part| part.text.clone()).collect()
    }
}

struct ScriptedPermit {
    road: Arc<ScriptedRoad>,
    _place: tokio::sync::OwnedSemaphorePermit,
}

/// The road as the dispatcher sees it.
pub(super) struct Shared(pub(super) Arc<ScriptedRoad>);

#[async_trait]
impl Road for Shared {
    fn name(&self) -> &str {
        self.0.name
    }

    fn state(&self) -> RoadState {
        *self.0.state.lock()
    }

    async fn reserve(&self) -> Option<Box<dyn Permit>> {
        let place = Arc::clone(&self.0.window).acquire_owned().await.ok()?;
        Some(Box::new(ScriptedPermit { road: Arc::clone(&self.0), _place: place }))
    }

    fn try_reserve(&self) -> Option<Box<dyn Permit>> {
        let place = Arc::clone(&self.0.window).try_acquire_owned().ok()?;
        Some(Box::new(ScriptedPermit { road: Arc::clone(&self.0), _place: place }))
    }
}

#[async_trait]
impl Permit for ScriptedPermit {
    async fn submit(self: Box<Self>, part: &Part) -> Submitted {
        let outcome = self.road.outcomes.lock().pop_front();
        let outcome = outcome.unwrap_or_else(|| Submitted::Accepted { id: "1".into() });
        if !matches!(outcome, Submitted::NotTaken { .. }) {
            self.road.sent.lock().push(part.clone());
        }
        outcome
    }
}

/// What citizens want, and how much they were sent.
#[derive(Default)]
pub(super) struct Wishes {
    pub(super) refused: Mutex<bool>,
    counted: Mutex<HashMap<Date, u32>>,
}

#[async_trait]
impl ContactPreferences for Wishes {
    async fn opt_out(&self, _: KeyedHash, _: Option<Category>, _: &str, _: Timestamp) -> Result<(), StoreError> {
        Ok(())
    }

    async fn opt_in(&self, _: KeyedHash, _: Option<Category>, _: &str, _: Timestamp) -> Result<(), StoreError> {
        Ok(())
    }

    async fn refuses(&self, _: KeyedHash, _: Category) -> Result<bool, StoreError> {
        Ok(*self.refused.lock())
    }

    async fn count_notice(&self, _: KeyedHash, day: Date) -> Result<u32, StoreError> {
        let mut counted = self.counted.lock();
        let count = counted.entry(day).or_default();
        *count += 1;
        Ok(*count)
    }
}

pub(super) struct World {
    pub(super) desk: Arc<ScriptedDesk>,
    pub(super) mailbox: Arc<Mailbox>,
    pub(super) roads: Vec<Arc<ScriptedRoad>>,
    pub(super) routes: Arc<Routes>,
    pub(super) dispatcher: Arc<Dispatcher>,
    pub(super) door: Arc<Door>,
    pub(super) clock: Arc<RuntimeClock>,
    pub(super) wishes: Arc<Wishes>,
    pub(super) composer: Composer,
    stop: CancellationToken,
}

impl Drop for World {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

pub(super) fn route(road: &str) -> RouteConfig {
    RouteConfig {
        road: road.into(),
        from: "8283".into(),
        policy: PolicyName::Folded,
        max_parts: 3,
        answers: true,
        notices: true,
        part_cost: 0,
    }
}

/// A channel over these roads, with its jobs running.
pub(super) fn world(names: &[&'static str], config: AnswerConfig) -> World {
    let roads: Vec<Arc<ScriptedRoad>> = names.iter().map(|name| ScriptedRoad::new(name)).collect();
    let routes = roads.iter().map(|road| {
        let shared: Arc<dyn Road> = Arc::new(Shared(Arc::clone(road)));
        let audience = if road.name == "twilio" { Audience::ForeignProcessor } else { Audience::Sender };
        Route::new(route(road.name), audience, false, Some(shared))
    });
    let routes = Arc::new(Routes::new(routes.collect(), FailoverConfig::default(), ReferenceBits::Eight));
    let clock = Arc::new(RuntimeClock(tokio::time::Instant::now()));
    let mailbox = Arc::new(Mailbox::default());
    let desk = Arc::new(ScriptedDesk::default());
    let wishes = Arc::new(Wishes::default());
    let handed: Arc<dyn Clock> = Arc::<RuntimeClock>::clone(&clock);
    let dispatcher = Dispatcher::new(
        Arc::clone(&routes),
        Arc::<Mailbox>::clone(&mailbox),
        Arc::clone(&handed),
        crate::dispatch::Wishes {
            preferences: Arc::<Wishes>::clone(&wishes),
            hash_key: HashKey::new("k1", "a secret of the test"),
        },
    );
    let renderer = Renderer::new(Arc::new(Locales::embedded().unwrap()));
    let words = Words::new(&renderer, &KeywordConfig::default());
    let hash_key = HashKey::new("k1", "a secret of the test");
    let reception = Reception::new(ReceptionParts {
        desk: Arc::<ScriptedDesk>::clone(&desk),
        inbox: Arc::<Mailbox>::clone(&mailbox),
        dispatcher: Arc::clone(&dispatcher),
        routes: Arc::clone(&routes),
        words: words.clone(),
        keywords: Keywords::new(&KeywordConfig::default(), DossierNumberParser::default()),
        config: config.clone(),
        clock: Arc::clone(&handed),
        randomness: Arc::new(Counting::default()),
        hash_key: hash_key.clone(),
    });
    let door = Door::new(
        Arc::<Mailbox>::clone(&mailbox),
        Arc::<Mailbox>::clone(&mailbox),
        Arc::clone(&reception),
        handed,
        config,
        Vec::new(),
        HashKey::new("k1", "a secret of the test"),
    );
    let stop = CancellationToken::new();
    let mut tasks = reception.tasks(&stop);
    tasks.extend(dispatcher.tasks(&stop));
    tasks.extend(door.tasks(&stop));
    for task in tasks {
        tokio::spawn(task);
    }
    let composer = Composer {
        routes: Arc::clone(&routes),
        words,
        preferences: Arc::<Wishes>::clone(&wishes),
        config: NoticeConfig::default(),
        hash_key,
        randomness: Arc::new(Counting::default()),
    };
    World { desk, mailbox, roads, routes, dispatcher, door, clock, wishes, composer, stop }
}

pub(super) fn arrived(from: &str, text: &str) -> Arrived {
    Arrived {
        road: "viettel".into(),
        from: from.into(),
        to: "8283".into(),
        body: Body::Whole(text.into()),
        id: None,
        assurance: SenderAssurance::Carrier,
    }
}

pub(super) const CITIZEN: &str = "84912345678";

impl World {
    pub(super) async fn texts(&self, from: &str, text: &str) -> Result<Taken, NotTaken> {
        self.door.arrived(arrived(from, text)).await
    }

    pub(super) fn will(&self, outcome: Result<Reply, Refusal>) {
        self.desk.outcomes.lock().push_back(outcome);
    }

    pub(super) fn portal_is_down(&self, times: usize) {
        for _ in 0..times {
            self.will(Err(Refusal::of(RefusalKind::PortalDown)));
        }
    }

    pub(super) fn road(&self) -> &Arc<ScriptedRoad> {
        &self.roads[0]
    }

    /// Lets so much time pass: with the time paused, everything that is due
    /// within it happens, in order.
    pub(super) async fn pass(&self, span: Duration) {
        Clock::sleep(self.clock.as_ref(), span).await;
    }

    pub(super) async fn settle_down(&self) {
        self.pass(Duration::from_millis(10)).await;
    }
}

pub(super) fn id(text: &str) -> CompactString {
    text.into()
}
