//! The line that a citizen types.

use std::fmt;

use unicode_segmentation::UnicodeSegmentation;
use zeroize::Zeroize;

use crate::compose::{applies, compose, literal, reopened};
use crate::context::is_numbered;
use crate::letters::{Key, Method, Raw, tone_of};

/// One line of text, typed key by key at its end. There is no cursor: what is
/// wrong is taken away from the end.
///
/// It is wiped from memory on drop and never printed by `Debug`.
///
/// ```
/// use kiosk_typing::{Buffer, Key, Method};
///
/// let mut line = Buffer::new(Method::Telex, 60);
/// for c in "Ddawng".chars() {
///     line.press(Key::Char(c));
/// }
/// line.press(Key::Space);
/// for c in "kys".chars() {
///     line.press(Key::Char(c));
/// }
/// assert_eq!(line.text(), "Đăng ký");
/// line.press(Key::Backspace);
/// assert_eq!(line.text(), "Đăng k");
/// ```
pub struct Buffer {
    method: Method,
    most: usize,
    /// Never empty; the last one is being typed.
    words: Vec<Word>,
    text: String,
}

/// What a key did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pressed {
    /// The text is another one.
    Changed,
    /// Nothing: a tone without a vowel, a second space, nothing to take away.
    Ignored,
    /// The line is full.
    Full,
}

#[derive(Default)]
struct Word {
    keys: Vec<Raw>,
    /// Nothing is composed in it any more.
    literal: bool,
    seen: String,
}

impl Buffer {
    /// An empty line of at most `most` characters as they are seen.
    pub fn new(method: Method, most: usize) -> Self {
        Self { method, most, words: vec![Word::default()], text: String::new() }
    }

    /// What is seen, in NFC.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether nothing is typed.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// How marks are written.
    pub fn method(&self) -> Method {
        self.method
    }

    /// Goes on with another method; what is seen stays as it is.
    pub fn set_method(&mut self, method: Method) {
        if method != self.method {
            self.words.iter_mut().filter(|word| !word.keys.is_empty()).for_each(Word::settle);
            self.method = method;
        }
    }

    /// Puts a text in place of what is there (a chosen suggestion, a scanned
    /// number), cut to the line's length; it stays as it is.
    pub fn set_text(&mut self, text: &str) {
        self.wipe();
        let mut kept = 0;
        let clean = gateway_core::text::clean(text, usize::MAX);
        for (at, word) in clean.split(' ').enumerate() {
            if at > 0 && kept + at >= self.most {
                break;
            }
            if at > 0 {
                self.words.push(Word::default());
            }
            let Some(last) = self.words.last_mut() else { return };
            for grapheme in word.graphemes(true) {
                if kept + at >= self.most {
                    break;
                }
                last.seen.push_str(grapheme);
                kept += 1;
            }
            last.settle();
        }
        self.rebuild();
    }

    /// Takes one key.
    pub fn press(&mut self, key: Key) -> Pressed {
        match key {
            Key::Backspace => self.backspace(),
            Key::Clear if self.is_empty() => Pressed::Ignored,
            Key::Clear => {
                self.wipe();
                Pressed::Changed
            }
            Key::Space => self.space(),
            Key::Char(' ') => self.space(),
            Key::Char(c) if let Some(tone) = tone_of(c) => self.add_labelled(Raw::Tone(tone)),
            Key::Char(c) if c.is_control() || joins(c) => Pressed::Ignored,
            Key::Char(c) => self.add(Raw::Typed(c)),
            Key::Tone(tone) => self.add_labelled(Raw::Tone(tone)),
            Key::Mark(mark) => self.add_labelled(Raw::Mark(mark)),
        }
    }

    /// Takes everything away and overwrites it in memory.
    pub fn wipe(&mut self) {
        self.words.iter_mut().for_each(Word::wipe);
        self.words.clear();
        self.words.push(Word::default());
        self.text.zeroize();
    }

    fn space(&mut self) -> Pressed {
        if self.words.last().is_none_or(|word| word.keys.is_empty()) {
            return Pressed::Ignored;
        }
        if self.length() >= self.most {
            return Pressed::Full;
        }
        self.words.push(Word::default());
        self.rebuild();
        Pressed::Changed
    }

    fn add(&mut self, key: Raw) -> Pressed {
        let before = self.text.clone();
        let Some(last) = self.words.last_mut() else { return Pressed::Ignored };
        last.keys.push(key);
        self.rebuild();
        // A key that only adds a mark fits into a full line too.
        if self.length() > self.most {
            if let Some(last) = self.words.last_mut() {
                last.keys.pop();
            }
            self.rebuild();
            return Pressed::Full;
        }
        if before == self.text { Pressed::Ignored } else { Pressed::Changed }
    }

    fn add_labelled(&mut self, key: Raw) -> Pressed {
        let method = self.method;
        let Some(last) = self.words.last_mut() else { return Pressed::Ignored };
        let run = last.last_run(method);
        let open = last.keys.get(run..).unwrap_or_default();
        if last.literal || open.is_empty() || !applies(open, key, method) {
            return Pressed::Ignored;
        }
        self.add(key)
    }

    fn backspace(&mut self) -> Pressed {
        let count = self.words.len();
        let Some(last) = self.words.last_mut() else { return Pressed::Ignored };
        if last.keys.is_empty() {
            if count == 1 {
                return Pressed::Ignored;
            }
            self.words.pop();
            if let Some(last) = self.words.last_mut() {
                // What was seen behind the space may have made it what it is.
                let seen = last.seen.clone();
                last.show(self.method, false);
                if last.seen != seen {
                    last.seen = seen;
                    last.settle();
                }
            }
            self.rebuild();
            return Pressed::Changed;
        }
        let mut seen = std::mem::take(&mut last.seen);
        let end = seen.grapheme_indices(true).next_back().map_or(0, |(at, _)| at);
        seen.truncate(end);
        last.keys.zeroize();
        last.keys = reopened(&seen);
        last.show(self.method, false);
        if last.literal || last.seen != seen {
            last.seen = seen;
            last.settle();
        }
        if last.keys.is_empty() {
            last.literal = false;
        }
        self.rebuild();
        Pressed::Changed
    }

    /// Writes the last words anew (those before cannot change any more), and
    /// the text.
    fn rebuild(&mut self) {
        let first = self.words.len().saturating_sub(2);
        for at in first..self.words.len() {
            let numbered = self.method == Method::Vni && self.is_numbered(at);
            if let Some(word) = self.words.get_mut(at) {
                word.show(self.method, numbered);
            }
        }
        self.text.zeroize();
        for (at, word) in self.words.iter().enumerate() {
            if at > 0 {
                self.text.push(' ');
            }
            self.text.push_str(&word.seen);
        }
    }

    fn is_numbered(&self, at: usize) -> bool {
        let Some(word) = self.words.get(at) else { return false };
        let before = at.checked_sub(1).and_then(|at| self.words.get(at));
        let after = self.words.get(at + 1);
        is_numbered(
            &word.keys,
            before.map(|word| (word.keys.as_slice(), word.seen.as_str())),
            after.map(|word| word.keys.as_slice()),
        )
    }

    fn length(&self) -> usize {
        self.text.graphemes(true).count()
    }
}

impl Word {
    fn show(&mut self, method: Method, numbered: bool) {
        self.seen.zeroize();
        if numbered || self.literal || method == Method::Plain || self.is_address() {
            self.seen = literal(&self.keys, &[]);
            // A number stays one when its neighbour goes.
            if numbered {
                self.settle();
            }
            return;
        }
        let mut at = 0;
        let mut digit_before = false;
        while let Some(key) = self.keys.get(at) {
            let length = run(self.keys.get(at..).unwrap_or_default(), method);
            let Some(keys) = self.keys.get(at..at + length).filter(|keys| !keys.is_empty()) else {
                let one = literal(&[*key], &[]);
                digit_before = one.chars().all(|c| c.is_ascii_digit());
                self.seen.push_str(&one);
                at += 1;
                continue;
            };
            at += length;
            let digit_behind = matches!(self.keys.get(at), Some(Raw::Typed(c) | Raw::Fixed(c)) if c.is_ascii_digit());
            if digit_before || (digit_behind && is_code(keys)) {
                self.seen.push_str(&literal(keys, &[]));
            } else {
                self.seen.push_str(&compose(keys, method));
            }
            digit_before = false;
        }
    }

    /// What is seen stays, whatever comes.
    fn settle(&mut self) {
        let seen = std::mem::take(&mut self.seen);
        self.keys.zeroize();
        self.keys = reopened(&seen);
        self.seen = seen;
        self.literal = true;
    }

    /// Where the last run of letters begins.
    fn last_run(&self, method: Method) -> usize {
        let mut at = 0;
        let mut begin = 0;
        while at < self.keys.len() {
            begin = at;
            at += run(self.keys.get(at..).unwrap_or_default(), method).max(1);
        }
        if self.keys.get(begin..).is_some_and(|keys| run(keys, method) > 0) { begin } else { self.keys.len() }
    }

    /// An e-mail address or a page: never composed.
    fn is_address(&self) -> bool {
        let sign = |key: &Raw| match key {
            Raw::Typed(c) | Raw::Fixed(c) => c.to_ascii_lowercase(),
            Raw::Tone(_) | Raw::Mark(_) => '\0',
        };
        if self.keys.iter().any(|key| sign(key) == '@') {
            return true;
        }
        let starts = |word: &str| self.keys.iter().map(sign).take(word.len()).eq(word.chars());
        let ends = |word: &str| self.keys.iter().rev().map(sign).take(word.len()).eq(word.chars().rev());
        starts("www.")
            || starts("http:")
            || starts("https:")
            || [".vn", ".com", ".net", ".org", ".edu", ".gov"].into_iter().any(ends)
    }

    fn wipe(&mut self) {
        self.keys.zeroize();
        self.seen.zeroize();
    }
}

/// How many keys from the start are one run of letters; with VNI, of letters
/// and the digits behind them.
fn run(keys: &[Raw], method: Method) -> usize {
    let mut any = false;
    let belongs = |key: &&Raw| {
        let belongs = match key {
            Raw::Typed(c) | Raw::Fixed(c) => c.is_alphabetic() || (any && method == Method::Vni && c.is_ascii_digit()),
            Raw::Tone(_) | Raw::Mark(_) => any,
        };
        any |= belongs;
        belongs
    };
    keys.iter().take_while(belongs).count()
}

/// What is no letter of its own (a combining mark, a joiner): it would make one
/// of two.
fn joins(c: char) -> bool {
    let mut pair = String::from("a");
    pair.push(c);
    pair.graphemes(true).count() == 1
}

/// `AS12`: capitals before digits are a code.
fn is_code(keys: &[Raw]) -> bool {
    keys.len() >= 2 && keys.iter().all(|key| matches!(key, Raw::Typed(c) if c.is_uppercase()))
}

impl Drop for Buffer {
    fn drop(&mut self) {
        self.words.iter_mut().for_each(Word::wipe);
        self.text.zeroize();
    }
}

impl fmt::Debug for Buffer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Buffer({:?}, {} characters)", self.method, self.length())
    }
}

#[cfg(test)]
mod tests;
