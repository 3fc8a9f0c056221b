//! Puts the parts of an answer together as a medium wants them.

use std::borrow::Cow;

use crate::clean::without_links;
use crate::gsm::fold_to_gsm;
use crate::medium::{Alphabet, Medium, Voice};
use crate::speech;
use crate::teller::Teller;

use super::Importance;

/// What stands between a part and the one before it. Where there is no air
/// (SMS, speech) it is always a space.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gap {
    /// A space: the sentence goes on.
    Same,
    /// A new line.
    Line,
    /// An empty line.
    Paragraph,
}

#[derive(Debug)]
struct Part {
    text: String,
    gap: Gap,
    /// Left out where it does not fit.
    nice: bool,
}

/// An answer under way.
pub(super) struct Sheet<'a> {
    teller: Teller<'a>,
    medium: Medium,
    parts: Vec<Part>,
    /// What must stand on the first page whatever comes before it.
    foot: Vec<Part>,
}

impl<'a> Sheet<'a> {
    pub(super) fn new(teller: Teller<'a>, medium: Medium) -> Self {
        Self { teller, medium, parts: Vec::with_capacity(12), foot: Vec::new() }
    }

    /// Goes on after a space.
    pub(super) fn same(&mut self, text: &str) {
        self.push(text, Gap::Same, false);
    }

    /// A line of its own.
    pub(super) fn line(&mut self, text: &str) {
        self.push(text, Gap::Line, false);
    }

    /// A paragraph of its own.
    pub(super) fn paragraph(&mut self, text: &str) {
        self.push(text, Gap::Paragraph, false);
    }

    /// One of a list.
    pub(super) fn item(&mut self, text: &str) {
        let mark = match self.medium.voice {
            Voice::Lines => "- ",
            Voice::Paragraphs => "• ",
            Voice::Dense | Voice::Spoken => "",
        };
        self.push(&format!("{mark}{text}"), Gap::Line, false);
    }

    /// What belongs to the item before it.
    pub(super) fn under_item(&mut self, text: &str) {
        let indent = match self.medium.voice {
            Voice::Lines | Voice::Paragraphs => "  ",
            Voice::Dense | Voice::Spoken => "",
        };
        self.push(&format!("{indent}{text}"), Gap::Line, false);
    }

    /// Nice to know: a line that is left out where one SMS does not hold it.
    pub(super) fn nice(&mut self, text: &str) {
        self.push(text, Gap::Line, true);
    }

    /// At the foot of the first page.
    pub(super) fn foot(&mut self, text: &str) {
        let gap = if self.foot.is_empty() { Gap::Paragraph } else { Gap::Line };
        if let Some(part) = self.part(text, gap, false, true) {
            self.foot.push(part);
        }
    }

    fn push(&mut self, text: &str, gap: Gap, nice: bool) {
        if let Some(part) = self.part(text, gap, nice, false) {
            self.parts.push(part);
        }
    }

    fn part(&self, text: &str, gap: Gap, nice: bool, foot: bool) -> Option<Part> {
        let linkless;
        let mut text = text;
        if !self.medium.links {
            linkless = without_links(text);
            text = &linkless;
        }
        let text = match self.medium.voice {
            Voice::Lines | Voice::Paragraphs => text.to_owned(),
            Voice::Dense => {
                let mut text = text.trim().to_owned();
                // On one line a sentence ends where its sign stands. The foot
                // ends with the message.
                if !foot && !text.ends_with(['.', ',', ';', ':', '!', '?', '…']) && !text.is_empty() {
                    text.push('.');
                }
                text
            }
            Voice::Spoken => {
                let shorthand = &self.teller.book.conventions.shorthand;
                let mut spoken = speech::smooth(text, shorthand, |day| self.teller.date(day));
                if spoken.ends_with(char::is_alphanumeric) {
                    spoken.push('.');
                }
                spoken
            }
        };
        let text = match self.medium.alphabet {
            Alphabet::Unicode if self.medium == Medium::SMS_WHOLE => without_links_once_folded(text),
            Alphabet::Unicode => text,
            // Folding may make a link of what was none (`∕∕` becomes `//`).
            Alphabet::Gsm7 if !self.medium.links => without_links(&fold_to_gsm(&text)).into_owned(),
            Alphabet::Gsm7 => fold_to_gsm(&text),
        };
        (!text.trim().is_empty()).then_some(Part { text, gap, nice })
    }

    /// Each sentence, with whether it may be left out, and the foot.
    pub(super) fn sentences(self) -> (Vec<(String, Importance)>, Option<String>) {
        let foot = self.join(self.foot.iter());
        let importance = |part: &Part| if part.nice { Importance::Nice } else { Importance::Must };
        let sentences = self.parts.into_iter().map(|part| (importance(&part), part.text));
        (sentences.map(|(of, text)| (text, of)).collect(), (!foot.is_empty()).then_some(foot))
    }

    /// The text of the first page, and what did not fit on it.
    pub(super) fn finish(self) -> (String, Option<String>) {
        let Some(budget) = self.medium.budget else {
            return (self.join(self.parts.iter().chain(&self.foot)), None);
        };
        let alphabet = self.medium.alphabet;
        let units = |text: &str| match alphabet {
            Alphabet::Gsm7 => text.chars().count(),
            Alphabet::Unicode => text.encode_utf16().count(),
        };
        // Every part costs its text and a space.
        let cost = |part: &Part| units(&part.text) + 1;
        let must = self.parts.iter().filter(|part| !part.nice).chain(&self.foot);
        let mut used: usize = must.map(cost).sum::<usize>().saturating_sub(1);
        // What is nice to know may fill the parts that must be sent anyway.
        let wish = budget.filled(used);
        let mut kept: Vec<&Part> = Vec::with_capacity(self.parts.len());
        for part in &self.parts {
            if !part.nice {
                kept.push(part);
            } else if used + cost(part) <= wish {
                used += cost(part);
                kept.push(part);
            }
        }
        if used <= budget.most() {
            return (self.join(kept.into_iter().chain(&self.foot)), None);
        }
        let mut room = budget.most().saturating_sub(self.foot.iter().map(cost).sum());
        let mut page: Vec<&str> = Vec::new();
        let mut rest: Vec<&str> = Vec::new();
        for part in kept {
            let text = part.text.as_str();
            if rest.is_empty() && cost(part) <= room {
                room -= cost(part);
                page.push(text);
            } else if rest.is_empty() {
                let (head, tail) = split_at(text, room.saturating_sub(1), alphabet);
                if !head.is_empty() {
                    page.push(head);
                }
                rest.push(tail);
            } else {
                rest.push(text);
            }
        }
        page.extend(self.foot.iter().map(|part| part.text.as_str()));
        (page.join(" "), Some(rest.join(" ")))
    }

    fn join<'p>(&self, parts: impl Iterator<Item = &'p Part>) -> String {
        let airy = matches!(self.medium.voice, Voice::Lines | Voice::Paragraphs);
        let mut out = String::with_capacity(512);
        for part in parts {
            if !out.is_empty() {
                out.push_str(match part.gap {
                    Gap::Line if airy => "\n",
                    Gap::Paragraph if airy => "\n\n",
                    _ => " ",
                });
            }
            out.push_str(&part.text);
        }
        out
    }
}

/// The channel folds the text by itself, and folding may make a link of what
/// was none: such a sentence is handed over folded, without it.
fn without_links_once_folded(text: String) -> String {
    let folded = fold_to_gsm(&text);
    match without_links(&folded) {
        Cow::Borrowed(_) => text,
        Cow::Owned(linkless) => linkless,
    }
}

/// Splits at the last space within so many units; nothing fits where there is
/// none, unless the very first word is longer than a page.
fn split_at(text: &str, room: usize, alphabet: Alphabet) -> (&str, &str) {
    let mut used = 0;
    let mut space = None;
    let mut end = text.len();
    for (at, c) in text.char_indices() {
        if c == ' ' {
            space = Some(at);
        }
        used += match alphabet {
            Alphabet::Gsm7 => 1,
            Alphabet::Unicode => c.len_utf16(),
        };
        if used > room {
            end = at;
            break;
        }
    }
    let cut = if end == text.len() { end } else { space.unwrap_or(if room > 100 { end } else { 0 }) };
    let (head, tail) = text.split_at_checked(cut).unwrap_or(("", text));
    (head.trim_end(), tail.trim_start())
}
