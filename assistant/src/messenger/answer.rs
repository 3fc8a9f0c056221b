//! From an event on disk to its answer on disk.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use compact_str::{CompactString, format_compact};
use futures::FutureExt as _;
use gateway_core::desk::{
    Action, AnswerCode, Answered, Audience, Content, ConversationId, InLineReply, LinkAction, LinkReply, Refusal,
    RefusalKind, Reply, Request, RequestId,
};
use gateway_core::domain::{Category, Channel, Locale, MessageId, Sender};
use gateway_core::ports::{
    Fate, HandoverReason, HandoverState, Inbound, KeyedHash, NewCallback, NewHandover, NewLine, NewOutbound, Outbound,
    Settlement, Speaker, StoreError, Written, house_voice,
};
use gateway_core::text::mask_figures;
use gateway_http::Task;
use gateway_locale::Medium;
use jiff::{SignedDuration, Timestamp};
use parking_lot::Mutex;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::bell::Bell;
use super::intake::Kept;
use super::lines::{house_line, is_private, key_of, understood};
use super::outgoing::Outgoing;
use super::waiting::{Lines, Next, Put};
use super::wire::{Event, Saying};
use super::{CHANNELS, MessengerNeeds, until};

/// How often the database is asked for events that nobody answers.
const ADOPT_EVERY: Duration = Duration::from_secs(1);
/// How many are taken over at a time.
const ADOPT: usize = 200;
/// How long what was promised an answer waits on disk, where too much of its chat
/// waits in memory.
const PUT_BACK: Duration = Duration::from_secs(5);
/// The first pause before a question is asked again at a silent portal; it
/// doubles up to the longest.
const FIRST_PAUSE: Duration = Duration::from_secs(30);
const LONGEST_PAUSE: Duration = Duration::from_secs(600);
/// Whoever asks too much is told so once in this time.
const TOLD_EVERY: SignedDuration = SignedDuration::from_secs(60);
/// How long they are asked to wait.
const ASK_AGAIN: Duration = Duration::from_secs(60);
/// So many who were told are remembered.
const MOST_TOLD: usize = 10_000;
/// By so many lately taken conversations the wait is estimated.
const LATELY: SignedDuration = SignedDuration::from_hours(2);

/// What answers events, in the order of each chat.
pub(super) struct Answering {
    needs: Arc<MessengerNeeds>,
    outgoing: Arc<Outgoing>,
    bell: Arc<Bell>,
    lines: Lines,
    at_once: Semaphore,
    told: Mutex<HashMap<KeyedHash, Timestamp>>,
    /// By channel: what an earlier start left on disk is in its place.
    adopted: [CancellationToken; CHANNELS.len()],
    tasks: TaskTracker,
}

/// An answer on its way to the disk.
struct Draft {
    fate: Fate,
    saying: Option<Saying>,
    understood: String,
    private: bool,
}

impl Answering {
    pub(super) fn new(needs: Arc<MessengerNeeds>, outgoing: Arc<Outgoing>, bell: Arc<Bell>) -> Arc<Self> {
        metrics::describe_counter!("chat_overflow_total", "Events of chats in which too many waited already");
        let at_once = Semaphore::new(needs.config.at_once);
        Arc::new(Self {
            needs,
            outgoing,
            bell,
            lines: Lines::new(),
            at_once,
            told: Mutex::default(),
            adopted: Default::default(),
            tasks: TaskTracker::new(),
        })
    }

    /// The jobs that take over what a crash, another node or a silent portal left.
    pub(super) fn tasks(self: &Arc<Self>, stop: &CancellationToken) -> Vec<Task> {
        let adopt = |(channel, adopted): (Channel, &CancellationToken)| {
            until(stop, Arc::clone(self).adopt(channel, adopted.clone()))
        };
        CHANNELS.into_iter().zip(&self.adopted).map(adopt).collect()
    }

    /// Returns once nothing is being answered.
    pub(super) async fn settled(&self) {
        self.adopted.iter().for_each(CancellationToken::cancel);
        self.tasks.close();
        self.tasks.wait().await;
    }

    /// Whether so many wait that no more are taken.
    pub(super) fn is_full(&self) -> bool {
        self.lines.room() == 0
    }

    /// Takes an event that came just now, is on disk, and this node's.
    pub(super) fn take(self: &Arc<Self>, message: Inbound) {
        if let Some(message) = self.line_up(message) {
            // A flood of one chat costs that chat alone, and the disk one write.
            let this = Arc::clone(self);
            self.tasks.spawn(async move { this.too_many(&message).await });
        }
    }

    /// Takes one that waited on disk: its answer may have been promised.
    fn take_over(self: &Arc<Self>, message: Inbound) {
        if let Some(message) = self.line_up(message) {
            let this = Arc::clone(self);
            self.tasks.spawn(async move { this.put_back(&message).await });
        }
    }

    /// Puts an event behind those of its chat that were sent before it. Gives it
    /// back where too many wait there.
    fn line_up(self: &Arc<Self>, message: Inbound) -> Option<Inbound> {
        let chat = format_compact!("{}/{}/{}", message.channel.key(), message.provider.as_str(), message.to);
        let wired = self.outgoing.has_wire(message.channel, message.provider.as_str());
        let now = self.needs.clock.now();
        // Providers hand in events in any order: each waits a little for those that
        // were sent before it. (A browser sends one after the other.)
        let due = if wired { later(now, self.needs.config.order) } else { now };
        let adopted = self.adopted_of(message.channel);
        match self.lines.put(&chat, message, due) {
            Put::Behind => {}
            Put::First => {
                let this = Arc::clone(self);
                self.tasks.spawn(async move {
                    // What was left at a crash was sent before.
                    adopted.cancelled().await;
                    this.serve(chat).await;
                });
            }
            Put::TooMany(message) => return Some(message),
        }
        None
    }

    fn adopted_of(&self, channel: Channel) -> CancellationToken {
        let place = CHANNELS.iter().position(|one| *one == channel);
        place.and_then(|place| self.adopted.get(place)).cloned().unwrap_or_default()
    }

    /// Answers what one chat said, the earliest first.
    async fn serve(self: &Arc<Self>, chat: CompactString) {
        loop {
            let message = match self.lines.next(&chat, self.needs.clock.now()) {
                Next::Answer(message) => message,
                Next::Wait(pause) => {
                    self.needs.clock.sleep(pause).await;
                    continue;
                }
                Next::Nothing => return,
            };
            let Ok(_place) = self.at_once.acquire().await else { return };
            // One question that the house stumbles over must not silence a chat.
            if AssertUnwindSafe(self.answer(&message)).catch_unwind().await.is_err() {
                self.stumbled(&message).await;
            }
            self.lines.done();
        }
    }

    /// Too many wait in one chat: the sender is told so, once a minute.
    async fn too_many(&self, message: &Inbound) {
        metrics::counter!("chat_overflow_total", "channel" => message.channel.key()).increment(1);
        let Some(kept) = Kept::read(&message.text) else { return self.ignore(message, "unreadable").await };
        if kept.what == Event::Left {
            // It ends a conversation, and costs next to nothing.
            return self.put_back(message).await;
        }
        let request = self.request(message, &kept);
        let Some(id) = &request.conversation else { return self.ignore(message, "unreadable").await };
        let conversation = id.hash(&request, &self.needs.hash_key);
        if self.is_held(conversation).await.unwrap_or(false) {
            return self.to_the_officer(message, &kept, conversation).await;
        }
        let sender = request.sender.hash(&self.needs.hash_key);
        let refusal = Refusal { kind: RefusalKind::TooMany, retry_after: Some(ASK_AGAIN) };
        let answered = Answered {
            code: AnswerCode::from_bits(self.needs.randomness.next_u64()),
            notices: Arc::from([]),
            action: None,
            locale: request.locale,
            outcome: Err(refusal),
        };
        let draft = self.draft(message, &answered, sender);
        if draft.saying.is_none() {
            return self.ignore(message, "too_many").await;
        }
        self.settle(message, &kept, conversation, draft).await;
    }

    /// Leaves it on disk for a while.
    async fn put_back(&self, message: &Inbound) {
        let at = later(self.needs.clock.now(), PUT_BACK);
        let fate = Fate::Later { at, acknowledged: message.acknowledged };
        self.insist(message.id, Settlement { fate, send: Vec::new(), rest: None }).await;
    }

    /// The panic was told where it happened; the question is asked again later.
    async fn stumbled(&self, message: &Inbound) {
        tracing::error!(message = %message.id, "an answer was given up half-way");
        metrics::counter!("chat_panics_total", "channel" => message.channel.key()).increment(1);
        let at = next_try(message, self.needs.clock.now());
        let fate = match at < message.answer_by {
            true => Fate::Later { at, acknowledged: message.acknowledged },
            false => Fate::Ignored,
        };
        self.insist(message.id, Settlement { fate, send: Vec::new(), rest: None }).await;
    }

    async fn adopt(self: Arc<Self>, channel: Channel, adopted: CancellationToken) {
        loop {
            let room = self.lines.room().min(ADOPT);
            if room > 0 {
                match self.needs.inbox.adopt(channel, self.needs.clock.now(), room).await {
                    Ok(messages) => {
                        let full = messages.len() == ADOPT;
                        messages.into_iter().for_each(|message| self.take_over(message));
                        if full {
                            continue;
                        }
                        adopted.cancel();
                    }
                    Err(problem) => tracing::warn!(channel = channel.key(), %problem, "waiting events not looked at"),
                }
            } else {
                // More waits on disk than is taken at once: they go on.
                adopted.cancel();
            }
            self.needs.clock.sleep(ADOPT_EVERY).await;
        }
    }

    async fn answer(&self, message: &Inbound) {
        let Some(kept) = Kept::read(&message.text) else { return self.ignore(message, "unreadable").await };
        let request = self.request(message, &kept);
        let Some(id) = &request.conversation else { return self.ignore(message, "unreadable").await };
        let conversation = id.hash(&request, &self.needs.hash_key);
        if kept.what == Event::Left {
            return self.left(message, conversation).await;
        }
        match self.is_held(conversation).await {
            Ok(false) => {}
            Ok(true) => return self.to_the_officer(message, &kept, conversation).await,
            Err(problem) => {
                // Nobody knows who may speak: nobody does.
                tracing::warn!(message = %message.id, %problem, "hand-over not looked up");
                return self.put_back(message).await;
            }
        }
        let sender = request.sender.hash(&self.needs.hash_key);
        let mut answered = self.needs.desk.handle(request).await;
        if let Err(problem) = self.carry_out(message, &mut answered, conversation, sender).await {
            tracing::error!(message = %message.id, %problem, "a wish was not written down");
            answered.outcome = Err(Refusal::of(RefusalKind::Internal));
        }
        let draft = self.draft(message, &answered, sender);
        self.settle(message, &kept, conversation, draft).await;
    }

    fn request(&self, message: &Inbound, kept: &Kept) -> Request {
        let needs = &self.needs;
        let now = needs.clock.now();
        let content = match &kept.what {
            Event::Said(text) => Content::Text(text.clone()),
            Event::Began | Event::Left => Content::Action(Action::Greet),
            Event::Contact(phone) => Content::Action(Action::Link(LinkAction::Contact { phone: phone.clone() })),
            Event::Unreadable => Content::Action(Action::Unreadable),
        };
        let audience = kept.audience();
        // In a group each has a thread of their own.
        let thread = match audience {
            Audience::Group => format!("{}/{}", message.to, message.from),
            Audience::Sender | Audience::ForeignProcessor => message.from.to_string(),
        };
        let account = format_compact!("{}/{}/{}", message.channel.key(), message.provider.as_str(), message.from);
        Request {
            id: RequestId::from_bits(needs.randomness.next_u64()),
            channel: message.channel,
            provider: message.provider.clone(),
            // The inbox knows repetitions.
            message_id: None,
            sender: Sender::Account(account),
            device: None,
            address: kept.address(),
            assurance: message.assurance,
            audience,
            locale: kept.locale().unwrap_or(Locale::VI),
            received_at: now,
            deadline: later(now, needs.config.deadline),
            conversation: Some(ConversationId::new(&thread)),
            content,
        }
    }

    async fn is_held(&self, conversation: KeyedHash) -> Result<bool, StoreError> {
        if !self.needs.config.officers {
            return Ok(false);
        }
        let open = self.needs.handovers.open_one(conversation).await?;
        Ok(open.is_some_and(|handover| handover.state == HandoverState::Held))
    }

    /// What the Desk has understood and this channel must do.
    async fn carry_out(
        &self,
        message: &Inbound,
        answered: &mut Answered,
        conversation: KeyedHash,
        sender: KeyedHash,
    ) -> Result<(), StoreError> {
        let (needs, now) = (&self.needs, self.needs.clock.now());
        match (&answered.outcome, &answered.action) {
            (Ok(Reply::Person(person)), action) if needs.config.officers => {
                let reason = match action {
                    Some(Action::TalkToPerson) => HandoverReason::Asked,
                    Some(Action::Complain) => HandoverReason::Complaint,
                    _ => return Ok(()),
                };
                if !person.hours.open_now {
                    return Ok(());
                }
                let opened = needs
                    .handovers
                    .open(NewHandover {
                        conversation,
                        channel: message.channel,
                        provider: message.provider.clone(),
                        chat: message.to.clone(),
                        sender,
                        locale: answered.locale,
                        site: needs.config.site.as_str().into(),
                        reason,
                        at: now,
                        until: later(now, needs.config.handovers_kept),
                    })
                    .await?;
                let complaint = reason == HandoverReason::Complaint;
                let wait_minutes = self.usual_wait(now, opened.ahead).await;
                let place = InLineReply { ahead: opened.ahead, wait_minutes, again: !opened.new, complaint };
                answered.outcome = Ok(Reply::InLine(place));
                self.bell.ring_desk();
            }
            (Ok(Reply::Person(person)), _) => {
                let person = gateway_core::desk::PersonReply { callback: false, ..person.clone() };
                answered.outcome = Ok(Reply::Person(person));
            }
            (Ok(Reply::LeftLine), _) => {
                needs.handovers.cancel(conversation, now).await?;
                needs.handovers.forget_callback(conversation).await?;
                self.bell.ring_desk();
            }
            (Ok(Reply::CallbackNoted { phone }), _) => {
                needs
                    .handovers
                    .wish_callback(NewCallback {
                        conversation,
                        channel: message.channel,
                        phone: phone.e164().into(),
                        locale: answered.locale,
                        consent: CONSENT.into(),
                        at: now,
                        until: later(now, needs.config.callbacks_kept),
                    })
                    .await?;
                self.bell.ring_desk();
            }
            _ => {}
        }
        Ok(())
    }

    /// By how long others waited lately, and how many are before.
    async fn usual_wait(&self, now: Timestamp, ahead: u32) -> Option<u32> {
        let load = self.needs.handovers.load(now.checked_sub(LATELY).unwrap_or(now)).await.ok()?;
        let median = load.median_wait?;
        // The median is of a place in the middle of what was the line then.
        let seconds = median.as_secs().saturating_mul(u64::from(ahead.min(50)) + 2) / 2;
        u32::try_from(seconds.div_ceil(60).max(1)).ok()
    }

    fn draft(&self, message: &Inbound, answered: &Answered, sender: KeyedHash) -> Draft {
        let now = self.needs.clock.now();
        let understood = understood(answered);
        let locale = answered.locale;
        let said = |answered: &Answered| Some(self.saying(message, answered, locale));
        match &answered.outcome {
            Err(refusal) if waits(refusal) && !matches!(answered.action, Some(Action::Subscribe { .. })) => {
                let at = next_try(message, now);
                let with = |outcome| Answered { outcome, action: None, ..answered.clone() };
                if at >= message.answer_by {
                    let saying = said(&with(Err(Refusal::of(RefusalKind::GaveUp))));
                    return Draft { fate: Fate::Answered, saying, understood, private: false };
                }
                let saying = if message.acknowledged { None } else { said(&with(Ok(Reply::WillAnswer))) };
                Draft { fate: Fate::Later { at, acknowledged: true }, saying, understood, private: false }
            }
            Err(Refusal { kind: RefusalKind::TooMany, .. }) if !self.may_be_told(sender, now) => {
                Draft { fate: Fate::Ignored, saying: None, understood, private: false }
            }
            _ => Draft { fate: Fate::Answered, saying: said(answered), understood, private: is_private(answered) },
        }
    }

    fn may_be_told(&self, sender: KeyedHash, now: Timestamp) -> bool {
        let mut told = self.told.lock();
        if told.len() >= MOST_TOLD {
            told.retain(|_, at| now.duration_since(*at) < TOLD_EVERY);
            if told.len() >= MOST_TOLD {
                told.clear();
            }
        }
        match told.get(&sender) {
            Some(at) if now.duration_since(*at) < TOLD_EVERY => false,
            _ => {
                told.insert(sender, now);
                true
            }
        }
    }

    fn saying(&self, message: &Inbound, answered: &Answered, locale: Locale) -> Saying {
        let medium = self.outgoing.medium(message.channel, message.provider.as_str()).unwrap_or(Medium::CHAT);
        let rendered = self.needs.renderer.render(answered, locale, medium);
        let most = usize::from(medium.buttons);
        let buttons = rendered.choices.into_iter().filter_map(|choice| Some((choice.label, choice.send?)));
        let by_contact = matches!(&answered.outcome, Ok(Reply::Link(LinkReply::Offered { by_contact: true, .. })));
        let ask_contact = by_contact.then(|| self.needs.renderer.contact_button(locale));
        Saying { text: rendered.text, buttons: buttons.take(most).collect(), ask_contact }
    }

    /// The line, then the end of the event with what goes out: a crash in between
    /// answers once more, and what was written is the same line.
    async fn settle(&self, message: &Inbound, kept: &Kept, conversation: KeyedHash, draft: Draft) {
        let now = self.needs.clock.now();
        let mut lines: Vec<NewLine> = self.citizen_line(message, kept, conversation, now, true).into_iter().collect();
        let mut send = Vec::new();
        if let Some(saying) = &draft.saying {
            let key = key_of(&self.needs.hash_key, message.id, message.tries, Speaker::Assistant);
            let wired = self.outgoing.has_wire(message.channel, message.provider.as_str());
            // What is for the citizen alone stands nowhere for long, and where it
            // went out otherwise not at all.
            let kept_for = if draft.private { self.needs.config.private } else { self.needs.config.transcript };
            let written = if draft.private && wired {
                Saying { text: PRIVATE.to_owned(), buttons: Vec::new(), ask_contact: None }
            } else {
                saying.clone()
            };
            lines.push(house_line(conversation, key, &written, &draft.understood, now, later(now, kept_for)));
            send = self.outgoing.messages(message, conversation, saying, now);
        }
        let fates = self.write(lines).await;
        if draft.saying.is_some() && fates.last() == Some(&Written::Silenced) {
            // An officer took it over meanwhile: the question is theirs.
            send = Vec::new();
        }
        self.bell.ring(conversation);
        let settlement = Settlement { fate: draft.fate, send, rest: None };
        if self.insist(message.id, settlement).await.is_some_and(|written| !written.is_empty()) {
            self.outgoing.written(message.channel);
        }
        metrics::counter!("chat_settled_total", "channel" => message.channel.key()).increment(1);
    }

    fn citizen_line(
        &self,
        message: &Inbound,
        kept: &Kept,
        conversation: KeyedHash,
        now: Timestamp,
        mask: bool,
    ) -> Option<NewLine> {
        let (text, understood) = match &kept.what {
            Event::Said(text) if mask => (mask_figures(text), ""),
            Event::Said(text) => (text.clone(), ""),
            Event::Unreadable => (String::new(), "unreadable"),
            Event::Began | Event::Left | Event::Contact(_) => return None,
        };
        Some(NewLine {
            conversation,
            key: key_of(&self.needs.hash_key, message.id, 0, Speaker::Citizen),
            speaker: Speaker::Citizen,
            text,
            buttons: Vec::new(),
            understood: understood.into(),
            officer: None,
            at: message.received_at,
            until: later(now, self.needs.config.transcript),
        })
    }

    /// An officer holds the conversation: what the citizen says is theirs.
    async fn to_the_officer(&self, message: &Inbound, kept: &Kept, conversation: KeyedHash) {
        let now = self.needs.clock.now();
        self.write(self.citizen_line(message, kept, conversation, now, false).into_iter().collect()).await;
        self.bell.ring(conversation);
        let settlement = Settlement { fate: Fate::Answered, send: Vec::new(), rest: None };
        self.insist(message.id, settlement).await;
    }

    /// The citizen is gone: nobody waits any more, and nothing is remembered.
    async fn left(&self, message: &Inbound, conversation: KeyedHash) {
        let now = self.needs.clock.now();
        let gone = self.needs.handovers.cancel(conversation, now).await;
        let forgotten = self.needs.handovers.forget_callback(conversation).await;
        if let Err(problem) = gone.and(forgotten) {
            tracing::warn!(message = %message.id, %problem, "a place in the line was not given up");
        }
        self.bell.ring_desk();
        self.ignore(message, "left").await;
    }

    async fn ignore(&self, message: &Inbound, why: &'static str) {
        metrics::counter!("chat_ignored_total", "why" => why).increment(1);
        let settlement = Settlement { fate: Fate::Ignored, send: Vec::new(), rest: None };
        self.insist(message.id, settlement).await;
    }

    /// Keeps at it while the database is away: the event waits on disk.
    async fn write(&self, lines: Vec<NewLine>) -> Vec<Written> {
        let mut pause = AGAIN;
        loop {
            match self.needs.transcripts.write_lines(lines.clone()).await {
                Ok(fates) => return fates,
                Err(problem) => tracing::error!(%problem, "lines not written"),
            }
            self.needs.clock.sleep(pause).await;
            pause = (pause * 2).min(LONGEST_AGAIN);
        }
    }

    /// The same. `None` where somebody else has settled it.
    async fn insist(&self, id: MessageId, settlement: Settlement) -> Option<Vec<Outbound>> {
        let mut pause = AGAIN;
        loop {
            match self.needs.inbox.settle(id, settlement.clone()).await {
                Ok(written) => return written,
                Err(problem) => tracing::error!(message = %id, %problem, "answer not written"),
            }
            self.needs.clock.sleep(pause).await;
            pause = (pause * 2).min(LONGEST_AGAIN);
        }
    }
}

const AGAIN: Duration = Duration::from_millis(50);
const LONGEST_AGAIN: Duration = Duration::from_secs(5);

/// The version of the words to which a citizen consents who wants to be called
/// (`person-callback`).
const CONSENT: &str = "person-callback 2026-11";

/// What stands in the transcript for an answer that was for the citizen alone.
const PRIVATE: &str = "🔒";

impl Outgoing {
    /// The messages that carry a saying of the house; none where the channel has
    /// no wire.
    fn messages(
        &self,
        message: &Inbound,
        conversation: KeyedHash,
        saying: &Saying,
        now: Timestamp,
    ) -> Vec<NewOutbound> {
        let mut messages = self.compose(message.channel, &message.provider, &message.to, saying, now);
        for one in &mut messages {
            one.form = house_voice(conversation);
            one.answers = Some(message.id);
            one.category = Category::Answer;
        }
        messages
    }
}

/// Refusals that time may mend, where somebody is to be answered later.
const fn waits(refusal: &Refusal) -> bool {
    matches!(refusal.kind, RefusalKind::PortalDown | RefusalKind::TooLate | RefusalKind::Internal)
}

/// When it is tried again.
fn next_try(message: &Inbound, now: Timestamp) -> Timestamp {
    later(now, (FIRST_PAUSE * 2_u32.saturating_pow(message.tries.min(10))).min(LONGEST_PAUSE))
}

pub(super) fn later(now: Timestamp, span: Duration) -> Timestamp {
    SignedDuration::try_from(span).ok().and_then(|span| now.checked_add(span).ok()).unwrap_or(now)
}
