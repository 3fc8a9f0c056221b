//! What is more than one question: the thread of a conversation, and what is
//! said where nothing was understood.

use std::future::Future;
use std::sync::Arc;

use jiff::Timestamp;

use super::service::{Desk, Trace};
use super::{
    Answered, Content, Conversation, DeskHours, NotYetReply, PersonReply, Question, QuestionKind, Refusal, RefusalKind,
    Reply, Request, Service,
};
use crate::domain::{OpeningHours, WorkingCalendar, local_date, local_datetime};
use crate::ports::{Heard, Interpretation, KeyedHash, MissKind, NewMiss, StoreError, Understood};
use crate::text;

/// Free text is read up to this many characters; the rest says nothing new.
const TEXT_LIMIT: usize = 2_000;

/// Of what was not understood so many characters are kept: names cannot be
/// recognised, so there is little room for them.
const MISS_LIMIT: usize = 200;

impl Desk {
    pub(super) fn interpret(&self, words: &str, request: &Request, trace: &mut Trace) -> Interpretation {
        let end = words.char_indices().nth(TEXT_LIMIT).map_or(words.len(), |(place, _)| place);
        let text = text::nfc(words.get(..end).unwrap_or(words));
        let before =
            trace.conversation.as_ref().map(|(_, conversation)| conversation).filter(|before| before.turns > 0);
        let heard = Heard { text: &text, locale: trace.locale, today: local_date(request.received_at), before };
        let Understood { meaning, locale: said_in } = self.parts.interpreter.interpret(&heard);
        trace.locale = said_in.unwrap_or(trace.locale);
        meaning
    }

    /// Said once, and the second time a person is offered: nobody is held in a
    /// loop.
    pub(super) fn not_understood(&self, request: &Request, trace: &Trace) -> Result<Reply, Refusal> {
        let before = trace.conversation.as_ref().map_or(0, |(_, conversation)| conversation.misunderstood);
        if before.saturating_add(1) >= self.parts.rules.conversations.person_after && trace.conversation.is_some() {
            self.missed(MissKind::AfterMisunderstandings, request, trace);
            return Ok(self.person(request, true));
        }
        self.missed(MissKind::NotUnderstood, request, trace);
        Err(Refusal::of(RefusalKind::NotUnderstood))
    }

    /// Which procedure is meant had to be asked. (What is asked of a dossier's
    /// number is no matter of words.)
    pub(super) fn asked_back(&self, question: &Question, request: &Request, trace: &Trace) {
        if matches!(question.kind, QuestionKind::WhichProcedure | QuestionKind::ProcedureMissing) {
            self.missed(MissKind::AskedBack, request, trace);
        }
    }

    /// Hands the words to those who teach, masked before they leave the Desk. It
    /// takes no time of the answer's.
    fn missed(&self, kind: MissKind, request: &Request, trace: &Trace) {
        let (Some(misses), Content::Text(words)) = (&self.parts.misses, &request.content) else { return };
        // Masked first: a figure that is cut short would not be known any more.
        let masked = text::mask_figures(&text::clean(words, TEXT_LIMIT));
        let text = text::truncate_graphemes(&masked, MISS_LIMIT).into_owned();
        if !text.is_empty() {
            let (channel, locale, at) = (request.channel, trace.locale, request.received_at);
            misses.record_miss(NewMiss { kind, text, channel, locale, at });
        }
    }

    /// What was said before, and the language to go on in. A store that does not
    /// answer costs the thread of the conversation, never the answer.
    pub(super) async fn recall(&self, request: &Request, trace: &mut Trace) {
        let Some(id) = &request.conversation else { return };
        let hash = id.hash(request, &self.parts.hash_key);
        let recalled = self.parts.conversations.recall(hash, request.received_at);
        match self.in_good_time(request, recalled).await {
            Ok(conversation) => {
                let conversation = conversation.unwrap_or_default();
                trace.locale = conversation.goes_on_in(request);
                trace.conversation = Some((hash, conversation));
            }
            Err(problem) => {
                tracing::warn!(request = request.id.as_str(), %problem, "conversation not recalled");
            }
        }
    }

    pub(super) async fn remember(
        &self,
        request: &Request,
        answered: &Answered,
        before: Option<(KeyedHash, Conversation)>,
    ) {
        let Some((hash, mut conversation)) = before else { return };
        conversation.goes_on(request, answered);
        let kept_for = self.parts.rules.conversations.remembered_for;
        let until = request.received_at.checked_add(kept_for).unwrap_or(Timestamp::MAX);
        let remembered = self.parts.conversations.remember(hash, &conversation, until);
        if let Err(problem) = self.in_good_time(request, remembered).await {
            tracing::warn!(request = request.id.as_str(), %problem, "conversation not remembered");
        }
    }

    /// No answer hangs on the memory of its conversation.
    async fn in_good_time<T>(
        &self,
        request: &Request,
        call: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        let patience = self.parts.rules.audit_wait.min(self.left(request) / 2);
        self.at_most(patience, call).await.unwrap_or_else(|| Err(StoreError("it takes too long".into())))
    }

    /// The way to a person: over the channel itself where officers answer there
    /// (the channel knows whether one is in reach), else by telephone.
    pub(super) fn person(&self, request: &Request, after_misunderstandings: bool) -> Reply {
        let (hours, callback) = (self.hours(request), self.has_officers(request));
        Reply::Person(PersonReply { after_misunderstandings, hours, callback })
    }

    /// Whether an officer can take this conversation over.
    pub(super) fn has_officers(&self, request: &Request) -> bool {
        self.parts.rules.officers && request.channel.has_officers()
    }

    pub(super) fn not_yet(&self, request: &Request, service: Service) -> Reply {
        let officers = self.has_officers(request);
        Reply::NotYet(NotYetReply { service, hotline: self.parts.rules.hotline.clone(), officers })
    }

    /// When the desks are open, as seen from the request.
    pub(super) fn hours(&self, request: &Request) -> DeskHours {
        DeskHours::at(&self.parts.calendar, self.parts.rules.hotline.clone(), request.received_at)
    }
}

impl DeskHours {
    /// The desks' hours as seen from a moment.
    pub fn at(calendar: &WorkingCalendar, hotline: Option<Arc<str>>, moment: Timestamp) -> Self {
        let hours = OpeningHours::of(calendar);
        // Who asks for a person in the last instant still gets one.
        let open_now = hours.is_in_time(moment);
        let opens_at = hours.opens_after(moment).filter(|_| !open_now).map(local_datetime);
        Self {
            sessions: calendar.hours().into(),
            week: calendar.working_week(),
            saturday_mornings: calendar.saturday_mornings(),
            open_now,
            opens_at,
            opens_today: open_now || opens_at.is_some_and(|at| at.date() == local_date(moment)),
            hotline,
        }
    }
}
