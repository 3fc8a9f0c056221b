//! From an event on disk to its answer on disk. In which order events are answered
//! is `serving`'s; what else the citizen wants of this channel, `wishes`'.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use compact_str::format_compact;
use gateway_core::desk::{
    Action, Answered, Audience, Content, ConversationId, LinkAction, LinkReply, Refusal, RefusalKind, Reply, Request,
    RequestId,
};
use gateway_core::domain::{Locale, MessageId, Sender};
use gateway_core::ports::{
    Fate, HandoverState, Inbound, KeyedHash, NewLine, NewOutbound, Outbound, Settlement, Speaker, StoreError, Written,
    house_voice,
};
use gateway_core::text::mask_figures;
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
use super::waiting::Lines;
use super::wire::{Event, Saying};
use super::{CHANNELS, MessengerNeeds};

/// Whoever asks too much is told so once in this time.
const TOLD_EVERY: SignedDuration = SignedDuration::from_secs(60);
/// So many who were told are remembered.
const MOST_TOLD: usize = 10_000;

/// What answers events, in the order of each chat.
pub(super) struct Answering {
    pub(super) needs: Arc<MessengerNeeds>,
    pub(super) outgoing: Arc<Outgoing>,
    pub(super) bell: Arc<Bell>,
    pub(super) lines: Lines,
    pub(super) at_once: Semaphore,
    told: Mutex<HashMap<KeyedHash, Timestamp>>,
    /// By channel: what an earlier start left on disk is in its place.
    pub(super) adopted: [CancellationToken; CHANNELS.len()],
    pub(super) tasks: TaskTracker,
}

/// An answer on its way to the disk.
pub(super) struct Draft {
    fate: Fate,
    pub(super) saying: Option<Saying>,
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

    pub(super) async fn answer(&self, message: &Inbound) {
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

    pub(super) fn request(&self, message: &Inbound, kept: &Kept) -> Request {
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

    pub(super) async fn is_held(&self, conversation: KeyedHash) -> Result<bool, StoreError> {
        if !self.needs.config.officers {
            return Ok(false);
        }
        let open = self.needs.handovers.open_one(conversation).await?;
        Ok(open.is_some_and(|handover| handover.state == HandoverState::Held))
    }

    pub(super) fn draft(&self, message: &Inbound, answered: &Answered, sender: KeyedHash) -> Draft {
        let now = self.needs.clock.now();
        let understood = understood(answered);
        let locale = answered.locale;
        let said = |answered: &Answered| Some(self.saying(message, answered, locale));
        match &answered.outcome {
            Err(_) if answered.may_be_mended_by_time() => {
                let at = message.next_try(now);
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
    pub(super) async fn settle(&self, message: &Inbound, kept: &Kept, conversation: KeyedHash, draft: Draft) {
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
    pub(super) async fn to_the_officer(&self, message: &Inbound, kept: &Kept, conversation: KeyedHash) {
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

    pub(super) async fn ignore(&self, message: &Inbound, why: &'static str) {
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
    pub(super) async fn insist(&self, id: MessageId, settlement: Settlement) -> Option<Vec<Outbound>> {
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
        }
        messages
    }
}

pub(super) fn later(now: Timestamp, span: Duration) -> Timestamp {
    SignedDuration::try_from(span).ok().and_then(|span| now.checked_add(span).ok()).unwrap_or(now)
}
