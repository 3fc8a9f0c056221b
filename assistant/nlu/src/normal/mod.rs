//! A citizen's words as they were meant to be written.
//!
//! Everything that reads free text reads it through [`Normal::of`], and so does what
//! a model is trained from. In this order:
//!
//! 1. `encoding`: TCVN3 and VNI-Windows shown as Latin-1, UTF-8 read wrongly.
//! 2. `tokens`: NFC, lower case, words without signs, breaks as flags.
//! 3. `typing`: stretched letters, left-over keys of Telex and VNI; and the tone
//!    mark in its one place (`syllable`).
//! 4. `rules`: short forms and regional words (`data/teencode.toml`).
//! 5. `numbers`: numbers and dates in words.
//!
//! Steps 3 to 5 are repeated until nothing changes, so that a normal text stays as
//! it is. Where there is a doubt, the word stays.

mod encoding;
mod numbers;
mod rules;
mod syllable;
mod tokens;
mod typing;
mod vocabulary;

use std::fmt::Write as _;

use compact_str::CompactString;
use gateway_core::text::fold_display;

/// Characters that are read of a text and kept of its normal form, each.
const MOST_CHARS: usize = 4_000;
/// Rounds until nothing changes; two are usual. Every round but the last rewrites
/// a word for good, so this is never reached by words that people write.
const MOST_ROUNDS: usize = 8;
/// Raised whenever a rule in the code changes: models must be trained anew.
const REVISION: u32 = 1;

/// A text, normalised. Two are equal when they hold the same words.
#[derive(Debug, Clone, Default)]
pub struct Normal {
    text: String,
    folded: String,
    spans: Vec<Span>,
}

/// Where a word ends in both texts.
#[derive(Debug, Clone, Copy)]
struct Span {
    text: usize,
    folded: usize,
    after_break: bool,
}

/// A word of a [`Normal`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NormalWord<'a> {
    /// As in [`Normal::text`].
    pub text: &'a str,
    /// As in [`Normal::folded`].
    pub folded: &'a str,
    /// A sentence or clause ended before it: what was denied there is not denied
    /// here.
    pub after_break: bool,
}

/// A word on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Word {
    text: CompactString,
    after_break: bool,
}

impl Normal {
    /// Reads a text; the first 4,000 characters of it.
    pub fn of(text: &str) -> Self {
        let text = text.char_indices().nth(MOST_CHARS).and_then(|(end, _)| text.get(..end)).unwrap_or(text);
        let mut words = written(&encoding::repaired(text));
        for _ in 0..MOST_ROUNDS {
            let rewritten = meant(&mut words);
            let cut = cut(&mut words);
            if !repaired_late(&mut words) && !cut && !rewritten {
                break;
            }
        }
        Self::join(&words)
    }

    /// Lower case, NFC, with whatever marks were written, words parted by one
    /// space: what models and searches read.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The same without marks.
    pub fn folded(&self) -> &str {
        &self.folded
    }

    /// The words, in order.
    pub fn words(&self) -> impl Iterator<Item = NormalWord<'_>> {
        let mut from = (0, 0);
        self.spans.iter().map(move |span| {
            let word = NormalWord {
                text: self.text.get(from.0..span.text).unwrap_or_default(),
                folded: self.folded.get(from.1..span.folded).unwrap_or_default(),
                after_break: span.after_break,
            };
            from = (span.text + 1, span.folded + 1);
            word
        })
    }

    fn join(words: &[Word]) -> Self {
        let mut normal = Self { spans: Vec::with_capacity(words.len()), ..Self::default() };
        for word in words {
            if !normal.spans.is_empty() {
                normal.text.push(' ');
                normal.folded.push(' ');
            }
            normal.text.push_str(&word.text);
            if word.text.is_ascii() {
                normal.folded.push_str(&word.text);
            } else {
                normal.folded.push_str(&fold_display(&word.text));
            }
            normal.spans.push(Span {
                text: normal.text.len(),
                folded: normal.folded.len(),
                after_break: word.after_break,
            });
        }
        normal
    }
}

impl PartialEq for Normal {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Normal {}

/// A hash of all that decides what a text becomes: its data, and the revision of
/// its code. A model that was trained through another one must be trained anew.
pub fn fingerprint() -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    let mut revision = String::new();
    // Writing to a string cannot fail.
    let _ = write!(revision, "{REVISION}");
    for part in [revision.as_str(), rules::FILE, vocabulary::SYLLABLES, vocabulary::ENGLISH] {
        hasher.update(part.as_bytes()).update(&[0]);
    }
    *hasher.finalize().as_bytes()
}

/// The words of a text, each in its one spelling.
fn written(text: &str) -> Vec<Word> {
    let mut words = tokens::words(&tokens::clean(text));
    for word in &mut words {
        if let Some(shorter) = typing::unstretched(&word.text) {
            word.text = shorter;
        }
        if !word.text.is_ascii()
            && let Some(canonical) = syllable::canonical(&word.text)
        {
            word.text = canonical;
        }
    }
    words
}

/// An old encoding that only shows when signs and other words are gone; says whether
/// there was one.
fn repaired_late(words: &mut Vec<Word>) -> bool {
    if !encoding::may_be_old(words.iter().map(|word| word.text.as_str())) {
        return false;
    }
    let text = Normal::join(words).text;
    let repaired = encoding::repaired(&text);
    let found = *repaired != *text;
    if found {
        *words = written(&repaired);
    }
    found
}

/// Rewrites words as they were meant; says whether any was.
fn meant(words: &mut Vec<Word>) -> bool {
    if vocabulary::is_english_text(words.iter().map(|word| word.text.as_str())) {
        return false;
    }
    let composed = typing::compose(words);
    let explained = rules::apply(words);
    let counted = numbers::apply(words);
    composed || explained || counted
}

/// Keeps as many words as there is room for; says whether any went.
fn cut(words: &mut Vec<Word>) -> bool {
    let mut room = MOST_CHARS;
    let keep = words.iter().take_while(|word| {
        let length = word.text.chars().count() + 1;
        let fits = length <= room + 1;
        room = room.saturating_sub(length);
        fits
    });
    let keep = keep.count();
    let cut = keep < words.len();
    words.truncate(keep);
    cut
}
