//! What a procedure needs, and lists of procedures.

use std::borrow::Cow;

use gateway_core::desk::{Action, Focus, Focuses, ProcedureReply, ProceduresReply};
use gateway_core::domain::{
    FeeReading, Locale, Method, PaperCase, PaperItem, Procedure, ProcessingTime, SubmissionChannel,
};
use gateway_core::text;
use jiff::civil::Date;

use super::dialogue::level_text;
use super::sheet::Sheet;
use super::{ChoiceLabel, MOST_OF_A_NAME, MOST_OF_A_QUERY, MOST_OF_A_TEXT, Scribe};
use crate::clean::clean;
use crate::figures::sane;
use crate::keys;
use crate::locales::Arg;
use crate::medium::Voice;
use crate::names::procedure_name;
use crate::teller::Teller;

/// Papers of the common case that an overview names; it is meant to be whole,
/// and nearly every one is.
const OVERVIEW_COMMON_PAPERS: usize = 20;
/// Papers that an overview names in all before it only counts those of the
/// other cases.
const OVERVIEW_PAPERS: usize = 12;
/// How much of a paper's name an overview shows.
const OVERVIEW_PAPER_NAME: usize = 160;
/// How much of a case's name an overview shows.
const OVERVIEW_CASE_NAME: usize = 80;
/// Words that make a note one of time, folded.
const WORDS_OF_TIME: [&str; 4] = ["ngay", "gio", "thoi han", "thang"];
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
        let names = self.procedure.results.iter().map(|result| clean(&result.name, MOST_OF_A_NAME).into_owned());
        let results = join(self.teller, names.filter(|name| !name.is_empty()))?;
        Some(self.teller.say(keys::PROCEDURE_RESULTS, &[("results", Arg::Text(&results))]))
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

    fn note_line(&self, method: &'a Method, focus: Focus) -> Option<String> {
        let note = self.note_for(method, focus)?;
        Some(self.teller.say(keys::NOTE, &[("note", Arg::Text(&note))]))
    }

    /// The cases that have papers or notes, the common one (it has no name)
    /// first.
    fn cases(&self) -> Vec<(String, &'a [PaperItem])> {
        let filled = self.procedure.papers.iter().filter(|case| !case.items.is_empty());
        let mut cases: Vec<(String, &[PaperItem])> = filled
            .map(|PaperCase { case, items }| {
                let case = clean(case, MOST_OF_A_NAME);
                (case.trim_end_matches([':', ' ']).to_owned(), items.as_slice())
            })
            .collect();
        cases.sort_by_key(|(case, _)| !case.is_empty());
        cases
    }

    /// Methods that differ in nothing but the channel are said once; every
    /// condition that differs is said.
    fn groups(&self, focus: Focus) -> Vec<(Vec<&'a SubmissionChannel>, &'a Method)> {
        let mut groups: Vec<(Vec<&SubmissionChannel>, &Method)> = Vec::new();
        for method in &self.procedure.methods {
            let like = groups.iter_mut().find(|(_, other)| {
                other.time == method.time
                    && (focus == Focus::Time || other.fee == method.fee)
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

/// Whether a note in Vietnamese speaks of time.
fn speaks_of_time(note: &str) -> bool {
    let folded = format!(" {} ", text::fold(note));
    WORDS_OF_TIME.iter().any(|word| folded.contains(&format!(" {word} ")))
}

fn papers_in(items: &[PaperItem]) -> impl Iterator<Item = &PaperItem> {
    items.iter().filter(|item| !item.is_note())
}

/// One procedure; the choices are its other parts and what else may be meant.
pub(super) fn write(scribe: &Scribe<'_>, sheet: &mut Sheet<'_>, reply: &ProcedureReply) -> Vec<ChoiceLabel> {
    let words = ProcedureWords { teller: scribe.teller(), procedure: &reply.procedure, today: reply.today };
    write_title(scribe, sheet, &words);
    write_parts(scribe, sheet, &words, reply.focus);
    sheet.line(&words.source());
    write_url(scribe, sheet, &words, reply.focus);
    let mut choices: Vec<ChoiceLabel> = Vec::new();
    if !reply.also.is_empty() {
        for other in reply.also.iter().take(scribe.most_choices()) {
            let action = Action::show(other.code.clone(), reply.focus);
            // The label names the procedure alone: the focus is understood.
            let mut choice = scribe.choice(&action, Some(&short_name(other, scribe.book.locale)));
            choice.label = short_name(other, scribe.book.locale).into_owned();
            choices.push(choice);
        }
        if scribe.medium.buttons == 0 {
            write_also(scribe, sheet, reply);
        }
    }
    for focus in Focus::PARTS {
        if reply.focus.has(focus) || choices.len() >= scribe.most_choices() {
            continue;
        }
        let action = Action::show(reply.procedure.code.clone(), focus);
        let mut choice = scribe.choice(&action, Some(""));
        choice.label = scribe.labeller().say(keys::focus(&focus), &[]);
        choices.push(choice);
    }
    choices
}

/// The parts that were asked for, in their order; fee and time share their lines.
fn write_parts(scribe: &Scribe<'_>, sheet: &mut Sheet<'_>, words: &ProcedureWords<'_>, asked: Focuses) {
    let both = asked.has(Focus::Fee) && asked.has(Focus::Time);
    for part in asked.iter() {
        match part {
            Focus::Overview => write_overview(scribe, sheet, words),
            Focus::Fee if both => write_methods(sheet, words, Focus::Overview),
            Focus::Time if both => {}
            Focus::Fee | Focus::Time => write_methods(sheet, words, part),
            Focus::Papers => write_papers(sheet, words),
            Focus::Where => {
                if let Some(levels) = words.levels() {
                    sheet.line(&levels);
                }
                write_methods(sheet, words, Focus::Where);
            }
            Focus::Online => write_online(sheet, words),
            Focus::Steps => write_steps(sheet, words),
            Focus::Result => {
                let results = words.results().unwrap_or_else(|| words.teller.say(keys::RESULTS_MISSING, &[]));
                sheet.paragraph(&results);
            }
            Focus::Who => write_who(sheet, words),
        }
    }
}

/// Several parts in words: *giấy tờ, lệ phí*.
pub(super) fn focus_words(teller: Teller<'_>, asked: Focuses) -> String {
    join(teller, asked.iter().map(|part| teller.say(keys::focus(&part), &[]))).unwrap_or_default()
}

/// Whether it can be handed in online, as far as it is published; each way with
/// its time, fee and note.
fn write_online(sheet: &mut Sheet<'_>, words: &ProcedureWords<'_>) {
    let teller = words.teller;
    let methods: Vec<&Method> =
        words.procedure.methods.iter().filter(|method| method.channel == SubmissionChannel::Online).collect();
    if words.procedure.methods.is_empty() {
        sheet.paragraph(&teller.say(keys::METHODS_MISSING, &[]));
        return;
    }
    if methods.is_empty() {
        sheet.paragraph(&teller.say(keys::ONLINE_NO, &[]));
        for (channel, _) in words.procedure.methods_by_channel() {
            let channel = words.channel(channel);
            sheet.item(&teller.say(keys::METHOD_ONLY, &[("channel", Arg::Text(&channel))]));
        }
        return;
    }
    sheet.paragraph(&teller.say(keys::ONLINE_YES, &[]));
    for method in methods {
        let (channel, time, fee) = (words.channel(&method.channel), words.time(&method.time), words.fee(method));
        let args = [("channel", Arg::Text(&channel)), ("time", Arg::Text(&time)), ("fee", Arg::Text(&fee))];
        sheet.item(&teller.say(keys::METHOD, &args));
        if let Some(note) = words.note_line(method, Focus::Online) {
            sheet.under_item(&note);
        }
    }
}

fn write_steps(sheet: &mut Sheet<'_>, words: &ProcedureWords<'_>) {
    let teller = words.teller;
    let text = words.procedure.steps.as_deref().unwrap_or_default();
    let mut steps = text.lines().map(|line| clean(line, MOST_OF_A_TEXT)).filter(|line| !line.is_empty()).peekable();
    if steps.peek().is_none() {
        sheet.paragraph(&teller.say(keys::STEPS_MISSING, &[]));
        return;
    }
    sheet.paragraph(&teller.say(keys::STEPS, &[]));
    for step in steps {
        sheet.item(step.trim_start_matches(['-', '+', '*', '•', ' ']));
    }
}

fn write_who(sheet: &mut Sheet<'_>, words: &ProcedureWords<'_>) {
    let teller = words.teller;
    let applicants = words.procedure.applicants.iter().map(|who| clean(who, MOST_OF_A_NAME).into_owned());
    let who = join(teller, applicants.filter(|who| !who.is_empty()));
    let conditions = words.procedure.conditions.as_deref().map(|text| clean(text, MOST_OF_A_TEXT));
    // The source writes *không có thông tin* where there are none.
    let conditions = conditions
        .filter(|text| !text.is_empty() && !matches!(text::fold(text).as_str(), "khong" | "khong co thong tin"));
    if who.is_none() && conditions.is_none() {
        sheet.paragraph(&teller.say(keys::WHO_MISSING, &[]));
        return;
    }
    if let Some(who) = who {
        sheet.paragraph(&teller.say(keys::WHO, &[("who", Arg::Text(&who))]));
    }
    if let Some(conditions) = conditions {
        sheet.paragraph(&teller.say(keys::WHO_CONDITIONS, &[("conditions", Arg::Text(&conditions))]));
    }
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

fn write_overview(scribe: &Scribe<'_>, sheet: &mut Sheet<'_>, words: &ProcedureWords<'_>) {
    let teller = words.teller;
    let brief = matches!(scribe.medium.voice, Voice::Dense | Voice::Spoken);
    let field = clean(&words.procedure.field, MOST_OF_A_NAME);
    if !field.is_empty() && !brief {
        sheet.line(&teller.say(keys::PROCEDURE_FIELD, &[("field", Arg::Text(&field))]));
    }
    if let Some(levels) = words.levels() {
        if brief { sheet.nice(&levels) } else { sheet.line(&levels) }
    }
    write_methods(sheet, words, Focus::Overview);
    let mut cases = words.cases();
    cases.retain(|(_, items)| papers_in(items).next().is_some());
    let code = ("code", Arg::Text(words.procedure.code.as_str()));
    match cases.as_slice() {
        [] => write_papers(sheet, words),
        [(_, items)] if brief => {
            let count = ("count", Arg::from(papers_in(items).count()));
            sheet.line(&teller.say(keys::PAPERS_COUNT, &[count, code]));
        }
        // One figure for all cases would be true of none.
        _ if brief => sheet.line(&teller.say(keys::PAPERS_BY_CASE, &[code])),
        cases => write_papers_in_short(sheet, words, cases),
    }
    if let Some(results) = words.results() {
        if brief { sheet.nice(&results) } else { sheet.paragraph(&results) }
    }
}

/// The common case (or the first) in full, then each other case under its
/// name; never a list in which the papers of several cases stand mixed.
fn write_papers_in_short(sheet: &mut Sheet<'_>, words: &ProcedureWords<'_>, cases: &[(String, &[PaperItem])]) {
    let teller = words.teller;
    sheet.paragraph(&teller.say(keys::PAPERS, &[]));
    let mut named = 0;
    let mut left = 0;
    for (place, (case, items)) in cases.iter().enumerate() {
        let count = papers_in(items).count();
        let case = clean(case, OVERVIEW_CASE_NAME);
        let room = match place {
            0 => OVERVIEW_COMMON_PAPERS,
            _ if named + count <= OVERVIEW_PAPERS => count,
            _ => 0,
        };
        if room == 0 {
            let args = [("case", Arg::Text(&case)), ("count", Arg::from(count))];
            sheet.line(&teller.say(keys::PAPERS_CASE_COUNT, &args));
        } else if !case.is_empty() {
            sheet.line(&format!("{case}:"));
        }
        for item in papers_in(items).take(room) {
            sheet.item(&words.paper(item, OVERVIEW_PAPER_NAME));
        }
        named += count.min(room);
        left += count.saturating_sub(room);
    }
    if left > 0 {
        let code = ("code", Arg::Text(words.procedure.code.as_str()));
        sheet.line(&teller.say(keys::PAPERS_MORE, &[("count", Arg::from(left)), code]));
    }
}

/// The ways to hand in, each with what was asked for and its note: a fee never
/// stands without it.
fn write_methods(sheet: &mut Sheet<'_>, words: &ProcedureWords<'_>, focus: Focus) {
    let teller = words.teller;
    let groups = words.groups(focus);
    if groups.is_empty() {
        sheet.paragraph(&teller.say(keys::METHODS_MISSING, &[]));
        return;
    }
    let heading = match focus {
        Focus::Fee => Some(keys::METHODS_FEES),
        Focus::Time => Some(keys::METHODS_TIMES),
        // In an SMS the ways speak for themselves.
        _ if teller.voice == Voice::Dense => None,
        _ => Some(keys::METHODS),
    };
    if let Some(heading) = heading {
        sheet.paragraph(&teller.say(heading, &[]));
    }
    for (channels, method) in groups {
        let names = channels.iter().map(|channel| words.channel(channel));
        let channel = join(teller, names).unwrap_or_default();
        let channel = ("channel", Arg::Text(&channel));
        let (time, fee) = (words.time(&method.time), words.fee(method));
        let (time, fee) = (("time", Arg::Text(&time)), ("fee", Arg::Text(&fee)));
        sheet.item(&match focus {
            Focus::Fee => teller.say(keys::METHOD_FEE, &[channel, fee]),
            Focus::Time => teller.say(keys::METHOD_TIME, &[channel, time]),
            Focus::Where => teller.say(keys::METHOD_ONLY, &[channel]),
            _ => teller.say(keys::METHOD, &[channel, time, fee]),
        });
        if let Some(note) = words.note_line(method, focus) {
            sheet.under_item(&note);
        }
    }
}

fn write_papers(sheet: &mut Sheet<'_>, words: &ProcedureWords<'_>) {
    let teller = words.teller;
    let cases = words.cases();
    if cases.is_empty() {
        sheet.paragraph(&teller.say(keys::PAPERS_MISSING, &[]));
        return;
    }
    sheet.paragraph(&teller.say(keys::PAPERS, &[]));
    for (case, items) in cases {
        if !case.is_empty() {
            sheet.line(&format!("{case}:"));
        }
        for item in items {
            sheet.item(&words.paper(item, MOST_OF_A_TEXT));
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
fn join(teller: Teller<'_>, parts: impl Iterator<Item = String>) -> Option<String> {
    parts.reduce(|first, next| {
        teller.say(keys::LIST_SEPARATOR, &[("first", Arg::Text(&first)), ("rest", Arg::Text(&next))])
    })
}
