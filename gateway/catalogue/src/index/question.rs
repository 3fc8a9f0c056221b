use compact_str::CompactString;
use gateway_core::desk::Focus;
use gateway_core::domain::Level;

use super::{Token, tokens};
use crate::words::{Sense, lexicon};

/// Characters of a question that are read (the port's own limit).
const LONGEST_QUESTION: usize = 500;
/// Words of a question that are read.
const MOST_WORDS: usize = 80;
/// Words that are searched for; the first ones count.
const MOST_SOUGHT: usize = 16;
/// Readings of a question that are tried.
const MOST_READINGS: usize = 8;
/// Synonyms whose official words are tried; further ones stay as they are.
const MOST_SYNONYMS: usize = 4;
/// Words in all readings together: long questions are tried in fewer readings,
/// so that the time for one is bounded.
const MOST_WORK: usize = 40;
/// A reading loses this with each step away from the likeliest.
const STEP: f32 = 0.97;

/// A question, taken apart: what is wanted and which words are sought.
#[derive(Debug, Default)]
pub(crate) struct Question {
    /// What one wants to know.
    pub(crate) focus: Focus,
    /// All that one wants to know, in so many words.
    pub(crate) parts: Vec<Focus>,
    /// Something is wanted to know, but nothing is said of what: only where
    /// nothing is sought.
    pub(crate) bare_focus: bool,
    /// A level of agencies was named.
    pub(crate) level: Option<Level>,
    /// A greeting or a call for help.
    pub(crate) help: bool,
    /// The list of agencies is wanted.
    pub(crate) agencies: bool,
    /// A dossier is to be tracked.
    pub(crate) track: bool,
    /// The list of procedures is wanted.
    pub(crate) list: bool,
    /// The citizen writes with marks: a bare word then stands for itself.
    pub(crate) marked: bool,
    /// Bare words that mean different things.
    pub(crate) ambiguous: bool,
    /// Words without marks that have several meanings.
    pub(crate) homographs: Vec<CompactString>,
    /// What is sought, in its readings; the first holds the citizen's own
    /// words. Empty where nothing is sought.
    pub(crate) readings: Vec<Reading>,
    /// All words that were read.
    pub(super) words: Vec<Token>,
    /// The text was read to its end.
    pub(super) whole: bool,
}

/// One way to say what is sought.
#[derive(Debug, Clone, Default)]
pub(crate) struct Reading {
    /// The words, in order.
    pub(crate) words: Vec<Sought>,
    /// How likely it is, at most 1.
    pub(crate) factor: f32,
}

/// A word that is sought.
#[derive(Debug, Clone)]
pub(crate) struct Sought {
    /// The word.
    pub(crate) token: Token,
    /// It says little.
    pub(crate) weak: bool,
}

enum Part {
    Word(Sought),
    Synonym { place: usize, own: Vec<Sought> },
}

impl Question {
    /// Takes a text apart. Bounded: at most 500 characters and 80 words are read.
    pub(crate) fn read(text: &str) -> Self {
        let begin = beginning(text);
        let words = tokens(begin, MOST_WORDS);
        let meant = meant_words(&words);
        let mut question = Self { marked: meant.iter().any(|word| word.marked), ..Self::default() };
        question.whole = begin.len() == text.len() && words.len() < MOST_WORDS;
        let mut asked = Asked::default();
        let parts = question.take_apart(&meant, &mut asked);
        question.focus = asked.focus();
        question.parts = asked.focuses.clone();
        question.track |= asked.progress && asked.dossier;
        question.readings = readings(&parts);
        question.bare_focus = asked.in_words && !asked.progress && question.readings.is_empty();
        question.words = words;
        question
    }

    /// Nothing is sought.
    pub(crate) fn is_empty(&self) -> bool {
        self.readings.is_empty()
    }

    /// How many words of the citizen's own say something.
    pub(crate) fn strong_words(&self) -> usize {
        self.readings.first().map_or(0, |reading| reading.words.iter().filter(|word| !word.weak).count())
    }

    fn take_apart(&mut self, words: &[Token], asked: &mut Asked) -> Vec<Part> {
        let mut parts = Vec::new();
        let mut rest = words;
        while let Some(word) = rest.first() {
            asked.dossier |= is_dossier_word(rest);
            if !self.marked && lexicon().is_homograph(&word.folded) && !self.homographs.contains(&word.folded) {
                self.homographs.push(word.folded.clone());
            }
            let Some(found) = lexicon().at(rest) else {
                if is_price(word) {
                    asked.note(Focus::Fee);
                } else {
                    parts.push(Part::Word(Sought { token: word.clone(), weak: says_little(word) }));
                }
                rest = rest.get(1..).unwrap_or_default();
                continue;
            };
            let taken = rest.get(..found.len).unwrap_or_default();
            let mut synonym = None;
            let mut strip = false;
            let mut stop = false;
            for sense in &found.senses {
                match sense {
                    Sense::Focus(focus) => {
                        asked.note(*focus);
                        asked.in_words = true;
                    }
                    Sense::Help => self.help = true,
                    Sense::Agencies => self.agencies = true,
                    Sense::Track => self.track = true,
                    Sense::Progress => asked.progress = true,
                    Sense::List => self.list = true,
                    Sense::Level(level) => self.level = Some(level.clone()),
                    Sense::Synonym(place) => synonym = Some(*place),
                    Sense::AgencyName => {
                        self.agencies = true;
                        stop = true;
                    }
                    Sense::Ambiguous => self.ambiguous = true,
                    Sense::Stop => stop = true,
                    Sense::Filler | Sense::Negation | Sense::Turn => {}
                }
                strip |= !matches!(sense, Sense::Stop | Sense::Synonym(_) | Sense::Ambiguous | Sense::AgencyName);
            }
            let own = taken.iter().map(|token| Sought { token: token.clone(), weak: stop });
            match synonym {
                Some(place) => parts.push(Part::Synonym { place, own: own.collect() }),
                None if !strip => parts.extend(own.map(Part::Word)),
                None => {}
            }
            rest = rest.get(found.len..).unwrap_or_default();
        }
        parts
    }
}

/// As much of a text as is read of a question.
fn beginning(text: &str) -> &str {
    let end = text.char_indices().nth(LONGEST_QUESTION).map_or(text.len(), |(at, _)| at);
    text.get(..end).unwrap_or_default()
}

/// The words of a question that name its matter: those of its first reading that
/// say something.
pub(super) fn matter_of(text: &str) -> Vec<Token> {
    let words = tokens(beginning(text), MOST_WORDS);
    let meant = meant_words(&words);
    let mut question = Question { marked: meant.iter().any(|word| word.marked), ..Question::default() };
    let parts = question.take_apart(&meant, &mut Asked::default());
    let strong = |sought: &Sought| !sought.weak;
    // The first reading is the citizen's own words, unless they all say little.
    let own = parts.iter().flat_map(Part::own).take(MOST_SOUGHT);
    let own: Vec<Token> = own.filter(|sought| strong(sought)).map(|sought| sought.token.clone()).collect();
    if !own.is_empty() {
        return own;
    }
    let first = readings(&parts).into_iter().next().unwrap_or_default();
    first.words.into_iter().filter(strong).map(|sought| sought.token).collect()
}

impl Part {
    fn own(&self) -> &[Sought] {
        match self {
            Self::Word(sought) => std::slice::from_ref(sought),
            Self::Synonym { own, .. } => own,
        }
    }
}

/// What was asked for along the way.
#[derive(Default)]
struct Asked {
    focuses: Vec<Focus>,
    /// By a word for it, not only by a price.
    in_words: bool,
    progress: bool,
    dossier: bool,
}

impl Asked {
    fn note(&mut self, focus: Focus) {
        if !self.focuses.contains(&focus) {
            self.focuses.push(focus);
        }
    }

    /// Two different wishes are answered by the overview, which holds both.
    fn focus(&self) -> Focus {
        match self.focuses.as_slice() {
            [one] => *one,
            _ => Focus::Overview,
        }
    }
}

/// The words that are meant: what is denied (*không hỏi khai sinh, hỏi khai
/// tử*) is left out, unless nothing would remain.
fn meant_words(words: &[Token]) -> Vec<Token> {
    let mut meant = Vec::with_capacity(words.len());
    let mut denied = false;
    let mut any_denied = false;
    let mut rest = words;
    while let Some(word) = rest.first() {
        denied &= !word.after_break;
        let found = lexicon().at(rest);
        let says = |sense: &Sense| found.as_ref().is_some_and(|found| found.senses.contains(&sense));
        let len = found.as_ref().map_or(1, |found| found.len);
        // *… phải không?* at the end asks; it denies nothing.
        if says(&Sense::Negation) && rest.len() > len {
            denied = true;
            any_denied = true;
        } else if says(&Sense::Turn) {
            denied = false;
        } else if !denied {
            meant.extend_from_slice(rest.get(..len).unwrap_or_default());
        }
        rest = rest.get(len..).unwrap_or_default();
    }
    let says_something = meant.iter().any(|word| word.folded.chars().count() > 1);
    if any_denied && !says_something { words.to_vec() } else { meant }
}

/// *hồ sơ*, `hs`, `dossier`, `application`.
fn is_dossier_word(rest: &[Token]) -> bool {
    let folded = |place: usize| rest.get(place).map_or("", |word| word.folded.as_str());
    matches!(folded(0), "hs" | "dossier" | "application") || (folded(0) == "ho" && folded(1) == "so")
}

/// Single letters and bare figures (*con tôi 15 tuổi*).
fn says_little(word: &Token) -> bool {
    word.folded.chars().count() == 1 || word.folded.bytes().all(|byte| byte.is_ascii_digit())
}

/// `50k`, `200k`: thousands of đồng, so the question is about money.
fn is_price(word: &Token) -> bool {
    word.folded
        .strip_suffix('k')
        .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Every synonym in its own words and in its official ones, likeliest first.
fn readings(parts: &[Part]) -> Vec<Reading> {
    let mut readings = vec![Reading { words: Vec::new(), factor: 1.0 }];
    let mut synonyms = 0;
    for part in parts {
        if readings.iter().all(|reading| reading.words.len() >= MOST_SOUGHT) {
            break;
        }
        match part {
            Part::Word(sought) => {
                for reading in &mut readings {
                    reading.words.push(sought.clone());
                }
            }
            Part::Synonym { place, own } => {
                synonyms += 1;
                let official = if synonyms <= MOST_SYNONYMS { lexicon().readings(*place) } else { &[] };
                let mut grown = Vec::with_capacity(readings.len() * (1 + official.len()));
                for reading in &readings {
                    grown.push(reading.with(own.iter().cloned(), 1.0));
                }
                for (step, words) in official.iter().enumerate() {
                    // At most five readings stand behind one synonym.
                    let factor = STEP.powi(i32::try_from(step).unwrap_or(5));
                    for reading in &readings {
                        let words = words.iter().map(|token| Sought { token: token.clone(), weak: is_weak(token) });
                        grown.push(reading.with(words, factor));
                    }
                }
                grown.sort_by(|a, b| b.factor.total_cmp(&a.factor));
                grown.truncate(MOST_READINGS);
                readings = grown;
            }
        }
    }
    for reading in &mut readings {
        reading.words.truncate(MOST_SOUGHT);
    }
    readings.retain(|reading| reading.words.iter().any(|word| !word.weak));
    let mut work = 0;
    let mut tried: Vec<Reading> = Vec::with_capacity(readings.len());
    for reading in readings {
        work += reading.words.len();
        if tried.is_empty() || (work <= MOST_WORK && !tried.iter().any(|other| other.same_words(&reading))) {
            tried.push(reading);
        }
    }
    tried
}

/// Official words are weighed as the citizen's own would be.
fn is_weak(token: &Token) -> bool {
    lexicon().at(std::slice::from_ref(token)).is_some_and(|found| found.senses.contains(&&Sense::Stop))
}

impl Reading {
    fn same_words(&self, other: &Self) -> bool {
        self.words.iter().map(|word| &word.token).eq(other.words.iter().map(|word| &word.token))
    }

    fn with(&self, words: impl Iterator<Item = Sought>, factor: f32) -> Self {
        let mut longer = self.clone();
        longer.words.extend(words);
        longer.factor *= factor;
        longer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sought(text: &str) -> String {
        let question = Question::read(text);
        let words = question.readings.first().map(|reading| reading.words.as_slice()).unwrap_or_default();
        words.iter().map(|word| word.token.folded.as_str()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn only_the_matter_is_sought() {
        for (text, matter) in [
            ("cho tôi hỏi thủ tục tách hộ cần những giấy tờ gì ạ", "tach ho"),
            ("mất hộ chiếu mất bao nhiêu tiền", "mat ho chieu"),
            ("How much is a passport?", "a passport"),
            ("không hỏi khai sinh, hỏi khai tử", "khai tu"),
            ("hỏi khai tử chứ không phải khai sinh", "khai tu"),
            ("not birth but death", "death"),
            ("đổi bằng a1 50k k?", "doi bang a1 k"),
        ] {
            assert_eq!(sought(text), matter, "{text}");
        }
    }

    #[test]
    fn the_matter_of_a_question_is_what_its_first_reading_says() {
        for text in [
            "cho tôi hỏi thủ tục tách hộ cần những giấy tờ gì ạ",
            "mất bằng lái, sổ đỏ, hộ chiếu và giấy khai sinh thì làm lại ở đâu, mất bao lâu, bao nhiêu tiền hả anh chị",
            "How much is a passport?",
            "giấy tờ nhà đất",
            "cấp giấy",
            "k",
            "",
        ] {
            let first = Question::read(text).readings.into_iter().next().unwrap_or_default();
            let strong = first.words.into_iter().filter(|sought| !sought.weak).map(|sought| sought.token);
            assert_eq!(matter_of(text), strong.collect::<Vec<_>>(), "{text}");
        }
    }

    #[test]
    fn what_is_asked_of_it() {
        for (text, focus) in [
            ("làm giấy khai sinh cần gì", Focus::Papers),
            ("lam lai can cuoc bao nhieu tien", Focus::Fee),
            ("mất bằng lái mất bao lâu", Focus::Time),
            ("đăng ký tạm trú ở đâu", Focus::Where),
            ("how long does it take to get a passport", Focus::Time),
            ("lam can cuoc 50k k?", Focus::Fee),
            ("đăng ký kết hôn cần gì và mất bao lâu", Focus::Overview),
            ("đăng ký kết hôn", Focus::Overview),
        ] {
            assert_eq!(Question::read(text).focus, focus, "{text}");
        }
    }

    #[test]
    fn a_dossier_is_tracked_only_where_one_is_in_sight() {
        for text in
            ["hồ sơ của tôi đến đâu rồi", "where is my dossier?", "ho so dang ky khai sinh xong chua", "tra cuu ho so"]
        {
            assert!(Question::read(text).track, "{text}");
        }
        for text in ["hồ sơ đăng ký khai sinh gồm những gì", "làm hộ chiếu khi nào xong"] {
            assert!(!Question::read(text).track, "{text}");
        }
    }
}
