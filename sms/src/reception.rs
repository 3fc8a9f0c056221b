//! From a message on disk to its answer on disk.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use compact_str::CompactString;
use gateway_core::desk::{
    Answered, Answers, Audience, ConversationId, Refusal, RefusalKind, Reply, Request, RequestId,
};
use gateway_core::domain::{Category, Channel, Locale, Phone, Sender, local_date};
use gateway_core::ports::{
    Clock, Fate, HashKey, Inbound, Inbox, KeyedHash, NewOutbound, Outbound, Randomness, Rest, Settlement,
};
use gateway_http::Task;
use jiff::{SignedDuration, Timestamp};
use parking_lot::Mutex;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::config::AnswerConfig;
use crate::dispatch::{Dispatcher, until};
use crate::keywords::{Keyword, Keywords, Read};
use crate::language::language_of;
use crate::pages::{Page, first_page, next_page, outbound};
use crate::road::Permit;
use crate::routes::{Route, Routes};
use crate::talk::Talk;
use crate::words::Words;

/// How often the database is asked for messages that nobody answers.
const ADOPT_EVERY: Duration = Duration::from_secs(1);

/// How many are taken over at a time.
const ADOPT: usize = 200;

/// Messages of one sender that wait in memory behind the one that is being
/// answered.
const MOST_OF_ONE_SENDER: usize = 20;

/// A refusal for so long at most is waited out: telling it would cost a
/// message and help nobody.
const SHORT_WAIT: Duration = Duration::from_secs(60);

/// What one sender wrote too much of waits on disk for so long.
const PUT_BACK: Duration = Duration::from_secs(30);

/// What answers messages.
pub(crate) struct Reception {
    parts: ReceptionParts,
    talk: Talk,
    /// Messages of one sender are answered in the order in which they came.
    senders: Mutex<HashMap<CompactString, VecDeque<Taken>>>,
    places: Arc<Semaphore>,
    answering: TaskTracker,
}

/// What it works with.
pub(crate) struct ReceptionParts {
    pub(crate) desk: Arc<dyn Answers>,
    pub(crate) inbox: Arc<dyn Inbox>,
    pub(crate) dispatcher: Arc<Dispatcher>,
    pub(crate) routes: Arc<Routes>,
    pub(crate) words: Words,
    pub(crate) keywords: Keywords,
    pub(crate) config: AnswerConfig,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) randomness: Arc<dyn Randomness>,
    pub(crate) hash_key: HashKey,
}

/// A message with its place among those that are being answered.
struct Taken {
    message: Inbound,
    _place: Place,
}

/// A place among the messages that are being answered.
pub(crate) struct Place {
    _permit: OwnedSemaphorePermit,
}

/// An answer on its way to the outbox.
struct Draft {
    fate: Fate,
    page: Option<Page>,
    rest: Option<Rest>,
}

impl Reception {
    pub(crate) fn new(parts: ReceptionParts) -> Arc<Self> {
        let talk = Talk::new(parts.config.replies_an_hour);
        let places = Arc::new(Semaphore::new(parts.config.at_once));
        Arc::new(Self { parts, talk, senders: Mutex::default(), places, answering: TaskTracker::new() })
    }

    /// Whether a message begins with a word that a citizen writes twice within
    /// the minute and means it: the next page and the one after, yes and no.
    pub(crate) fn may_be_meant_twice(&self, text: &str) -> bool {
        self.parts.keywords.begins_with(text).is_some_and(|keyword| {
            !matches!(keyword, Keyword::Track | Keyword::Details | Keyword::Procedure | Keyword::Help)
        })
    }

    /// Waits for a place. A road that hands in a message waits here before it
    /// is on disk: that is how a flood is held back at its source.
    pub(crate) async fn place(&self) -> Option<Place> {
        Arc::clone(&self.places).acquire_owned().await.ok().map(|permit| Place { _permit: permit })
    }

    /// Takes a message that is on disk, and this node's.
    pub(crate) fn take(self: &Arc<Self>, message: Inbound, place: Place) {
        let sender = message.from.clone();
        let taken = Taken { message, _place: place };
        {
            let mut senders = self.senders.lock();
            if let Some(waiting) = senders.get_mut(&sender) {
                if waiting.len() < MOST_OF_ONE_SENDER {
                    waiting.push_back(taken);
                    return;
                }
                drop(senders);
                // One sender holds no more places: the rest waits on disk.
                let this = Arc::clone(self);
                self.answering.spawn(async move {
                    let at = later(this.parts.clock.now(), PUT_BACK);
                    let acknowledged = taken.message.acknowledged;
                    let fate = Fate::Later { at, acknowledged };
                    this.insist(&taken.message, Settlement { fate, send: Vec::new(), rest: None }).await;
                });
                return;
            }
            senders.insert(sender.clone(), VecDeque::new());
        }
        let this = Arc::clone(self);
        self.answering.spawn(async move {
            let mut next = Some(taken);
            while let Some(taken) = next {
                this.answer(&taken.message).await;
                drop(taken);
                let mut senders = this.senders.lock();
                next = senders.get_mut(&sender).and_then(VecDeque::pop_front);
                if next.is_none() {
                    senders.remove(&sender);
                }
            }
        });
    }

    /// The job that takes over what a crash, another node or a silent portal
    /// left.
    pub(crate) fn tasks(self: &Arc<Self>, stop: &CancellationToken) -> Vec<Task> {
        vec![until(stop, Arc::clone(self).adopt())]
    }

    /// Returns once nothing is being answered.
    pub(crate) async fn settled(&self) {
        self.answering.close();
        self.answering.wait().await;
    }

    async fn adopt(self: Arc<Self>) {
        loop {
            let room = self.places.available_permits().min(ADOPT);
            if room > 0 {
                match self.parts.inbox.adopt(Channel::Sms, self.parts.clock.now(), room).await {
                    Ok(messages) => {
                        for message in messages {
                            let Some(place) = self.place().await else { return };
                            self.take(message, place);
                        }
                    }
                    Err(problem) => tracing::warn!(%problem, "waiting messages not looked at"),
                }
            }
            self.parts.clock.sleep(ADOPT_EVERY).await;
        }
    }

    async fn answer(self: &Arc<Self>, message: &Inbound) {
        let sender = sender_of(&message.from);
        let owner = sender.as_ref().map(|sender| sender.hash(&self.parts.hash_key));
        let (Some(sender), Some(owner)) = (sender, owner) else {
            return self.ignore(message, "short_code").await;
        };
        if self.talk.is_echo(owner, &message.text) {
            return self.ignore(message, "echo").await;
        }
        // One that was told to wait has had its reply counted.
        let enough = !message.acknowledged && !self.talk.may_reply(owner, self.parts.clock.now());
        // To be left alone is heard whoever has had enough replies.
        let read = self.parts.keywords.read(&message.text, local_date(message.received_at));
        if enough && !matches!(read.keyword, Some(Keyword::OptOut | Keyword::Unsubscribe)) {
            return self.ignore(message, "enough").await;
        }
        let Some(route) = self.parts.routes.choose(Category::Answer, Some(message.provider.as_str())) else {
            return self.ignore(message, "no_route").await;
        };
        let mut draft = self.draft(message, read, sender, owner, route).await;
        if enough {
            draft.page = None;
        }
        if let Some(page) = &draft.page {
            self.talk.said(owner, &page.parts.concat());
        }
        self.settle(message, draft, route).await;
    }

    async fn ignore(&self, message: &Inbound, why: &'static str) {
        metrics::counter!("sms_ignored_total", "why" => why).increment(1);
        let settlement = Settlement { fate: Fate::Ignored, send: Vec::new(), rest: None };
        self.insist(message, settlement).await;
    }

    /// Asks the Desk and puts the answer into words.
    async fn draft(&self, message: &Inbound, read: Read, sender: Sender, owner: KeyedHash, route: &Route) -> Draft {
        let parts = &self.parts;
        let now = parts.clock.now();
        let locale = read.locale.unwrap_or_else(|| language_of(&message.text));
        let carried_by = parts.routes.named(message.provider.as_str());
        // What others see more of.
        let audience = carried_by.map_or(route.audience, |came| wider(came.audience, route.audience));
        // The rest of an answer that the citizen alone may see is not told where
        // others listen.
        let owner = rest_owner(owner, audience, &parts.hash_key);
        // A phone is one conversation.
        let conversation = ConversationId::new(&sender.key());
        let answered = parts
            .desk
            .handle(Request {
                id: RequestId::from_bits(parts.randomness.next_u64()),
                channel: Channel::Sms,
                provider: message.provider.clone(),
                // The inbox knows repetitions.
                message_id: None,
                sender,
                device: None,
                address: None,
                assurance: message.assurance,
                // What answers over a foreign road is overheard, whichever road
                // the question took.
                audience,
                locale,
                received_at: now,
                deadline: later(now, parts.config.deadline()),
                conversation: Some(conversation),
                content: read.content,
            })
            .await;
        let locale = answered.locale;
        match &answered.outcome {
            Err(_) if answered.may_be_mended_by_time() => self.put_off(message, &answered, locale, route, now),
            Err(Refusal { kind: RefusalKind::TooMany, retry_after: Some(after) })
                if *after <= SHORT_WAIT && later(now, *after) < message.answer_by =>
            {
                let at = later(now, *after);
                Draft { fate: Fate::Later { at, acknowledged: message.acknowledged }, page: None, rest: None }
            }
            Ok(Reply::More) => self.go_on(&answered, owner, locale, route, now).await,
            _ => self.answer_now(&answered, owner, locale, route, now),
        }
    }

    fn answer_now(
        &self,
        answered: &Answered,
        owner: KeyedHash,
        locale: Locale,
        route: &Route,
        now: Timestamp,
    ) -> Draft {
        let mut text = self.parts.words.of(locale).render_sms(answered, locale);
        if matches!(answered.outcome, Ok(Reply::Help)) && !self.parts.config.tariff.is_empty() {
            let foot = text.foot.take().unwrap_or_default();
            text.foot = Some(format!("{} {foot}", self.parts.config.tariff).trim().to_owned());
        }
        let hint = self.parts.words.of(locale).sms_more_hint(locale);
        let page = first_page(&self.parts.routes, route, text, &hint);
        let rest = self.rest(owner, page.rest.clone(), now);
        Draft { fate: Fate::Answered, page: Some(page), rest: Some(rest) }
    }

    /// The rest of the last answer; where there is none, the reply says so.
    async fn go_on(
        &self,
        answered: &Answered,
        owner: KeyedHash,
        locale: Locale,
        route: &Route,
        now: Timestamp,
    ) -> Draft {
        match self.parts.inbox.rest_of(owner, now).await {
            Ok(Some(text)) => {
                let hint = self.parts.words.of(locale).sms_more_hint(locale);
                let page = next_page(&self.parts.routes, route, &text, &format!("... {hint}"));
                let rest = self.rest(owner, page.rest.clone(), now);
                Draft { fate: Fate::Answered, page: Some(page), rest: Some(rest) }
            }
            Ok(None) => self.answer_now(answered, owner, locale, route, now),
            Err(problem) => {
                tracing::warn!(%problem, "rest of an answer not read");
                self.answer_now(answered, owner, locale, route, now)
            }
        }
    }

    /// The portal is silent: the citizen hears that once, then the answer, or
    /// an apology when it is worth nothing any more.
    fn put_off(&self, message: &Inbound, answered: &Answered, locale: Locale, route: &Route, now: Timestamp) -> Draft {
        let at = message.next_try(now);
        let with = |outcome| Answered {
            code: answered.code,
            notices: Arc::clone(&answered.notices),
            action: None,
            locale,
            outcome,
        };
        if at >= message.answer_by {
            let sorry = with(Err(Refusal::of(RefusalKind::GaveUp)));
            let page = self.page(&sorry, locale, route);
            return Draft { fate: Fate::Answered, page: Some(page), rest: None };
        }
        let page = (!message.acknowledged).then(|| self.page(&with(Ok(Reply::WillAnswer)), locale, route));
        Draft { fate: Fate::Later { at, acknowledged: true }, page, rest: None }
    }

    fn page(&self, answered: &Answered, locale: Locale, route: &Route) -> Page {
        let text = self.parts.words.of(locale).render_sms(answered, locale);
        let hint = self.parts.words.of(locale).sms_more_hint(locale);
        first_page(&self.parts.routes, route, text, &hint)
    }

    fn rest(&self, owner: KeyedHash, rest: Option<String>, now: Timestamp) -> Rest {
        Rest { owner, text: rest.unwrap_or_default(), until: later(now, self.parts.config.rest()) }
    }

    /// Writes the answer down with the message's end, then lets it go.
    async fn settle(self: &Arc<Self>, message: &Inbound, draft: Draft, route: &Route) {
        let now = self.parts.clock.now();
        let mut permits: VecDeque<Box<dyn Permit>> = VecDeque::new();
        let mut send: Vec<NewOutbound> = Vec::new();
        if let Some(page) = draft.page {
            let valid_until = later(now, self.parts.config.valid());
            // Whoever asked a short code is answered from it.
            let same_road = message.provider.as_str() == route.name();
            let from = if same_road { message.to.clone() } else { route.config.from.clone() };
            let reference = self.parts.routes.reference(self.parts.randomness.next_u64());
            send = outbound(page, route, Category::Answer, &message.from, &from, reference, now, valid_until);
            for one in &mut send {
                one.answers = Some(message.id);
                // A later part never goes before an earlier one.
                let permit = match permits.len() {
                    0 if one.part == 1 => self.parts.dispatcher.place(route).await,
                    before if before == usize::from(one.part) - 1 => self.parts.dispatcher.place_now(route),
                    _ => None,
                };
                if let Some(permit) = permit {
                    one.begun = true;
                    permits.push_back(permit);
                }
            }
        }
        let settlement = Settlement { fate: draft.fate, send, rest: draft.rest };
        let Some(written) = self.insist(message, settlement).await else { return };
        let mut queued = 0;
        for one in written {
            match (one.message.begun, permits.pop_front()) {
                (true, Some(permit)) => self.parts.dispatcher.send(one, permit),
                // It is nobody's: whoever begins it must adopt it first.
                _ => queued += 1,
            }
        }
        if queued > 0 {
            self.parts.dispatcher.queued(route, queued);
        }
    }

    /// Keeps at it while the database is away: the message waits on disk, and
    /// its place stays taken, so that roads wait too. `None` where somebody else
    /// has settled it.
    async fn insist(&self, message: &Inbound, settlement: Settlement) -> Option<Vec<Outbound>> {
        const LONGEST: Duration = Duration::from_secs(5);
        let mut pause = Duration::from_millis(50);
        loop {
            match self.parts.inbox.settle(message.id, settlement.clone()).await {
                Ok(written) => return written,
                Err(problem) => tracing::error!(message = %message.id, %problem, "answer not written"),
            }
            self.parts.clock.sleep(pause).await;
            pause = (pause * 2).min(LONGEST);
        }
    }
}

/// Whose the rest of an answer is: the citizen's, on roads of this kind.
fn rest_owner(owner: KeyedHash, audience: Audience, key: &HashKey) -> KeyedHash {
    match audience {
        Audience::Sender => owner,
        Audience::ForeignProcessor | Audience::Group => key.hash_bytes("overheard", &owner.0),
    }
}

/// The one that others see more of.
const fn wider(one: Audience, other: Audience) -> Audience {
    match one {
        Audience::Sender => other,
        wide => wide,
    }
}

/// Who sent a message. Short codes and names are robots: they are `None`.
pub(crate) fn sender_of(from: &str) -> Option<Sender> {
    let digits = from.strip_prefix('+').unwrap_or(from);
    if digits.len() < 7 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let phone = Phone::parse(from).or_else(|_| Phone::parse(&format!("+{digits}")));
    phone.ok().map(Sender::Phone)
}

pub(crate) fn later(now: Timestamp, span: Duration) -> Timestamp {
    SignedDuration::try_from(span).ok().and_then(|span| now.checked_add(span).ok()).unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn robots_are_told_from_people() {
        for robot in ["8283", "191", "BINHDUONG", "Viettel", "", "+", "109"] {
            assert!(sender_of(robot).is_none(), "{robot}");
        }
        let e164 = |from: &str| match sender_of(from) {
            Some(Sender::Phone(phone)) => phone.e164().to_owned(),
            other => panic!("{from}: {other:?}"),
        };
        assert_eq!(e164("84912345678"), "+84912345678");
        assert_eq!(e164("0912345678"), "+84912345678");
        assert_eq!(e164("+84912345678"), "+84912345678");
        assert_eq!(e164("33612345678"), "+33612345678");
    }
}
