//! *The second one*: which of the choices that were just offered is meant.

use super::words::{Gap, Word, Words};

/// A choice by its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// The first.
    First,
    /// The second and all after it, counted from 1.
    Nth(u8),
    /// The last one, however many there are.
    Last,
}

impl Choice {
    /// Its index among so many; nothing where there are fewer.
    pub fn index(self, count: usize) -> Option<usize> {
        match self {
            Self::First => (count > 0).then_some(0),
            Self::Nth(place) => usize::from(place).checked_sub(1).filter(|index| *index < count),
            Self::Last => count.checked_sub(1),
        }
    }

    fn of(place: u32) -> Option<Self> {
        match u8::try_from(place).ok()? {
            0 => None,
            1 => Some(Self::First),
            place if place <= MOST_CHOICES => Some(Self::Nth(place)),
            _ => None,
        }
    }
}

/// Longer messages say more than a choice.
const MOST_WORDS: usize = 6;
/// No list is longer.
const MOST_CHOICES: u8 = 20;

/// Words beside a choice that say nothing more, folded.
const FILLERS: [&str; 52] = [
    "a", "ah", "ay", "cai", "cau", "chi", "cho", "chon", "con", "do", "dung", "em", "giup", "hen", "i", "it", "kia",
    "la", "lay", "loai", "minh", "muc", "muon", "nay", "ne", "nha", "nhe", "nhen", "nua", "o", "ok", "one", "option",
    "phuong", "please", "roi", "so", "that", "the", "thi", "toi", "truong", "u", "um", "uh", "va", "vang", "want", "y",
    "yes", "choice", "number",
];
/// Fillers of two words.
const PAIRS: [&str; 6] = ["phuong an", "lua chon", "thu tuc", "truong hop", "dich vu", "tuy chon"];
/// Titles and polite particles.
const POLITE: [&str; 8] = ["da", "thua", "anh", "ban", "vay", "thoi", "di", "luon"];

const FIRST: [&str; 7] = ["dau", "dau tien", "thu nhat", "nhat", "first", "1st", "tren cung"];
const LAST: [&str; 8] = ["cuoi", "cuoi cung", "sau cung", "sau chot", "chot", "duoi cung", "last", "bottom"];
const NUMBERS: [(&str, u32); 20] = [
    ("mot", 1),
    ("hai", 2),
    ("ba", 3),
    ("bon", 4),
    ("tu", 4),
    ("nam", 5),
    ("sau", 6),
    ("bay", 7),
    ("tam", 8),
    ("chin", 9),
    ("muoi", 10),
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("second", 2),
    ("third", 3),
    ("fourth", 4),
    ("fifth", 5),
    ("sixth", 6),
];
/// Words that make the number next to them a choice.
const ANNOUNCE: [&str; 14] =
    ["so", "cai", "thu", "muc", "cau", "option", "number", "loai", "choice", "an", "chon", "hop", "tuc", "vu"];

/// The choice that a message makes; nothing where it makes none, two, or says
/// more than a choice does (`thứ hai mở cửa không` asks about a day).
pub fn choice_in(text: &str) -> Option<Choice> {
    // `-1` and `1.004222` are no choices, nor is `3%`.
    if text.len() > 100 || text.contains(['%', '@', '₫', '$']) {
        return None;
    }
    let words = Words::of(text, &[]);
    let counted = words.all().iter().filter(|word| word.gap != Gap::None).count();
    if words.len() == 0 || counted > MOST_WORDS {
        return None;
    }
    let mut chosen: Option<Choice> = None;
    let mut at = 0;
    while let Some(word) = words.get(at) {
        let (len, found) = step(&words, at, word)?;
        match (found, chosen) {
            (Some(found), Some(before)) if found != before => return None,
            (Some(found), _) => chosen = Some(found),
            (None, _) => {}
        }
        at += len;
    }
    chosen
}

/// How many words are read at `at`, and what they choose; nothing where they
/// are about something else.
fn step(words: &Words, at: usize, word: &Word) -> Option<(usize, Option<Choice>)> {
    if let Some(len) = words.longest(at, &LAST) {
        return Some((len, Some(Choice::Last)));
    }
    // `năm` and `sáu` have marks of their own, `đầu` is no `đâu`.
    if let Some(len) = words.longest(at, &FIRST).filter(|_| word.is_bare() || !word.is("dau") || word.text == "đầu")
    {
        return Some((len, Some(Choice::First)));
    }
    if word.is("thu")
        && let Some((number, next)) = words.get(at + 1).and_then(|next| Some((number_of(next)?, next)))
        && next.gap.joins()
    {
        return Some((2, Some(Choice::of(number)?)));
    }
    if word.is("both") || word.is("ca") {
        return None;
    }
    if let Some(len) = words.longest(at, &PAIRS) {
        return Some((len, None));
    }
    if let Some(number) = digits_of(words, at, word)? {
        let tail = words.get(at + 1).filter(|next| next.gap == Gap::None && next.is_one_of(&["st", "nd", "rd", "th"]));
        return Some((1 + usize::from(tail.is_some()), Some(Choice::of(number)?)));
    }
    if let Some(number) = spelled(word).filter(|_| is_announced(words, at)) {
        return Some((1, Some(Choice::of(number)?)));
    }
    if word.is("one") && words.len() == 1 {
        return Some((1, Some(Choice::First)));
    }
    (word.is_one_of(&FILLERS) || word.is_one_of(&POLITE)).then_some((1, None))
}

/// The number of a word of digits. Nothing at all where it is part of a date,
/// a code or an amount; `Some(None)` where it is no number.
fn digits_of(words: &Words, at: usize, word: &Word) -> Option<Option<u32>> {
    if !word.is_digits() {
        return Some(None);
    }
    let glued = |gap: Gap| matches!(gap, Gap::Tight(c) if c != ')');
    let before = word.gap;
    let after = words.get(at + 1).map(|next| next.gap);
    if glued(before) || after.is_some_and(glued) {
        return None;
    }
    // `a1` is a licence class; `so2` and `cau3` are choices.
    if before == Gap::None && !words.back(at, 1).is_some_and(|back| back.is_one_of(&ANNOUNCE)) {
        return None;
    }
    if after == Some(Gap::None) && !words.get(at + 1)?.is_one_of(&["st", "nd", "rd", "th"]) {
        return None;
    }
    word.number().filter(|_| word.folded.len() <= 2).map(Some)
}

fn number_of(word: &Word) -> Option<u32> {
    word.number().or_else(|| spelled(word))
}

fn spelled(word: &Word) -> Option<u32> {
    let (_, number) = NUMBERS.iter().find(|(name, _)| word.is(name))?;
    let marked = match word.text.as_str() {
        "một" | "hai" | "ba" | "bốn" | "tư" | "năm" | "sáu" | "bảy" | "bẩy" | "tám" | "chín" | "mười" => {
            true
        }
        _ => word.is_bare(),
    };
    marked.then_some(*number)
}

/// `hai` alone may be a reader's *hi*; with *số*, *cái* or nothing else beside
/// it is the second.
fn is_announced(words: &Words, at: usize) -> bool {
    let alone = words.all().iter().enumerate().all(|(n, word)| n == at || word.is_one_of(&POLITE) || word.is("a"));
    let word = words.get(at);
    let ordinal = word.is_some_and(|word| word.is_one_of(&["second", "third", "fourth", "fifth", "sixth"]));
    ordinal || alone || words.back(at, 1).is_some_and(|back| back.is_one_of(&ANNOUNCE))
}
