//! Where a dossier is.

use std::borrow::Cow;

use gateway_core::desk::{Age, DisclosedReply, DossierReply, Lateness, NextStep};
use gateway_core::domain::{Phase, ReasonKind, local_date};
use jiff::civil::Date;

use super::dialogue::contact;
use super::sheet::Sheet;
use super::{MOST_OF_A_DENSE_NAME, MOST_OF_A_NAME, MOST_OF_A_TEXT, Scribe};
use crate::clean::clean;
use crate::keys::{self, Key};
use crate::locales::Arg;
use crate::medium::Voice;
use crate::names::{agency_of, procedure_of};
use crate::teller::Teller;

/// The sentences of the public view, each by itself. Nothing in here comes
/// from anything but the reply's open fields.
#[derive(Clone, Copy)]
pub(crate) struct DossierWords<'a> {
    pub(crate) teller: Teller<'a>,
    pub(crate) reply: &'a DossierReply,
    /// The agency's own words on what is missing follow below; they may name a
    /// deadline.
    words_below: bool,
}

impl<'a> DossierWords<'a> {
    pub(crate) const fn new(teller: Teller<'a>, reply: &'a DossierReply) -> Self {
        Self { teller, reply, words_below: false }
    }

    /// The same where the owner's part stands below.
    fn above(self, private: Option<&DisclosedReply>) -> Self {
        let asks = |private: &DisclosedReply| {
            source_words(private.reason.as_deref()).is_some() || missing_papers(private).next().is_some()
        };
        Self { words_below: private.is_some_and(asks), ..self }
    }

    fn phase(&self) -> Phase {
        self.reply.dossier.status.phase
    }

    /// The source's own text of a status that we do not know.
    fn source_text(&self) -> Option<Cow<'a, str>> {
        let most = if self.teller.voice == Voice::Dense { MOST_OF_A_DENSE_NAME } else { MOST_OF_A_NAME };
        let text = clean(self.reply.dossier.status.source_text.as_deref()?, most);
        (!text.is_empty()).then_some(text)
    }

    /// The status in few words.
    pub(crate) fn status(&self) -> String {
        if self.phase() == Phase::Other
            && let Some(text) = self.source_text()
        {
            return text.into_owned();
        }
        self.teller.say(keys::phase(&self.phase()), &[])
    }

    /// The status as a sentence, at the end of a text.
    pub(crate) fn put_situation(&self, out: &mut String) {
        let key = keys::situation(&self.phase());
        if self.phase() != Phase::Other {
            return self.teller.also(out, key, &[]);
        }
        match self.source_text() {
            Some(text) => self.teller.also(out, key, &[("text", Arg::Text(&text))]),
            None => self.teller.also(out, keys::situation(&Phase::Other), &[("text", Arg::Text(&self.status()))]),
        }
    }

    /// Where it lies now.
    pub(crate) fn agency(&self) -> Option<Cow<'a, str>> {
        let name = clean(agency_of(self.reply, self.teller.book.locale)?, MOST_OF_A_NAME);
        let name = match self.teller.voice {
            Voice::Dense => Cow::Owned(self.teller.book.conventions.shorthand.shorten(&name)),
            _ => name,
        };
        (!name.is_empty()).then_some(name)
    }

    /// The procedure's name, or that it is withheld.
    pub(crate) fn procedure(&self) -> Option<Cow<'a, str>> {
        // Where the catalogue has no short name it is the source's long one.
        let most = if self.teller.voice == Voice::Dense { MOST_OF_A_DENSE_NAME } else { MOST_OF_A_NAME };
        let name = clean(procedure_of(self.reply, self.teller.book.locale)?, most);
        (!name.is_empty()).then_some(name)
    }

    /// Late, on time, or what it waits for.
    pub(crate) fn put_lateness(&self, out: &mut String) {
        let teller = self.teller;
        let days = |days: u32| ("days", Arg::from(days));
        match self.reply.lateness {
            Lateness::Due { on, working_days } => {
                let date = teller.date(on);
                teller.also(out, keys::DUE, &[("date", Arg::Text(&date)), days(working_days)]);
            }
            Lateness::Overdue { since, working_days } => {
                let date = teller.date(since);
                teller.also(out, keys::OVERDUE, &[("date", Arg::Text(&date)), days(working_days)]);
            }
            Lateness::FinishedLate { due, finished, working_days } => {
                let (due, finished) = (teller.date(due), teller.date(finished));
                let args = [("finished", Arg::Text(&finished)), ("due", Arg::Text(&due)), days(working_days)];
                teller.also(out, keys::FINISHED_LATE, &args);
            }
            Lateness::FinishedInTime => teller.also(out, keys::FINISHED_IN_TIME, &[]),
            Lateness::ClockStands | Lateness::NotPublished => {
                if let Some(key) = self.waiting_key() {
                    teller.also(out, key, &[]);
                }
            }
        }
    }

    /// Where it lies now, as a sentence; of one that has left, who handled it.
    fn place_key(&self) -> Key {
        let left =
            matches!(self.phase(), Phase::Withdrawn | Phase::Returned) || self.reply.next_step == NextStep::WaitForPost;
        if left { keys::DOSSIER_HANDLED_BY } else { keys::DOSSIER_PLACE }
    }

    /// What a dossier without a running clock waits for.
    fn waiting_key(&self) -> Option<Key> {
        Some(match self.phase() {
            Phase::Registered => keys::DUE_AFTER_ACCEPTANCE,
            // It goes to another agency: this one waits for nothing.
            Phase::Refused if self.reply.next_step == NextStep::HandInElsewhere => return None,
            // No clock is paused here, and a deadline may stand below.
            Phase::Refused | Phase::Stopped if self.words_below => return None,
            Phase::PapersRequested | Phase::PaymentRequested if self.words_below => keys::CLOCK_WORDS_BELOW,
            Phase::Accepted | Phase::InProgress if self.words_below && self.reply.lateness == Lateness::ClockStands => {
                keys::CLOCK_WORDS_BELOW
            }
            Phase::Refused => keys::CLOCK_REFUSED,
            Phase::PapersRequested => keys::CLOCK_PAPERS,
            Phase::PaymentRequested => keys::CLOCK_PAYMENT,
            Phase::Stopped => keys::CLOCK_STOPPED,
            Phase::Withdrawn | Phase::ResultReady | Phase::Returned => return None,
            Phase::Accepted | Phase::InProgress if self.reply.lateness == Lateness::ClockStands => keys::CLOCK_STANDS,
            Phase::Accepted | Phase::InProgress | Phase::Other => keys::DUE_NOT_PUBLISHED,
        })
    }

    /// When the result was handed over.
    pub(crate) fn put_returned_on(&self, out: &mut String) {
        if self.phase() == Phase::Returned
            && let Some(at) = self.reply.dossier.returned_at
        {
            let date = self.teller.date(local_date(at));
            self.teller.also(out, keys::DOSSIER_RETURNED_ON, &[("date", Arg::Text(&date))]);
        }
    }

    /// The kind of reason. A refused or stopped dossier always has one, if
    /// only that none was given.
    pub(crate) fn reason_kind(&self) -> Option<ReasonKind> {
        let always = matches!(self.phase(), Phase::Refused | Phase::Stopped);
        self.reply.dossier.reason_kind.or(always.then_some(ReasonKind::Unspecified))
    }

    /// Whether the status names the reason already (*waiting for papers*).
    fn status_says_why(&self) -> bool {
        matches!(
            (self.phase(), self.reply.dossier.reason_kind),
            (Phase::PapersRequested, Some(ReasonKind::PapersMissing))
                | (Phase::PaymentRequested, Some(ReasonKind::FeeDue))
                | (Phase::Withdrawn, Some(ReasonKind::AtRequest))
        )
    }

    pub(crate) fn reason(&self) -> Option<String> {
        let reason = self.teller.say(keys::reason(&self.reason_kind()?), &[]);
        Some(self.teller.say(keys::DOSSIER_REASON, &[("reason", Arg::Text(&reason))]))
    }

    /// What to do; for a refused dossier by the kind of its reason.
    pub(crate) fn next_step(&self) -> String {
        let step = self.reply.next_step;
        let key = match (step, self.reply.dossier.reason_kind) {
            (NextStep::MendAndResubmit, Some(ReasonKind::PapersMissing)) => keys::MEND_PAPERS,
            (NextStep::MendAndResubmit, Some(ReasonKind::FeeDue)) => keys::MEND_FEE,
            (NextStep::MendAndResubmit, Some(ReasonKind::ConditionsNotMet)) => keys::MEND_CONDITIONS,
            _ => keys::next_step(&step),
        };
        self.teller.say(key, &[])
    }

    /// Whether the next step is to speak to somebody: then how to reach them
    /// must be said.
    pub(crate) const fn needs_a_person(&self) -> bool {
        matches!(
            self.reply.next_step,
            NextStep::AskAgency
                | NextStep::AskReason
                | NextStep::AskMeaning
                | NextStep::MendAndResubmit
                | NextStep::HandInElsewhere
        )
    }

    /// How to reach a person; `place` is the reply's contact as the medium can
    /// say it.
    pub(crate) fn contact(&self, place: Option<&str>) -> Option<String> {
        match place.filter(|place| !place.is_empty()) {
            Some(place) => Some(self.teller.say(keys::CONTACT, &[("contact", Arg::Text(place))])),
            None if self.needs_a_person() => Some(self.teller.say(keys::CONTACT_UNKNOWN, &[])),
            None => None,
        }
    }

    pub(crate) fn age(&self) -> String {
        let Age { as_of, stale, .. } = self.reply.age;
        let key = if stale { keys::AGE_STALE } else { keys::AGE_FRESH };
        let moment = self.teller.moment(as_of);
        self.teller.say(key, &[("moment", Arg::Text(&moment))])
    }

    pub(crate) fn see_more(&self) -> Option<String> {
        self.reply.more_with_proof.then(|| self.teller.say(keys::DOSSIER_SEE_MORE, &[]))
    }

    /// The same with the very words to send, for those who type or speak.
    fn see_more_how(&self) -> Option<String> {
        let number = self.reply.dossier.number.as_str();
        self.reply
            .more_with_proof
            .then(|| self.teller.say(keys::DOSSIER_SEE_MORE_HOW, &[("number", Arg::Text(number))]))
    }

    /// Status, place and time in sentences.
    pub(crate) fn summary(&self) -> String {
        let mut lateness = String::with_capacity(160);
        self.put_lateness(&mut lateness);
        self.summary_with(&lateness)
    }

    /// The same around a sentence of time that is at hand.
    pub(crate) fn summary_with(&self, lateness: &str) -> String {
        let mut out = String::with_capacity(256);
        self.put_situation(&mut out);
        if let Some(agency) = self.agency() {
            self.teller.also(&mut out, self.place_key(), &[("agency", Arg::Text(&agency))]);
        }
        if !lateness.is_empty() {
            out.push(' ');
            out.push_str(lateness);
        }
        self.put_returned_on(&mut out);
        out
    }

    fn lateness(&self) -> String {
        let mut out = String::with_capacity(160);
        self.put_lateness(&mut out);
        self.put_returned_on(&mut out);
        out
    }

    fn procedure_line(&self) -> Option<String> {
        match self.procedure() {
            Some(name) => Some(self.teller.say(keys::DOSSIER_PROCEDURE, &[("name", Arg::Text(&name))])),
            None if self.reply.name_withheld => Some(self.teller.say(keys::DOSSIER_NAME_WITHHELD, &[])),
            None => None,
        }
    }

    pub(crate) fn name_withheld(&self) -> Option<String> {
        self.reply.name_withheld.then(|| self.teller.say(keys::DOSSIER_NAME_WITHHELD, &[]))
    }
}

/// The owner's part.
pub(crate) struct OwnerWords {
    pub(crate) name: Option<String>,
    pub(crate) reason: Option<String>,
    /// Lines of money, or that nothing is published.
    pub(crate) fees: Vec<String>,
    pub(crate) fees_missing: Option<String>,
    pub(crate) papers: Vec<String>,
    pub(crate) papers_missing: Option<String>,
}

/// A text of the source, if it says anything.
fn source_words(text: Option<&str>) -> Option<Cow<'_, str>> {
    text.map(|text| clean(text, MOST_OF_A_TEXT)).filter(|text| !text.is_empty())
}

/// The papers that are asked for by name, and since when.
fn missing_papers(private: &DisclosedReply) -> impl Iterator<Item = (Cow<'_, str>, Option<Date>)> {
    private.missing_papers.iter().filter_map(|paper| Some((source_words(Some(&paper.what))?, paper.asked_on)))
}

/// The owner's part, each line by itself.
pub(crate) fn owner_words(teller: Teller<'_>, private: &DisclosedReply) -> OwnerWords {
    let phase = private.public.dossier.status.phase;
    let name = source_words(private.masked_name.as_deref())
        .map(|name| teller.say(keys::PRIVATE_NAME, &[("name", Arg::Text(&name))]));
    let reason = match source_words(private.reason.as_deref()) {
        Some(reason) => Some(teller.say(keys::PRIVATE_REASON, &[("reason", Arg::Text(&reason))])),
        None if matches!(phase, Phase::Refused | Phase::Stopped) => Some(teller.say(keys::PRIVATE_REASON_MISSING, &[])),
        None => None,
    };
    let fees: Vec<String> = private
        .fees
        .iter()
        .map(|fee| {
            let (name, amount) = (clean(&fee.name, MOST_OF_A_NAME), teller.money(fee.amount));
            teller.say(keys::PRIVATE_FEE, &[("name", Arg::Text(&name)), ("amount", Arg::Text(&amount))])
        })
        .collect();
    let papers: Vec<String> = missing_papers(private)
        .map(|(what, asked_on)| match asked_on {
            Some(day) => {
                let date = teller.date(day);
                let args = [("what", Arg::Text(&what)), ("date", Arg::Text(&date))];
                teller.say(keys::PRIVATE_PAPER_DATED, &args)
            }
            None => teller.say(keys::PRIVATE_PAPER, &[("what", Arg::Text(&what))]),
        })
        .collect();
    let fees_missing =
        (fees.is_empty() && phase == Phase::PaymentRequested).then(|| teller.say(keys::PRIVATE_FEES_MISSING, &[]));
    let papers_missing =
        (papers.is_empty() && phase == Phase::PapersRequested).then(|| teller.say(keys::PRIVATE_PAPERS_MISSING, &[]));
    OwnerWords { name, reason, fees, fees_missing, papers, papers_missing }
}

/// The whole answer.
pub(super) fn write(
    scribe: &Scribe<'_>,
    sheet: &mut Sheet<'_>,
    reply: &DossierReply,
    private: Option<&DisclosedReply>,
) {
    let words = DossierWords::new(scribe.teller(), reply).above(private);
    match scribe.medium.voice {
        Voice::Dense => write_dense(scribe, sheet, &words, private),
        Voice::Lines => write_lines(scribe, sheet, &words, private),
        Voice::Paragraphs | Voice::Spoken => write_sentences(scribe, sheet, &words, private),
    }
}

fn number(words: &DossierWords<'_>) -> String {
    let number = words.teller.code(words.reply.dossier.number.as_str());
    words.teller.say(keys::DOSSIER_NUMBER, &[("number", Arg::Text(&number))])
}

fn place(scribe: &Scribe<'_>, words: &DossierWords<'_>) -> Option<String> {
    words.reply.contact.as_deref().map(|place| contact(scribe, place))
}

fn write_lines(scribe: &Scribe<'_>, sheet: &mut Sheet<'_>, words: &DossierWords<'_>, private: Option<&DisclosedReply>) {
    let teller = words.teller;
    sheet.line(&number(words));
    if let Some(line) = words.procedure_line() {
        sheet.line(&line);
    }
    sheet.line(&teller.say(keys::DOSSIER_STATUS, &[("status", Arg::Text(&words.status()))]));
    if let Some(agency) = words.agency() {
        sheet.line(&teller.say(keys::DOSSIER_AGENCY, &[("agency", Arg::Text(&agency))]));
    }
    sheet.line(&words.lateness());
    write_reason(sheet, words, private);
    write_private(sheet, words, private);
    sheet.line(&teller.say(keys::DOSSIER_NEXT, &[("next", Arg::Text(&words.next_step()))]));
    if let Some(line) = words.contact(place(scribe, words).as_deref()) {
        sheet.line(&line);
    }
    if let Some(line) = words.see_more_how() {
        sheet.paragraph(&line);
    }
    sheet.foot(&words.age());
}

fn write_sentences(
    scribe: &Scribe<'_>,
    sheet: &mut Sheet<'_>,
    words: &DossierWords<'_>,
    private: Option<&DisclosedReply>,
) {
    sheet.paragraph(&number(words));
    if let Some(line) = words.procedure_line() {
        sheet.line(&line);
    }
    sheet.paragraph(&words.summary());
    write_reason(sheet, words, private);
    write_private(sheet, words, private);
    sheet.paragraph(&words.next_step());
    if let Some(line) = words.contact(place(scribe, words).as_deref()) {
        sheet.same(&line);
    }
    if let Some(line) = words.see_more_how() {
        sheet.paragraph(&line);
    }
    sheet.foot(&words.age());
}

/// What the house says by itself of a dossier: no more than anybody may see.
pub(super) fn write_moved(scribe: &Scribe<'_>, sheet: &mut Sheet<'_>, reply: &DossierReply) {
    let words = DossierWords::new(scribe.teller(), reply);
    if scribe.medium.voice == Voice::Dense {
        write_dense_facts(scribe, sheet, &words, None);
        if deadline_can_wait(&words) {
            sheet.nice(&words.lateness());
        }
        if let Some(line) = words.procedure_line() {
            sheet.nice(&line);
        }
    } else {
        write(scribe, sheet, reply, None);
    }
}

/// One SMS for every status: number, status, agency, time and what is to be
/// done; then what can wait, as long as it costs no part more.
fn write_dense(scribe: &Scribe<'_>, sheet: &mut Sheet<'_>, words: &DossierWords<'_>, private: Option<&DisclosedReply>) {
    write_dense_facts(scribe, sheet, words, private);
    let see_more = words.see_more_how();
    let can_wait = can_wait(words.reply.next_step);
    if let Some(line) = see_more.as_deref().filter(|_| !can_wait) {
        sheet.nice(line);
    }
    if let Some(line) = finished(words) {
        sheet.nice(&line);
    }
    if private.is_none() && deadline_can_wait(words) {
        sheet.nice(&words.lateness());
    }
    if let Some(line) = words.procedure_line() {
        sheet.nice(&line);
    }
    if can_wait {
        sheet.nice(&words.next_step());
    }
    if let Some(line) = see_more.as_deref().filter(|_| can_wait) {
        sheet.nice(line);
    }
    let place = place(scribe, words).filter(|place| !place.is_empty());
    if let Some(line) = place.as_deref().filter(|_| !asks(words.reply.next_step)) {
        sheet.nice(&words.teller.say(keys::CONTACT, &[("contact", Arg::Text(line))]));
    }
    if words.reply.age.stale {
        sheet.foot(&words.age());
    }
}

/// What is said in any case.
fn write_dense_facts(
    scribe: &Scribe<'_>,
    sheet: &mut Sheet<'_>,
    words: &DossierWords<'_>,
    private: Option<&DisclosedReply>,
) {
    let teller = words.teller;
    sheet.line(&number(words));
    let mut status = teller.say(keys::DOSSIER_STATUS, &[("status", Arg::Text(&words.status()))]);
    match words.agency() {
        Some(agency) => teller.also(&mut status, words.place_key(), &[("agency", Arg::Text(&agency))]),
        None => status.push('.'),
    }
    sheet.line(&status);
    let mut returned = String::new();
    words.put_returned_on(&mut returned);
    sheet.line(&returned);
    if finished(words).is_none() && !(private.is_none() && deadline_can_wait(words)) {
        let mut lateness = String::new();
        words.put_lateness(&mut lateness);
        sheet.line(&lateness);
    }
    if !words.status_says_why() {
        write_reason(sheet, words, private);
    }
    write_private(sheet, words, private);
    if asks(words.reply.next_step) {
        // Whom to ask is what to do.
        if let Some(line) = words.contact(place(scribe, words).as_deref()) {
            sheet.line(&line);
        }
    } else if !can_wait(words.reply.next_step) {
        sheet.line(&words.next_step());
    }
}

/// Whether nothing is to be done.
const fn can_wait(step: NextStep) -> bool {
    matches!(step, NextStep::WaitForCheck | NextStep::WaitForResult | NextStep::NothingReturned)
}

/// Whether what is to be done is to ask somebody.
const fn asks(step: NextStep) -> bool {
    matches!(step, NextStep::AskAgency | NextStep::AskReason | NextStep::AskMeaning)
}

/// What was refused or stopped has no clock: reason and what to do come first.
fn deadline_can_wait(words: &DossierWords<'_>) -> bool {
    matches!(words.phase(), Phase::Refused | Phase::Stopped)
}

/// That it was finished in time or late: it is over.
fn finished(words: &DossierWords<'_>) -> Option<String> {
    let mut out = String::new();
    if matches!(words.reply.lateness, Lateness::FinishedInTime | Lateness::FinishedLate { .. }) {
        words.put_lateness(&mut out);
    }
    (!out.is_empty()).then_some(out)
}

/// Its kind to everybody; in full to whoever has proved more, and then not
/// twice.
fn write_reason(sheet: &mut Sheet<'_>, words: &DossierWords<'_>, private: Option<&DisclosedReply>) {
    let in_full = private.is_some_and(|private| source_words(private.reason.as_deref()).is_some());
    if !in_full && let Some(line) = words.reason() {
        sheet.line(&line);
    }
}

fn write_private(sheet: &mut Sheet<'_>, words: &DossierWords<'_>, private: Option<&DisclosedReply>) {
    let Some(private) = private else { return };
    let teller = words.teller;
    let owner = owner_words(teller, private);
    if let Some(line) = &owner.name {
        sheet.line(line);
    }
    if let Some(line) = &owner.reason {
        sheet.line(line);
    }
    if !owner.papers.is_empty() {
        sheet.line(&teller.say(keys::PRIVATE_PAPERS, &[]));
    }
    for line in &owner.papers {
        sheet.item(line);
    }
    if let Some(line) = &owner.papers_missing {
        sheet.line(line);
    }
    if !owner.fees.is_empty() {
        sheet.line(&teller.say(keys::PRIVATE_FEES, &[]));
    }
    for line in &owner.fees {
        sheet.item(line);
    }
    if let Some(line) = &owner.fees_missing {
        sheet.line(line);
    }
}
