//! What a procedure needs, and lists of procedures.

use std::borrow::Cow;

use gateway_core::desk::{Action, Focus, Focuses, ProcedureReply, ProceduresReply};
use gateway_core::domain::{
    FeeReading, Locale, Method, PaperCase, PaperItem, Procedure, ProcessingTime, SubmissionChannel,
};
use gateway_core::text;
use jiff::civil::Date;

use super::dialogue::level_text;
use super::parts;
use super::sheet::Sheet;
use super::{ChoiceLabel, MOST_OF_A_NAME, MOST_OF_A_QUERY, MOST_OF_A_TEXT, Scribe};
use crate::clean::clean;
use crate::figures::sane;
use crate::keys;
use crate::locales::Arg;
use crate::medium::Voice;
use crate::names::procedure_name;
use crate::teller::Teller;
use crate::texts::{MethodTexts, PaperCaseTexts, ProcedureLists};

/// Words that make a note one of time, folded.
const WORDS_OF_TIME: [&str; 4] = ["ngay", "gio", "thoi han", "thang"];
/// Words that say that there is nothing to say, folded.
const NOTHING: [&str; 4] = ["khong", "khong co", "khong quy dinh", "khong yeu cau"];
/// Buttons that are kept for the other parts of the procedure.
const BUTTONS_FOR_PARTS: usize = 2;
/// Hits that an SMS or a voice lists.
const FEW_HITS: usize = 3;

/// The sentences of one procedure, each by itself.
#[derive(Clone, Copy)]
pub(crate) struct ProcedureWords<'a> {
    pub(crate) teller: Teller<'a>,
    pub(crate) procedure: &'a Procedure,
    /// The day of the answer: rates end on dates.
    pub(crate) today: Date,
}

impl<'a> ProcedureWords<'a> {
    pub(crate) fn channel(&self, channel: &SubmissionChannel) -> String {
        match channel {
            SubmissionChannel::Other(text) => {
                let text = clean(text, MOST_OF_A_NAME);
                self.teller.say(keys::submission(channel), &[("text", Arg::Text(&text))])
            }
            known => self.teller.say(keys::submission(known), &[]),
        }
    }

    /// How long it takes, as far as it is published.
    pub(crate) fn time(&self, time: &ProcessingTime) -> String {
        let not_published = || self.teller.say(keys::TIME_NOT_PUBLISHED, &[]);
        match time {
            ProcessingTime::NotPublished => not_published(),
            ProcessingTime::Published { amount, unit } => match sane(*amount) {
                Some(amount) => self.teller.say(keys::time(unit), &[("count", Arg::Amount(amount))]),
                None => not_published(),
            },
            // The unit is never guessed.
            ProcessingTime::UnitNotPublished { amount } => match sane(*amount) {
                Some(amount) => self.teller.say(keys::TIME_UNIT_NOT_PUBLISHED, &[("count", Arg::Amount(amount))]),
                None => not_published(),
            },
            ProcessingTime::Text(text) => clean(text, MOST_OF_A_TEXT).into_owned(),
        }
    }

    /// What may be said of the fee; the note is to stand beside it.
    pub(crate) fn fee(&self, method: &Method) -> String {
        let teller = self.teller;
        let reading = &method.fee.reading;
        let key = keys::fee(reading);
        match reading {
            FeeReading::SeeNote if self.note(method).is_none() => teller.say(keys::FEE_SEE_NOTE_MISSING, &[]),
            FeeReading::NotPublished | FeeReading::Free | FeeReading::SeeNote => teller.say(key, &[]),
            FeeReading::Text(text) => {
                let text = clean(text, MOST_OF_A_TEXT);
                teller.say(key, &[("text", Arg::Text(&text))])
            }
            FeeReading::Amount { amount, conditional, until } => {
                let money = teller.money(*amount);
                let key = if *conditional { keys::FEE_CONDITIONAL } else { key };
                let fee = teller.say(key, &[("amount", Arg::Text(&money))]);
                let Some(until) = until else { return fee };
                let date = teller.date(*until);
                let key = if *until < self.today { keys::FEE_ENDED } else { keys::FEE_UNTIL };
                teller.say(key, &[("fee", Arg::Text(&fee)), ("date", Arg::Text(&date))])
            }
        }
    }

    pub(crate) fn note(&self, method: &'a Method) -> Option<Cow<'a, str>> {
        let note = clean(method.note.as_deref()?, MOST_OF_A_TEXT);
        (!note.is_empty()).then_some(note)
    }

    pub(crate) fn levels(&self) -> Option<String> {
        let levels = self.procedure.levels.iter().map(|level| level_text(self.teller, level));
        let levels = join(self.teller, levels.filter(|level| !level.is_empty()))?;
        Some(self.teller.say(keys::PROCEDURE_LEVELS, &[("levels", Arg::Text(&levels))]))
    }

    pub(crate) fn results(&self) -> Option<String> {
        let results = join(self.teller, names(self.procedure.results.iter().map(|result| result.name.as_str())))?;
        Some(self.teller.say(keys::PROCEDURE_RESULTS, &[("results", Arg::Text(&results))]))
    }

    pub(super) fn applicants(&self) -> Option<String> {
        join(self.teller, names(self.procedure.applicants.iter().map(String::as_str)))
    }

    /// How it goes, line by line; empty where it is not published.
    pub(super) fn steps(&self) -> Vec<Cow<'a, str>> {
        lines(self.procedure.steps.as_deref())
    }

    /// On what conditions, line by line; empty where none are published.
    pub(super) fn conditions(&self) -> Vec<Cow<'a, str>> {
        lines(self.procedure.conditions.as_deref())
    }

    /// All of it, in lists.
    pub(crate) fn lists(&self) -> ProcedureLists {
        let own = |lines: Vec<Cow<'_, str>>| lines.into_iter().map(Cow::into_owned).collect();
        let levels = self.procedure.levels.iter().map(|level| level_text(self.teller, level));
        let way = |(channels, method): (Vec<&SubmissionChannel>, &'a Method)| MethodTexts {
            channel: join(self.teller, channels.into_iter().map(|channel| self.channel(channel))).unwrap_or_default(),
            time: self.time(&method.time),
            fee: self.fee(method),
            note: self.note(method).map(Cow::into_owned),
        };
        let papers = |(place, case, items): (usize, String, &[PaperItem])| PaperCaseTexts {
            case: Some(case).filter(|case| !case.is_empty()),
            items: items.iter().map(|item| self.paper(item, MOST_OF_A_TEXT)).collect(),
            place,
        };
        ProcedureLists {
            levels: levels.filter(|level| !level.is_empty()).collect(),
            ways: self.groups(Focus::Overview).into_iter().map(way).collect(),
            papers: self.placed_cases().into_iter().map(papers).collect(),
            steps: own(self.steps()),
            conditions: own(self.conditions()),
            results: names(self.procedure.results.iter().map(|result| result.name.as_str())).collect(),
            applicants: names(self.procedure.applicants.iter().map(String::as_str)).collect(),
            source: self.source(),
        }
    }

    /// Whether there is anything to tell of a part.
    fn publishes(&self, part: Focus) -> bool {
        match part {
            Focus::Overview => true,
            Focus::Papers => self.procedure.papers.iter().any(|case| !case.items.is_empty()),
            Focus::Fee | Focus::Time | Focus::Online => !self.procedure.methods.is_empty(),
            Focus::Where => !(self.procedure.methods.is_empty() && self.procedure.levels.is_empty()),
            Focus::Steps => !self.steps().is_empty(),
            Focus::Result => self.results().is_some(),
            Focus::Who => self.applicants().is_some() || !self.conditions().is_empty(),
        }
    }

    /// Who published it, and when it was taken.
    pub(crate) fn source(&self) -> String {
        let source = clean(&self.procedure.source, MOST_OF_A_NAME);
        match self.procedure.as_of {
            Some(day) => {
                let date = self.teller.date(day);
                self.teller.say(keys::PROCEDURE_SOURCE, &[("source", Arg::Text(&source)), ("date", Arg::Text(&date))])
            }
            None => self.teller.say(keys::PROCEDURE_SOURCE_UNDATED, &[("source", Arg::Text(&source))]),
        }
    }

    pub(crate) fn paper(&self, item: &PaperItem, most: usize) -> String {
        let name = clean(&item.name, most);
        let name = name.trim_end_matches([';', '.', ' ']);
        let (originals, copies) = (Arg::from(item.originals), Arg::from(item.copies));
        if item.is_note() {
            return self.teller.say(keys::PAPER_NOTE, &[("text", Arg::Text(name))]);
        }
        let name = ("name", Arg::Text(name));
        match (item.originals, item.copies) {
            (_, 0) => self.teller.say(keys::PAPER_ORIGINALS, &[name, ("originals", originals)]),
            (0, _) => self.teller.say(keys::PAPER_COPIES, &[name, ("copies", copies)]),
            _ => self.teller.say(keys::PAPER_BOTH, &[name, ("originals", originals), ("copies", copies)]),
        }
    }

    /// The note as far as it belongs to what was asked: with a time stands what
    /// speaks of time; with everything else stands every note.
    fn note_for(&self, method: &'a Method, focus: Focus) -> Option<Cow<'a, str>> {
        self.note(method).filter(|note| focus != Focus::Time || speaks_of_time(note))
    }

    pub(super) fn note_line(&self, method: &'a Method, focus: Focus) -> Option<String> {
        let note = self.note_for(method, focus)?;
        Some(self.teller.say(keys::NOTE, &[("note", Arg::Text(&note))]))
    }

    /// The cases that have papers or notes, the common one (it has no name)
    /// first.
    pub(super) fn cases(&self) -> Vec<(String, &'a [PaperItem])> {
        self.placed_cases().into_iter().map(|(_, case, items)| (case, items)).collect()
    }

    /// The same, each with its place in the procedure's own list.
    fn placed_cases(&self) -> Vec<(usize, String, &'a [PaperItem])> {
        let filled = self.procedure.papers.iter().enumerate().filter(|(_, case)| !case.items.is_empty());
        let mut cases: Vec<(usize, String, &[PaperItem])> = filled
            .map(|(place, PaperCase { case, items })| {
                let case = clean(case, MOST_OF_A_NAME);
                (place, case.trim_end_matches([':', ' ']).to_owned(), items.as_slice())
            })
            .collect();
        cases.sort_by_key(|(_, case, _)| !case.is_empty());
        cases
    }

    /// Methods that differ in nothing but the channel are said once; every
    /// condition that differs is said.
    pub(super) fn groups(&self, focus: Focus) -> Vec<(Vec<&'a SubmissionChannel>, &'a Method)> {
        let mut groups: Vec<(Vec<&SubmissionChannel>, &Method)> = Vec::new();
        for method in &self.procedure.methods {
            let like = groups.iter_mut().find(|(_, other)| {
                (focus == Focus::Where || other.time == method.time)
                    && (matches!(focus, Focus::Time | Focus::Where) || other.fee == method.fee)
                    && self.note_for(other, focus) == self.note_for(method, focus)
            });
            match like {
                Some((channels, _)) if channels.contains(&&method.channel) => {}
                Some((channels, _)) => channels.push(&method.channel),
                None => groups.push((vec![&method.channel], method)),
            }
        }
        groups
    }
}

/// The name for a button, a list or an SMS.
pub(super) fn short_name(procedure: &Procedure, locale: Locale) -> Cow<'_, str> {
    clean(procedure_name(procedure, locale), MOST_OF_A_NAME)
}

/// Names as they may be shown, without those that say nothing.
fn names<'t>(names: impl Iterator<Item = &'t str>) -> impl Iterator<Item = String> {
    names.filter(|name| !says_nothing(name)).map(|name| clean(name, MOST_OF_A_NAME).into_owned())
}

/// The lines of a long text as they may be shown.
fn lines(text: Option<&str>) -> Vec<Cow<'_, str>> {
    let text = text.filter(|text| !says_nothing(text)).unwrap_or_default();
    text.lines().map(|line| clean(line, MOST_OF_A_TEXT)).filter(|line| line.contains(char::is_alphanumeric)).collect()
}

/// Where there is nothing, sources write so: *Không*, *Không có thông tin*,
/// *Không quy định*. None of it says that nothing is asked for.
fn says_nothing(text: &str) -> bool {
    let folded = text::fold_words(text).join(" ");
    folded.is_empty() || NOTHING.contains(&folded.as_str()) || folded.starts_with("khong co thong tin")
}

/// Whether a note in Vietnamese speaks of time.
fn speaks_of_time(note: &str) -> bool {
    let folded = format!(" {} ", text::fold(note));
    WORDS_OF_TIME.iter().any(|word| folded.contains(&format!(" {word} ")))
}

pub(super) fn papers_in(items: &[PaperItem]) -> impl Iterator<Item = &PaperItem> {
    items.iter().filter(|item| !item.is_note())
}

/// One procedure; the choices are its other parts and what else may be meant.
pub(super) fn write(scribe: &Scribe<'_>, sheet: &mut Sheet<'_>, reply: &ProcedureReply) -> Vec<ChoiceLabel> {
    let words = ProcedureWords { teller: scribe.teller(), procedure: &reply.procedure, today: reply.today };
    write_title(scribe, sheet, &words);
    parts::write(scribe, sheet, &words, reply.focus);
    sheet.line(&words.source());
    write_url(scribe, sheet, &words, reply.focus);
    if scribe.medium.buttons == 0 && !reply.also.is_empty() {
        write_also(scribe, sheet, reply);
    }
    choices(scribe, &words, reply)
}

/// What else may be meant, then the other parts, most asked first: those that
/// this answer has not told already come before those that it has.
fn choices(scribe: &Scribe<'_>, words: &ProcedureWords<'_>, reply: &ProcedureReply) -> Vec<ChoiceLabel> {
    let most = scribe.most_choices();
    // Buttons leave room for the parts of what was most likely meant.
    let others = if scribe.medium.buttons == 0 { most } else { most.saturating_sub(BUTTONS_FOR_PARTS).max(1) };
    let mut choices: Vec<ChoiceLabel> = Vec::with_capacity(most);
    for other in reply.also.iter().take(others) {
        let action = Action::show(other.code.clone(), reply.focus);
        // The label names the procedure alone: the focus is understood.
        let mut choice = scribe.choice(&action, Some(&short_name(other, scribe.book.locale)));
        choice.label = short_name(other, scribe.book.locale).into_owned();
        choices.push(choice);
    }
    let told = |part: &Focus| {
        let brief = matches!(scribe.medium.voice, Voice::Dense | Voice::Spoken);
        reply.focus.is_overview() && !brief && matches!(part, Focus::Fee | Focus::Time | Focus::Where | Focus::Result)
    };
    let mut parts: Vec<Focus> =
        Focus::PARTS.into_iter().filter(|part| !reply.focus.has(*part) && words.publishes(*part)).collect();
    parts.sort_by_key(told);
    for focus in parts.into_iter().take(most.saturating_sub(choices.len())) {
        let action = Action::show(reply.procedure.code.clone(), focus);
        let mut choice = scribe.choice(&action, Some(""));
        choice.label = scribe.labeller().say(keys::focus(&focus), &[]);
        choices.push(choice);
    }
    if choices.is_empty() {
        // Everything was told, or nothing is published: somebody can be asked.
        choices.push(scribe.choice(&Action::ListAgencies, None));
    }
    choices
}

/// Several parts in words: *giấy tờ, lệ phí*.
pub(super) fn focus_words(teller: Teller<'_>, asked: Focuses) -> String {
    join(teller, asked.iter().map(|part| teller.say(keys::focus(&part), &[]))).unwrap_or_default()
}

fn write_title(scribe: &Scribe<'_>, sheet: &mut Sheet<'_>, words: &ProcedureWords<'_>) {
    let teller = words.teller;
    let code = teller.code(words.procedure.code.as_str());
    let short = short_name(words.procedure, scribe.book.locale);
    sheet.line(&teller.say(keys::PROCEDURE_TITLE, &[("name", Arg::Text(&short)), ("code", Arg::Text(&code))]));
    if scribe.medium.voice != Voice::Dense {
        let name = clean(&words.procedure.name, MOST_OF_A_NAME);
        if name != short {
            sheet.line(&teller.say(keys::PROCEDURE_OFFICIAL_NAME, &[("name", Arg::Text(&name))]));
        }
    }
}

fn write_url(scribe: &Scribe<'_>, sheet: &mut Sheet<'_>, words: &ProcedureWords<'_>, asked: Focuses) {
    let wanted = [Focus::Overview, Focus::Where, Focus::Papers, Focus::Online].into_iter().any(|part| asked.has(part));
    if let Some(url) = words.procedure.url.as_deref().filter(|_| scribe.medium.links && wanted) {
        let url = clean(url, MOST_OF_A_NAME);
        if !url.is_empty() {
            sheet.line(&words.teller.say(keys::PROCEDURE_URL, &[("url", Arg::Text(&url))]));
        }
    }
}

fn write_also(scribe: &Scribe<'_>, sheet: &mut Sheet<'_>, reply: &ProcedureReply) {
    let teller = scribe.teller();
    let heading = teller.say(keys::PROCEDURE_ALSO, &[]);
    let others = reply.also.iter().take(scribe.most_choices()).enumerate();
    let lines = others.map(|(place, other)| list_line(teller, place, other, scribe.book.locale));
    if scribe.medium.voice == Voice::Dense {
        // The answer itself comes first; other meanings only if there is room.
        sheet.nice(&lines.fold(heading, |all, line| format!("{all} {line}")));
        return;
    }
    sheet.paragraph(&heading);
    for line in lines {
        sheet.line(&line);
    }
}

fn list_line(teller: Teller<'_>, place: usize, procedure: &Procedure, locale: Locale) -> String {
    let (name, code) = (short_name(procedure, locale), teller.code(procedure.code.as_str()));
    let args = [("index", Arg::from(place + 1)), ("name", Arg::Text(&name)), ("code", Arg::Text(&code))];
    teller.say(keys::PROCEDURES_LINE, &args)
}

/// A page of hits; each is a choice.
pub(super) fn write_list(scribe: &Scribe<'_>, sheet: &mut Sheet<'_>, reply: &ProceduresReply) -> Vec<ChoiceLabel> {
    let teller = scribe.teller();
    let query = clean(&reply.query, MOST_OF_A_QUERY);
    let Some(first) = reply.page.hits.first() else {
        sheet.paragraph(&if query.is_empty() {
            teller.say(keys::PROCEDURES_NONE_AT_ALL, &[])
        } else {
            teller.say(keys::PROCEDURES_NONE, &[("query", Arg::Text(&query))])
        });
        return Vec::new();
    };
    let total = ("total", Arg::from(reply.page.total.max(reply.page.hits.len())));
    sheet.paragraph(&if query.is_empty() {
        teller.say(keys::PROCEDURES_ALL, &[total])
    } else {
        teller.say(keys::PROCEDURES_FOUND, &[total, ("query", Arg::Text(&query))])
    });
    let few = matches!(scribe.medium.voice, Voice::Dense | Voice::Spoken);
    let shown = if few { FEW_HITS } else { reply.page.hits.len() }.min(reply.page.hits.len());
    for (place, hit) in reply.page.hits.iter().take(shown).enumerate() {
        sheet.line(&list_line(teller, place, &hit.procedure, scribe.book.locale));
    }
    let more = reply.page.total.saturating_sub(shown);
    if more > 0 {
        sheet.line(&teller.say(keys::PROCEDURES_MORE, &[("count", Arg::from(more))]));
    }
    if scribe.medium.buttons == 0 {
        let code = teller.code(first.procedure.code.as_str());
        sheet.paragraph(&teller.say(keys::PROCEDURES_HOW, &[("code", Arg::Text(&code))]));
    }
    reply
        .page
        .hits
        .iter()
        .take(scribe.most_choices())
        .map(|hit| {
            let action = Action::show(hit.procedure.code.clone(), Focuses::OVERVIEW);
            scribe.choice(&action, Some(&short_name(&hit.procedure, scribe.book.locale)))
        })
        .collect()
}

/// A list in words; `None` for none.
pub(super) fn join(teller: Teller<'_>, parts: impl Iterator<Item = String>) -> Option<String> {
    parts.reduce(|first, next| {
        teller.say(keys::LIST_SEPARATOR, &[("first", Arg::Text(&first)), ("rest", Arg::Text(&next))])
    })
}
