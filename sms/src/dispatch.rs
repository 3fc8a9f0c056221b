//! From the outbox onto the roads: two lanes a route, a place in the road's
//! window before the row is marked, and what became of it after.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use compact_str::CompactString;
use futures::future::BoxFuture;
use gateway_core::desk::Audience;
use gateway_core::domain::{Channel, DeliveryState, Lane, MessageId};
use gateway_core::ports::{Clock, ContactPreferences, HandedOver, HashKey, Outbound, Outbox};
use gateway_http::Task;
use jiff::{SignedDuration, Timestamp};
use parking_lot::Mutex;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::codec::Alphabet;
use crate::reception::sender_of;
use crate::road::{Concatenation, Part, Permit, RoadState, Submitted};
use crate::routes::{Route, Routes};

/// Messages of one route that wait in memory; what is beyond stays in the
/// database until there is room.
const MOST_IN_MEMORY: usize = 5_000;

/// How often the database is asked for messages that nobody sends.
const ADOPT_EVERY: Duration = Duration::from_millis(500);

/// How many are taken over at a time.
const ADOPT: usize = 500;

/// Answers that were just written down as queued gather for so long, then the
/// database is asked for them.
const GATHER: Duration = Duration::from_millis(5);

/// How long an answer waits for a place before it is written down: one that has
/// a place is written once, one that is queued is written, adopted and begun.
/// Its question is on disk all the while.
const PLACE_WITHIN: Duration = Duration::from_millis(100);

/// The pause after the database failed.
const AFTER_FAILURE: Duration = Duration::from_secs(1);

/// Notices for which there is no room are looked at again after this time.
const PUT_OFF: Duration = Duration::from_secs(60);

/// The words for the alphabets in the outbox.
pub(crate) const fn form_of(alphabet: Alphabet) -> &'static str {
    match alphabet {
        Alphabet::Gsm7 => "gsm7",
        Alphabet::Ucs2 => "ucs2",
    }
}

/// Sends what waits in the outbox.
pub(crate) struct Dispatcher {
    queues: Vec<Arc<Queue>>,
    routes: Arc<Routes>,
    outbox: Arc<dyn Outbox>,
    clock: Arc<dyn Clock>,
    wishes: Wishes,
    sending: TaskTracker,
    /// Somebody wrote down what is queued and nobody's.
    written: Notify,
}

/// Who wants to be sent what, and the key of the phones' hashes.
pub(crate) struct Wishes {
    pub(crate) preferences: Arc<dyn ContactPreferences>,
    pub(crate) hash_key: HashKey,
}

/// What waits for one route.
struct Queue {
    route: Arc<Route>,
    waiting: Mutex<Waiting>,
    changed: Notify,
    /// Whoever waits for a place holds it, so that they go in their order and
    /// a place that comes free wakes one of them.
    turn: tokio::sync::Mutex<()>,
    /// Answers on disk that are queued and nobody's yet.
    on_disk: AtomicUsize,
}

impl Queue {
    fn new(route: &Arc<Route>) -> Arc<Self> {
        Arc::new(Self {
            route: Arc::clone(route),
            waiting: Mutex::default(),
            changed: Notify::new(),
            turn: tokio::sync::Mutex::default(),
            on_disk: AtomicUsize::new(0),
        })
    }

    /// Answers came before: nothing may overtake them.
    fn has_answers(&self) -> bool {
        self.on_disk.load(Ordering::Acquire) > 0 || !self.waiting.lock().answers.is_empty()
    }
}

#[derive(Default)]
struct Waiting {
    answers: VecDeque<Outbound>,
    notices: VecDeque<Outbound>,
    /// Not before their time.
    later: BTreeMap<(Timestamp, MessageId), Outbound>,
}

impl Waiting {
    fn len(&self) -> usize {
        self.answers.len() + self.notices.len() + self.later.len()
    }

    fn put(&mut self, message: Outbound, now: Timestamp) {
        if message.message.not_before > now {
            self.later.insert((message.message.not_before, message.id), message);
            return;
        }
        match message.message.category.lane() {
            Lane::Answers => self.answers.push_back(message),
            Lane::Notices => self.notices.push_back(message),
        }
    }

    /// Moves what has come of age into the lanes.
    fn ripen(&mut self, now: Timestamp) {
        while let Some(first) = self.later.first_entry()
            && first.key().0 <= now
        {
            let message = first.remove();
            self.put(message, now);
        }
    }

    fn take(&mut self, now: Timestamp) -> Option<Outbound> {
        self.ripen(now);
        self.answers.pop_front().or_else(|| self.notices.pop_front())
    }

    fn take_expired(&mut self, now: Timestamp) -> Vec<MessageId> {
        let mut expired = Vec::new();
        let mut keep = |message: &Outbound| {
            let keep = now < message.message.valid_until;
            if !keep {
                expired.push(message.id);
            }
            keep
        };
        self.answers.retain(&mut keep);
        self.notices.retain(&mut keep);
        self.later.retain(|_, message| keep(message));
        expired
    }

    fn take_all(&mut self) -> Vec<Outbound> {
        let later = std::mem::take(&mut self.later).into_values();
        self.answers.drain(..).chain(self.notices.drain(..)).chain(later).collect()
    }
}

impl Dispatcher {
    /// A dispatcher for these routes; [`Dispatcher::tasks`] make it work.
    pub(crate) fn new(
        routes: Arc<Routes>,
        outbox: Arc<dyn Outbox>,
        clock: Arc<dyn Clock>,
        wishes: Wishes,
    ) -> Arc<Self> {
        let queues = routes.all().iter().map(Queue::new).collect();
        Arc::new(Self { queues, routes, outbox, clock, wishes, sending: TaskTracker::new(), written: Notify::new() })
    }

    /// A place on a route for a message that was not written down yet, where
    /// nothing waits before it. The message is then written as being sent, and
    /// goes with [`Dispatcher::send`]; without a place it is written as queued,
    /// and [`Dispatcher::queued`] is told. Waits a little where the window is
    /// full or the rate is used up.
    pub(crate) async fn place(&self, route: &Route) -> Option<Box<dyn Permit>> {
        let queue = self.queue(route.name())?;
        let road = queue.route.road()?;
        if queue.has_answers() {
            return None;
        }
        if let Ok(_turn) = queue.turn.try_lock()
            && let Some(permit) = road.try_reserve()
        {
            return Some(permit);
        }
        if road.state() != RoadState::Up {
            return None;
        }
        let in_turn = async {
            let _turn = queue.turn.lock().await;
            if queue.has_answers() { None } else { road.reserve().await }
        };
        tokio::select! {
            biased;
            permit = in_turn => permit,
            () = self.clock.sleep(PLACE_WITHIN) => None,
        }
    }

    /// The same without waiting: for the later parts of a message whose first
    /// holds a place. Were they to wait too, two messages could wait for each
    /// other's places.
    pub(crate) fn place_now(&self, route: &Route) -> Option<Box<dyn Permit>> {
        let queue = self.queue(route.name())?;
        if queue.has_answers() {
            return None;
        }
        queue.route.road()?.try_reserve()
    }

    /// So many answers for a route are on disk as queued, and nobody's: they
    /// are adopted at once, and nothing goes before them.
    pub(crate) fn queued(&self, route: &Route, count: usize) {
        let Some(queue) = self.queue(route.name()) else { return };
        queue.on_disk.fetch_add(count, Ordering::AcqRel);
        self.written.notify_one();
    }

    /// Sends a message that is on disk as being sent.
    pub(crate) fn send(self: &Arc<Self>, message: Outbound, permit: Box<dyn Permit>) {
        let this = Arc::clone(self);
        self.sending.spawn(async move { this.submit(message, permit).await });
    }

    /// Takes messages that are on disk as queued, and this node's.
    pub(crate) fn offer(self: &Arc<Self>, messages: Vec<Outbound>) {
        let now = self.clock.now();
        let mut too_many: Vec<MessageId> = Vec::new();
        let mut put_off: Vec<MessageId> = Vec::new();
        for message in messages {
            let message = self.with_road(message);
            match self.queue(&message.message.route) {
                Some(queue) => {
                    let mut waiting = queue.waiting.lock();
                    if waiting.len() >= MOST_IN_MEMORY {
                        let notice = message.message.category.is_notice();
                        if notice {
                            put_off.push(message.id);
                        } else {
                            too_many.push(message.id);
                        }
                        continue;
                    }
                    waiting.put(message, now);
                    drop(waiting);
                    queue.changed.notify_one();
                }
                // Its road is configured no more and no other carries it.
                None => too_many.push(message.id),
            }
        }
        if !too_many.is_empty() || !put_off.is_empty() {
            let this = Arc::clone(self);
            self.sending.spawn(async move {
                // Else the next look would find the same ones again, before
                // those of other roads.
                let at = now.checked_add(PUT_OFF).unwrap_or(now);
                for id in &put_off {
                    this.conclude(*id, HandedOver::GivenBack { at }).await;
                }
                too_many.extend(put_off);
                if let Err(problem) = this.outbox.release(&too_many).await {
                    tracing::error!(%problem, "queued messages not given back");
                }
            });
        }
    }

    /// Messages of a route that wait in memory.
    pub(crate) fn waiting(&self, name: &str) -> usize {
        self.queue(name).map_or(0, |queue| queue.waiting.lock().len())
    }

    fn queue(&self, name: &str) -> Option<&Arc<Queue>> {
        self.queues.iter().find(|queue| queue.route.name() == name)
    }

    /// The message with another road where its own was given up, or is not
    /// configured any more.
    fn with_road(&self, mut message: Outbound) -> Outbound {
        let own = self.routes.named(&message.message.route);
        if own.is_some_and(|own| !own.is_away()) {
            return message;
        }
        let other = self.routes.choose(message.message.category, own.map(|own| own.name()));
        // A long text that was to go whole does not fit another road's parts.
        let was_whole = own.is_none_or(|own| own.whole);
        // What the Desk gave to the citizen alone is not carried abroad.
        let was_private =
            own.is_none_or(|own| own.audience == Audience::Sender) && !message.message.category.is_notice();
        let fits = |other: &&Arc<Route>| {
            own.is_none_or(|own| own.name() != other.name())
                && (!was_whole || other.whole || is_short(&message))
                && (!was_private || other.audience == Audience::Sender)
        };
        if let Some(other) = other.filter(fits) {
            message.message.route = other.config.road.clone();
            message.message.from = other.config.from.clone();
        }
        message
    }

    /// The jobs: one a route, one that takes over what nobody sends, one that
    /// looks at the roads. When they have ended, what was under way is settled
    /// by [`Dispatcher::settled`].
    pub(crate) fn tasks(self: &Arc<Self>, stop: &CancellationToken) -> Vec<Task> {
        let mut tasks: Vec<Task> = Vec::new();
        for queue in &self.queues {
            tasks.push(until(stop, Arc::clone(self).serve(Arc::clone(queue))));
        }
        tasks.push(until(stop, Arc::clone(self).adopt()));
        tasks.push(until(stop, Arc::clone(self).look()));
        tasks
    }

    /// Returns once nothing is under way.
    pub(crate) async fn settled(&self) {
        self.sending.close();
        self.sending.wait().await;
    }

    async fn serve(self: Arc<Self>, queue: Arc<Queue>) {
        let Some(road) = queue.route.road() else { return };
        loop {
            self.something_waits(&queue).await;
            let Some(permit) = road.reserve().await else { return };
            let now = self.clock.now();
            let Some(message) = queue.waiting.lock().take(now) else { continue };
            let this = Arc::clone(&self);
            if now >= message.message.valid_until {
                drop(permit);
                self.sending.spawn(async move { this.conclude(message.id, HandedOver::TooLate { at: now }).await });
                continue;
            }
            let queue = Arc::clone(&queue);
            self.sending.spawn(async move { this.hand_over(&queue, message, permit).await });
        }
    }

    async fn something_waits(&self, queue: &Queue) {
        loop {
            let next = {
                let mut waiting = queue.waiting.lock();
                waiting.ripen(self.clock.now());
                if !waiting.answers.is_empty() || !waiting.notices.is_empty() {
                    return;
                }
                waiting.later.keys().next().map(|(at, _)| *at)
            };
            let sleep: BoxFuture<'_, ()> = match next {
                Some(at) => {
                    let pause = at.duration_since(self.clock.now()).max(SignedDuration::ZERO);
                    self.clock.sleep(Duration::try_from(pause).unwrap_or_default())
                }
                None => Box::pin(std::future::pending()),
            };
            tokio::select! {
                () = queue.changed.notified() => {}
                () = sleep => {}
            }
        }
    }

    /// The row is marked, then the road gets it: a crash in between leaves it
    /// uncertain, never sent twice.
    async fn hand_over(self: &Arc<Self>, queue: &Queue, message: Outbound, permit: Box<dyn Permit>) {
        let now = self.clock.now();
        match self.outbox.begin(message.id, queue.route.name(), now).await {
            Ok(true) if self.is_unwanted(&message).await => {
                let code = CompactString::const_new("opted_out");
                self.conclude(message.id, HandedOver::Refused { code, at: now }).await;
            }
            Ok(true) => self.submit(message, permit).await,
            // Somebody else has it.
            Ok(false) => {}
            Err(problem) => {
                tracing::error!(message = %message.id, %problem, "message not marked as being sent");
                drop(permit);
                self.wait_again(message, AFTER_FAILURE);
            }
        }
    }

    /// A notice whose receiver has refused such notices since it was written
    /// down, at night perhaps. Where nobody knows, it does not go.
    async fn is_unwanted(&self, message: &Outbound) -> bool {
        let category = message.message.category;
        let Some(sender) = sender_of(&message.message.to).filter(|_| category.is_notice()) else { return false };
        let phone = sender.hash(&self.wishes.hash_key);
        self.wishes.preferences.refuses(phone, category).await.unwrap_or_else(|problem| {
            tracing::error!(message = %message.id, %problem, "wishes not read");
            true
        })
    }

    async fn submit(self: &Arc<Self>, message: Outbound, permit: Box<dyn Permit>) {
        let part = part_of(&message);
        let outcome = permit.submit(&part).await;
        let at = self.clock.now();
        match outcome {
            Submitted::Accepted { id } => self.conclude(message.id, HandedOver::Accepted { id, at }).await,
            Submitted::Refused { code } => {
                tracing::warn!(message = %message.id, road = %message.message.route, %code, "message refused");
                self.conclude(message.id, HandedOver::Refused { code, at }).await;
            }
            Submitted::Uncertain => {
                metrics::counter!("sms_uncertain_total", "road" => message.message.route.to_string()).increment(1);
                tracing::warn!(message = %message.id, road = %message.message.route, "nobody knows whether it was sent");
                // Once: an SMSC that delivers and never answers would ring a phone
                // every few seconds.
                if message.message.repeatable && message.tries == 0 {
                    let again = at.checked_add(AFTER_FAILURE).unwrap_or(at);
                    self.conclude(message.id, HandedOver::GivenBack { at: again }).await;
                    self.wait_again(message, AFTER_FAILURE);
                } else {
                    self.conclude(message.id, HandedOver::Uncertain { at }).await;
                }
            }
            Submitted::NotTaken { after, .. } => {
                let again = at.checked_add(after).unwrap_or(at);
                self.conclude(message.id, HandedOver::GivenBack { at: again }).await;
                self.wait_again(message, after);
            }
        }
    }

    fn wait_again(self: &Arc<Self>, mut message: Outbound, after: Duration) {
        let now = self.clock.now();
        message.state = DeliveryState::Queued;
        message.tries += 1;
        message.message.not_before = now.checked_add(after).unwrap_or(now);
        self.offer(vec![message]);
    }

    /// Keeps at it: what a provider took must not be sent again.
    async fn conclude(&self, id: MessageId, outcome: HandedOver) {
        const LONGEST: Duration = Duration::from_secs(10);
        let mut pause = Duration::from_millis(50);
        // A minute or so; then the row stays as being sent, and is uncertain
        // when this node is gone.
        for _ in 0..12 {
            match self.outbox.conclude(id, outcome.clone()).await {
                Ok(()) => return,
                Err(problem) => tracing::error!(message = %id, %problem, "outcome not recorded"),
            }
            self.clock.sleep(pause).await;
            pause = (pause * 2).min(LONGEST);
        }
    }

    async fn adopt(self: Arc<Self>) {
        loop {
            tokio::select! {
                () = self.clock.sleep(ADOPT_EVERY) => {}
                () = self.written.notified() => self.clock.sleep(GATHER).await,
            }
            // Answers count: notices that pile up for a road that is down must
            // not keep the answers of the others on disk.
            let answers = self.queues.iter().map(|queue| queue.waiting.lock().answers.len());
            let most = answers.max().unwrap_or_default();
            let room = MOST_IN_MEMORY.saturating_sub(most).min(ADOPT);
            if room == 0 {
                continue;
            }
            // What was counted by now is committed: this look sees it.
            let seen: Vec<usize> = self.queues.iter().map(|queue| queue.on_disk.load(Ordering::Acquire)).collect();
            match self.outbox.adopt_outbound(Channel::Sms, self.clock.now(), room).await {
                Ok(messages) => {
                    let all = messages.len() < room;
                    if !messages.is_empty() {
                        self.offer(messages);
                    }
                    if all {
                        for (queue, seen) in self.queues.iter().zip(seen) {
                            queue.on_disk.fetch_sub(seen, Ordering::AcqRel);
                        }
                    } else {
                        self.written.notify_one();
                    }
                }
                Err(problem) => tracing::warn!(%problem, "queued messages not looked at"),
            }
        }
    }

    /// Looks at the roads; what waits for one that was given up takes another.
    async fn look(self: Arc<Self>) {
        loop {
            let now = self.clock.now();
            for given_up in self.routes.look(now) {
                self.move_from(&given_up);
            }
            self.expire(now);
            self.clock.sleep(Duration::from_secs(1)).await;
        }
    }

    /// What is worth nothing any more makes room, also on a road that gives no
    /// place.
    fn expire(self: &Arc<Self>, now: Timestamp) {
        let expired: Vec<MessageId> =
            self.queues.iter().flat_map(|queue| queue.waiting.lock().take_expired(now)).collect();
        if expired.is_empty() {
            return;
        }
        let this = Arc::clone(self);
        self.sending.spawn(async move {
            for id in expired {
                this.conclude(id, HandedOver::TooLate { at: now }).await;
            }
        });
    }

    fn move_from(self: &Arc<Self>, route: &Route) {
        let Some(queue) = self.queue(route.name()) else { return };
        let waiting = queue.waiting.lock().take_all();
        self.offer(waiting);
    }
}

fn part_of(message: &Outbound) -> Part {
    let text = &message.message;
    Part {
        to: text.to.clone(),
        from: text.from.clone(),
        text: text.text.clone(),
        alphabet: part_alphabet(message),
        concatenation: (text.parts > 1).then_some(Concatenation {
            reference: text.reference,
            total: text.parts,
            sequence: text.part,
        }),
        valid_until: text.valid_until,
        receipt: true,
    }
}

/// Whether the text fits into one message.
fn is_short(message: &Outbound) -> bool {
    let alphabet = part_alphabet(message);
    alphabet.units(&message.message.text) <= alphabet.single()
}

fn part_alphabet(message: &Outbound) -> Alphabet {
    if message.message.form == form_of(Alphabet::Ucs2) { Alphabet::Ucs2 } else { Alphabet::Gsm7 }
}

/// A job that ends when the token is cancelled.
pub(crate) fn until(stop: &CancellationToken, job: impl Future<Output = ()> + Send + 'static) -> Task {
    let stop = stop.clone();
    Box::pin(async move {
        tokio::select! {
            () = stop.cancelled() => {}
            () = job => {}
        }
    })
}
