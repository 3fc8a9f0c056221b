use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures::future::{Either, select};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::disclosure::Disclosure;
use super::notice_board::NoticeBoard;
use super::queue::QueueDesk;
use super::rate::Rated;
use super::rules::DeskRules;
use super::tracking::Tracking;
use super::{
    Action, AnswerCode, Answered, Content, Conversation, ElsewhereReply, Focuses, ProcedureReply, ProceduresReply,
    Refusal, RefusalKind, Reply, Request, Service,
};

use crate::domain::{AgencyDirectory, DossierNumber, Locale, ProcedureCode, Standing, WorkingCalendar, local_date};
use crate::ports::{
    Audit, AuditError, AuditRow, Catalogue, Clock, Codes, ContactPreferences, Conversations, Dedupe, HashKey,
    Interpretation, Interpreter, KeyedHash, LimitKeys, LimitedAction, Limiter, Links, Misses, Notifier, Outbox,
    Outcome, Portal, PortalError, PortalFault, ProcedureQuery, Proofs, Randomness, Ratings, Requests, Subscriptions,
    TooMany,
};

/// How many other procedures are named beside the one that was meant.
const ALSO: usize = 3;

/// Whatever answers requests: the Desk, or a scripted stand-in in a channel's tests.
#[async_trait]
pub trait Answers: Send + Sync {
    /// Answers one request; it never fails.
    async fn handle(&self, request: Request) -> Answered;
}

/// What the Desk works with, handed in by the composition root.
pub struct DeskParts {
    /// The portal, behind its cache.
    pub portal: Arc<dyn Portal>,
    /// The procedures.
    pub catalogue: Arc<dyn Catalogue>,
    /// What understands free text.
    pub interpreter: Arc<dyn Interpreter>,
    /// Rates.
    pub limiter: Arc<dyn Limiter>,
    /// The record.
    pub audit: Arc<dyn Audit>,
    /// Replays.
    pub dedupe: Arc<dyn Dedupe>,
    /// Failed proofs.
    pub proofs: Arc<dyn Proofs>,
    /// Announcements.
    pub notices: Arc<NoticeBoard>,
    /// One-time codes.
    pub codes: Arc<dyn Codes>,
    /// Who wants to be told of what.
    pub subscriptions: Arc<dyn Subscriptions>,
    /// Who does not want to be sent what.
    pub preferences: Arc<dyn ContactPreferences>,
    /// What is linked by consent.
    pub links: Arc<dyn Links>,
    /// What was asked before.
    pub requests: Arc<dyn Requests>,
    /// What was said before.
    pub conversations: Arc<dyn Conversations>,
    /// Where texts that were not understood go; `None` where nobody learns.
    pub misses: Option<Arc<dyn Misses>>,
    /// What goes out without being the answer.
    pub outbox: Arc<dyn Outbox>,
    /// What puts it into words; `None` where no road leads to phones.
    pub notifier: Option<Arc<dyn Notifier>>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness for answer codes.
    pub randomness: Arc<dyn Randomness>,
    /// The key of the hashes in audit and proofs.
    pub hash_key: HashKey,
    /// Provinces and agencies.
    pub agencies: Arc<AgencyDirectory>,
    /// Working days.
    pub calendar: Arc<WorkingCalendar>,
    /// What citizens think of how a dossier was handled; `None`: it is not taken.
    pub ratings: Option<Arc<dyn Ratings>>,
    /// Queues of centres; `None` where nobody waits in one.
    pub queue: Option<Arc<QueueDesk>>,
    /// Settings.
    pub rules: DeskRules,
}

/// The one place where a citizen's question becomes an answer: deduplicate,
/// admit, interpret, permit, answer, audit.
pub struct Desk {
    pub(super) parts: DeskParts,
}

/// Where an answer is in its making: what the audit will need of it.
pub(super) struct Trace {
    action: Option<Action>,
    sender: KeyedHash,
    disclosed: bool,
    replayed: bool,
    /// The language of the answer.
    pub(super) locale: Locale,
    /// What was said before; `None` where nothing is to be remembered.
    pub(super) conversation: Option<(KeyedHash, Conversation)>,
}

#[async_trait]
impl Answers for Desk {
    async fn handle(&self, request: Request) -> Answered {
        let mut trace = Trace {
            action: None,
            sender: request.sender.hash(&self.parts.hash_key),
            disclosed: false,
            replayed: false,
            locale: request.locale,
            conversation: None,
        };
        let outcome = self.answer(&request, &mut trace).await;
        self.forget_if_it_may_come_again(&request, &outcome).await;
        let answered = Answered {
            code: AnswerCode::from_bits(self.parts.randomness.next_u64()),
            notices: self.parts.notices.on(request.channel, request.received_at),
            action: trace.action.take(),
            locale: trace.locale,
            outcome,
        };
        let answered = self.audit(&request, answered, &trace).await;
        self.remember(&request, &answered, trace.conversation.take()).await;
        answered
    }
}

impl Desk {
    /// A Desk of these parts.
    pub const fn new(parts: DeskParts) -> Self {
        Self { parts }
    }

    async fn answer(&self, request: &Request, trace: &mut Trace) -> Result<Reply, Refusal> {
        if self.is_replay(request).await {
            trace.replayed = true;
            return Ok(Reply::AlreadyAnswered);
        }
        let keys = LimitKeys { sender: &request.sender, device: request.device.as_ref(), address: request.address };
        // Before anything is understood or asked: a flood buys no work.
        // Whoever wants to be left alone is always heard, and needs no thread.
        if !matches!(&request.content, Content::Action(Action::OptOut { .. } | Action::Unsubscribe { .. })) {
            self.admit(keys, LimitedAction::Any, request)?;
            if matches!(&request.content, Content::Text(_)) {
                self.admit(keys, LimitedAction::FreeText, request)?;
            }
            self.recall(request, trace).await;
        }
        let (action, was_text) = match &request.content {
            Content::Action(action) => (action.clone(), false),
            Content::Text(words) => match self.interpret(words, request, trace) {
                Interpretation::Act(action) => (action, true),
                Interpretation::Ask(question) => {
                    self.asked_back(&question, request, trace);
                    return Ok(Reply::Question(question));
                }
                Interpretation::NotUnderstood => return self.not_understood(request, trace),
            },
        };
        trace.action = Some(action.clone());
        match action.limited() {
            LimitedAction::Any => {}
            limited => self.admit(keys, limited, request)?,
        }
        match action {
            Action::TrackDossier { number } => self.track(request, keys, &number).await,
            Action::DiscloseDossier { number, proof } => {
                if let Some(elsewhere) = self.elsewhere(&number, local_date(request.received_at)) {
                    return Ok(elsewhere);
                }
                let delay = self.admit_dossier(keys, &number, request)?;
                let disclosure = Disclosure { desk: self, request, number: &number, proof: &proof, delay };
                let reply = disclosure.run(keys).await?;
                trace.disclosed = true;
                Ok(Reply::Disclosed(Box::new(reply)))
            }
            Action::FindProcedures { query, focus } => match self.find(&query, focus, was_text, request) {
                Err(refusal) if refusal.kind == RefusalKind::NotUnderstood => self.not_understood(request, trace),
                found => found,
            },
            Action::ShowProcedure { code, focus, also } => self.show(&code, focus, &also, request),
            Action::ListAgencies => {
                let today = local_date(request.received_at);
                Ok(Reply::Agencies(self.parts.agencies.agencies_on(today).cloned().collect()))
            }
            Action::SendCode { number } => self.send_code(request, keys, &number).await,
            Action::Subscribe { number, proof, words } => {
                let reply = self.subscribe(request, keys, &number, proof.as_ref(), &words).await?;
                trace.disclosed = true;
                Ok(reply)
            }
            Action::Unsubscribe { number } => self.unsubscribe(request, number.as_ref()).await,
            Action::OptOut { category, words } => self.opt_out(request, category, &words).await,
            Action::OptIn { category, words } => self.opt_in(request, category, &words).await,
            Action::More => Ok(Reply::More),
            Action::Help => Ok(Reply::Help),
            Action::OpeningHours => Ok(Reply::OpeningHours(self.hours(request))),
            Action::TalkToPerson | Action::Complain => Ok(self.person(request, false)),
            Action::LeaveLine if self.has_officers(request) => Ok(Reply::LeftLine),
            Action::CallBack { phone } if self.has_officers(request) => Ok(Reply::CallbackNoted { phone }),
            Action::LeaveLine | Action::CallBack { .. } => Ok(self.person(request, false)),
            Action::Link(action) => self.link(request, action, trace.locale).await,
            Action::MyRequests => self.my_requests(request).await,
            Action::Unreadable => Ok(Reply::OnlyText),
            Action::QueueNow { site } => self.queue_now(request, site.as_deref()).await,
            Action::TakeTicket { wish } => self.take_ticket(request, wish.as_deref()).await,
            Action::TicketPlace { code } => self.ticket_place(request, &code).await,
            Action::Rate if self.parts.ratings.is_some() => Ok(Reply::RateHow { officers: self.has_officers(request) }),
            Action::Rate => Ok(self.not_yet(request, Service::Rating)),
            Action::RateDossier { number, given, proof } => {
                let rated = Rated { number: &number, given: given.as_deref(), proof: proof.as_ref() };
                self.rate(request, keys, rated).await
            }
            Action::Pay => Ok(self.not_yet(request, Service::Payment)),
            Action::Greet => Ok(Reply::Greeting),
            Action::Thank => Ok(Reply::Thanks),
            Action::TurnAway { topic } => Ok(Reply::TurnedAway { topic, hotline: self.parts.rules.hotline.clone() }),
        }
    }

    async fn is_replay(&self, request: &Request) -> bool {
        let Some(message_id) = &request.message_id else { return false };
        let first =
            self.parts.dedupe.first_time(request.channel, &request.provider, message_id, request.received_at).await;
        first.map_or_else(
            |problem| {
                // Better a public answer twice than none: a private one needs
                // the database anyway and will be refused without it.
                tracing::warn!(request = request.id.as_str(), %problem, "replay not checked");
                false
            },
            |first| !first,
        )
    }

    /// A provider sends a message again when it was refused for now: that is
    /// the same question, not a replay of an answer.
    async fn forget_if_it_may_come_again(&self, request: &Request, outcome: &Result<Reply, Refusal>) {
        let (Some(message_id), Err(refusal)) = (&request.message_id, outcome) else { return };
        if !refusal.retryable() {
            return;
        }
        if let Err(problem) = self.parts.dedupe.forget(request.channel, &request.provider, message_id).await {
            tracing::warn!(request = request.id.as_str(), %problem, "refused message not forgotten");
        }
    }

    fn admit(&self, keys: LimitKeys<'_>, action: LimitedAction, request: &Request) -> Result<(), Refusal> {
        match self.parts.limiter.admit(keys, action, request.received_at) {
            Ok(_) => Ok(()),
            Err(TooMany { retry_after, .. }) => {
                Err(Refusal { kind: RefusalKind::TooMany, retry_after: Some(retry_after) })
            }
        }
    }

    pub(super) fn admit_dossier(
        &self,
        keys: LimitKeys<'_>,
        number: &DossierNumber,
        request: &Request,
    ) -> Result<Duration, Refusal> {
        match self.parts.limiter.admit_dossier(keys, number, request.received_at) {
            Ok(admission) => Ok(admission.delay),
            Err(TooMany { retry_after, .. }) => {
                Err(Refusal { kind: RefusalKind::TooManyDossiers, retry_after: Some(retry_after) })
            }
        }
    }

    pub(super) fn elsewhere(&self, number: &DossierNumber, today: Date) -> Option<Reply> {
        match self.parts.agencies.standing(number, today) {
            Standing::Served => None,
            Standing::Elsewhere { authority, ask_at } => {
                Some(Reply::Elsewhere(ElsewhereReply { number: number.clone(), authority, ask_at }))
            }
        }
    }

    async fn track(&self, request: &Request, keys: LimitKeys<'_>, number: &DossierNumber) -> Result<Reply, Refusal> {
        if let Some(elsewhere) = self.elsewhere(number, local_date(request.received_at)) {
            return Ok(elsewhere);
        }
        let delay = self.admit_dossier(keys, number, request)?;
        if !delay.is_zero() {
            // An unusual rate for this agency and day: everybody waits a
            // little, nobody is refused.
            self.parts.clock.sleep(delay.min(self.left(request))).await;
        }
        let found = self.within(request, self.parts.portal.dossier(number, request.deadline)).await?;
        match found.map_err(|problem| self.portal_refused(request, &problem))? {
            Some(known) => Ok(Reply::Dossier(self.tracking(request).public(&known))),
            None if self.may_not_have_arrived(number, request) => {
                self.parts.limiter.forgive_dossier(keys, number);
                Err(Refusal { kind: RefusalKind::DossierTooNew, retry_after: Some(Duration::from_secs(6 * 3_600)) })
            }
            None => Err(Refusal::of(RefusalKind::DossierNotFound)),
        }
    }

    pub(super) fn tracking(&self, request: &Request) -> Tracking<'_> {
        self.tracking_at(request.received_at)
    }

    pub(super) fn tracking_at(&self, now: Timestamp) -> Tracking<'_> {
        Tracking {
            rules: &self.parts.rules,
            catalogue: self.parts.catalogue.as_ref(),
            agencies: &self.parts.agencies,
            calendar: &self.parts.calendar,
            now,
        }
    }

    pub(super) fn may_not_have_arrived(&self, number: &DossierNumber, request: &Request) -> bool {
        let today = local_date(request.received_at);
        number.received_on().is_some_and(|day| {
            day.until(today)
                .is_ok_and(|span| (0..=self.parts.rules.not_arrived_days).contains(&i64::from(span.get_days())))
        })
    }

    pub(super) fn portal_refused(&self, request: &Request, problem: &PortalError) -> Refusal {
        tracing::warn!(request = request.id.as_str(), %problem, "portal gave no answer");
        let kind = match problem.fault {
            PortalFault::TimedOut(_) => RefusalKind::TooLate,
            _ => RefusalKind::PortalDown,
        };
        Refusal { kind, retry_after: Some(self.parts.rules.portal_retry_after) }
    }

    fn find(
        &self,
        query: &ProcedureQuery,
        focus: Focuses,
        was_text: bool,
        request: &Request,
    ) -> Result<Reply, Refusal> {
        let page = self.parts.catalogue.find(query);
        if was_text {
            // A person asked: one clear answer beats a list, and an empty
            // list is no answer.
            if page.hits.is_empty() {
                return Err(Refusal::of(RefusalKind::NotUnderstood));
            }
            if let (true, Some(best)) = (page.clear, page.hits.first()) {
                return Ok(Reply::Procedure(ProcedureReply {
                    procedure: Arc::clone(&best.procedure),
                    focus,
                    also: page.hits.iter().skip(1).take(ALSO).map(|hit| Arc::clone(&hit.procedure)).collect(),
                    today: local_date(request.received_at),
                }));
            }
        }
        Ok(Reply::Procedures(ProceduresReply { page, query: query.text.as_str().into() }))
    }

    fn show(
        &self,
        code: &ProcedureCode,
        focus: Focuses,
        also: &[ProcedureCode],
        request: &Request,
    ) -> Result<Reply, Refusal> {
        let procedure =
            self.parts.catalogue.procedure(code).ok_or_else(|| Refusal::of(RefusalKind::ProcedureNotFound))?;
        let today = local_date(request.received_at);
        let also = also.iter().take(ALSO).filter_map(|other| self.parts.catalogue.procedure(other)).collect();
        Ok(Reply::Procedure(ProcedureReply { procedure, focus, also, today }))
    }

    /// Time left until the channel gives up.
    pub(super) fn left(&self, request: &Request) -> Duration {
        let left = request.deadline.duration_since(self.parts.clock.now());
        Duration::try_from(left.max(SignedDuration::ZERO)).unwrap_or_default()
    }

    /// Runs a call within the request's deadline.
    pub(super) async fn within<T>(&self, request: &Request, call: impl Future<Output = T>) -> Result<T, Refusal> {
        let late = Refusal { kind: RefusalKind::TooLate, retry_after: Some(self.parts.rules.portal_retry_after) };
        self.at_most(self.left(request), call).await.ok_or(late)
    }

    /// Runs a call for so long at most. One that is ready at once, as a cached
    /// answer is, costs no timer.
    pub(super) async fn at_most<T>(&self, span: Duration, call: impl Future<Output = T>) -> Option<T> {
        let mut call = pin!(call);
        if let std::task::Poll::Ready(value) = futures::poll!(call.as_mut()) {
            return Some(value);
        }
        match select(call, self.parts.clock.sleep(span)).await {
            Either::Left((value, _)) => Some(value),
            Either::Right(_) => None,
        }
    }

    async fn audit(&self, request: &Request, mut answered: Answered, trace: &Trace) -> Answered {
        let row = self.row(request, &answered, trace);
        let written = if trace.disclosed {
            // Rule 8: the row is on disk before the answer leaves.
            self.parts.audit.commit(row).await
        } else {
            match self.parts.audit.try_record(row) {
                Ok(()) => Ok(()),
                Err(row) => self.record_soon(*row).await,
            }
        };
        if let Err(problem) = written {
            tracing::error!(request = request.id.as_str(), %problem, "audit row not written");
            let retry_after = Some(self.parts.rules.portal_retry_after);
            answered.outcome = Err(Refusal { kind: RefusalKind::Internal, retry_after });
        }
        answered
    }

    /// Waits a little for a place in the audit's full queue.
    async fn record_soon(&self, row: AuditRow) -> Result<(), AuditError> {
        let patience = self.parts.clock.sleep(self.parts.rules.audit_wait);
        match select(self.parts.audit.record(row), patience).await {
            Either::Left((written, _)) => written,
            Either::Right(_) => Err(AuditError("the queue is full".into())),
        }
    }

    fn row(&self, request: &Request, answered: &Answered, trace: &Trace) -> AuditRow {
        let outcome = match &answered.outcome {
            _ if trace.replayed => Outcome::Replayed,
            Err(_) => Outcome::Refused,
            Ok(Reply::Disclosed(_)) => Outcome::Disclosed,
            Ok(Reply::Dossier(reply)) if reply.age.stale => Outcome::AnsweredStale,
            Ok(_) => Outcome::Answered,
        };
        let dossier = answered.action.as_ref().and_then(Action::number).map(|number| self.dossier_hash(number));
        AuditRow {
            at: request.received_at,
            request_id: request.id.clone().into_inner(),
            channel: request.channel,
            provider: request.provider.clone(),
            action: answered.action.as_ref().map_or("free_text", Action::key),
            outcome,
            locale: answered.locale,
            sender: trace.sender,
            dossier,
            key_id: self.parts.hash_key.id().into(),
            answer_code: answered.code,
            said: answered.said().into_inner(),
            elapsed_us: elapsed_us(request.received_at, self.parts.clock.now()),
        }
    }

    pub(super) fn dossier_hash(&self, number: &DossierNumber) -> KeyedHash {
        self.parts.hash_key.hash("dossier", number.as_str())
    }
}

fn elapsed_us(from: Timestamp, to: Timestamp) -> u32 {
    let micros = to.as_microsecond().saturating_sub(from.as_microsecond());
    u32::try_from(micros.max(0)).unwrap_or(u32::MAX)
}
