//! The parts of a procedure: papers, ways to hand in with time and fee, steps,
//! result, who may apply.

use gateway_core::desk::{Focus, Focuses};
use gateway_core::domain::{Method, PaperItem, SubmissionChannel};
use gateway_core::text::truncate_graphemes;

use super::procedure::{ProcedureWords, join, papers_in};
use super::sheet::Sheet;
use super::{MOST_OF_A_NAME, MOST_OF_A_TEXT, Scribe};
use crate::clean::clean;
use crate::keys;
use crate::locales::Arg;
use crate::medium::Voice;

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
/// How much of steps and conditions an SMS says (two pages), and a voice
/// (a minute); they reach 22,855 characters.
const MOST_OF_STEPS_DENSE: usize = 600;
const MOST_OF_STEPS_SPOKEN: usize = 800;
/// Marks that sources put before the lines of a list.
const MARKS: [char; 10] = ['-', '–', '—', '+', '*', '•', '●', '▪', '·', ' '];
/// The mark of a line under another.
const INNER_MARK: char = '+';

/// The parts that were asked for, in their order.
pub(super) fn write(scribe: &Scribe<'_>, sheet: &mut Sheet<'_>, words: &ProcedureWords<'_>, asked: Focuses) {
    let mut ways_told = false;
    for part in asked.iter() {
        match part {
            Focus::Overview => overview(scribe, sheet, words),
            Focus::Papers => papers(sheet, words),
            Focus::Fee | Focus::Time | Focus::Where | Focus::Online => {
                if !std::mem::replace(&mut ways_told, true) {
                    asked_of_ways(sheet, words, asked);
                }
            }
            Focus::Steps => steps(sheet, words),
            Focus::Result => {
                let results = words.results().unwrap_or_else(|| words.teller.say(keys::RESULTS_MISSING, &[]));
                sheet.paragraph(&results);
            }
            Focus::Who => who(sheet, words),
        }
    }
}

/// Fee, time, place and *online?* are told of the same ways: each way once, with
/// all that was asked of it.
fn asked_of_ways(sheet: &mut Sheet<'_>, words: &ProcedureWords<'_>, asked: Focuses) {
    if asked.has(Focus::Where)
        && let Some(levels) = words.levels()
    {
        sheet.line(&levels);
    }
    let focus = match (asked.has(Focus::Fee), asked.has(Focus::Time), asked.has(Focus::Where)) {
        (true, true, _) => Focus::Overview,
        (true, false, _) => Focus::Fee,
        (false, true, _) => Focus::Time,
        (false, false, true) => Focus::Where,
        (false, false, false) => return online(sheet, words),
    };
    ways(sheet, words, focus);
    if asked.has(Focus::Online) && !words.procedure.methods.is_empty() {
        let key = if online_ways(words).next().is_some() { keys::ONLINE_YES } else { keys::ONLINE_NO };
        sheet.paragraph(&words.teller.say(key, &[]));
    }
}

fn online_ways<'a>(words: &ProcedureWords<'a>) -> impl Iterator<Item = &'a Method> {
    words.procedure.methods.iter().filter(|method| method.channel == SubmissionChannel::Online)
}

/// Whether it can be handed in online, as far as it is published; each way with
/// its time, fee and note.
fn online(sheet: &mut Sheet<'_>, words: &ProcedureWords<'_>) {
    let teller = words.teller;
    if words.procedure.methods.is_empty() {
        sheet.paragraph(&teller.say(keys::METHODS_MISSING, &[]));
        return;
    }
    let mut methods = online_ways(words).peekable();
    if methods.peek().is_none() {
        sheet.paragraph(&teller.say(keys::ONLINE_NO, &[]));
        sheet.line(&teller.say(keys::METHODS, &[]));
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

fn steps(sheet: &mut Sheet<'_>, words: &ProcedureWords<'_>) {
    let steps = words.steps();
    if steps.is_empty() {
        sheet.paragraph(&words.teller.say(keys::STEPS_MISSING, &[]));
        return;
    }
    sheet.paragraph(&words.teller.say(keys::STEPS, &[]));
    long_text(sheet, words, steps.iter().map(AsRef::as_ref));
}

fn who(sheet: &mut Sheet<'_>, words: &ProcedureWords<'_>) {
    let teller = words.teller;
    let (who, conditions) = (words.applicants(), words.conditions());
    if who.is_none() && conditions.is_empty() {
        sheet.paragraph(&teller.say(keys::WHO_MISSING, &[]));
        return;
    }
    if let Some(who) = who {
        sheet.paragraph(&teller.say(keys::WHO, &[("who", Arg::Text(&who))]));
    }
    if !conditions.is_empty() {
        sheet.paragraph(&teller.say(keys::CONDITIONS, &[]));
        long_text(sheet, words, conditions.iter().map(AsRef::as_ref));
    }
}

/// The lines of a text that an office wrote, whole where there is air; else as
/// much as is read or heard in one go, and where the rest is.
fn long_text<'t>(sheet: &mut Sheet<'_>, words: &ProcedureWords<'_>, lines: impl Iterator<Item = &'t str>) {
    let teller = words.teller;
    let mut room = match teller.voice {
        Voice::Lines | Voice::Paragraphs => usize::MAX,
        Voice::Dense => MOST_OF_STEPS_DENSE,
        Voice::Spoken => MOST_OF_STEPS_SPOKEN,
    };
    let airy = room == usize::MAX;
    let mut first = true;
    for line in lines {
        let text = line.trim_start_matches(MARKS);
        let length = text.chars().count();
        if length > room && !first {
            room = 0;
        } else if airy && line.starts_with(INNER_MARK) {
            sheet.under_item(&format!("+ {text}"));
        } else {
            sheet.item(&truncate_graphemes(text, room));
        }
        if length > room {
            let code = teller.code(words.procedure.code.as_str());
            sheet.line(&teller.say(keys::TEXT_MORE, &[("code", Arg::Text(&code))]));
            return;
        }
        room -= length;
        first = false;
    }
}

fn overview(scribe: &Scribe<'_>, sheet: &mut Sheet<'_>, words: &ProcedureWords<'_>) {
    let teller = words.teller;
    let brief = matches!(scribe.medium.voice, Voice::Dense | Voice::Spoken);
    let field = clean(&words.procedure.field, MOST_OF_A_NAME);
    if !field.is_empty() && !brief {
        sheet.line(&teller.say(keys::PROCEDURE_FIELD, &[("field", Arg::Text(&field))]));
    }
    if let Some(levels) = words.levels() {
        if brief { sheet.nice(&levels) } else { sheet.line(&levels) }
    }
    ways(sheet, words, Focus::Overview);
    let mut cases = words.cases();
    cases.retain(|(_, items)| papers_in(items).next().is_some());
    let code = ("code", Arg::Text(words.procedure.code.as_str()));
    match cases.as_slice() {
        [] => papers(sheet, words),
        [(_, items)] if brief => {
            let count = ("count", Arg::from(papers_in(items).count()));
            sheet.line(&teller.say(keys::PAPERS_COUNT, &[count, code]));
        }
        // One figure for all cases would be true of none.
        _ if brief => sheet.line(&teller.say(keys::PAPERS_BY_CASE, &[code])),
        cases => papers_in_short(sheet, words, cases),
    }
    if let Some(results) = words.results() {
        if brief { sheet.nice(&results) } else { sheet.paragraph(&results) }
    }
}

/// The common case (or the first) in full, then each other case under its
/// name; never a list in which the papers of several cases stand mixed.
fn papers_in_short(sheet: &mut Sheet<'_>, words: &ProcedureWords<'_>, cases: &[(String, &[PaperItem])]) {
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
fn ways(sheet: &mut Sheet<'_>, words: &ProcedureWords<'_>, focus: Focus) {
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

fn papers(sheet: &mut Sheet<'_>, words: &ProcedureWords<'_>) {
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
