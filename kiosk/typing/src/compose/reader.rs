//! Reads keys one by one: which are letters, which are marks and tones.
//!
//! Nothing is decided by one key alone: a key that can be no mark where it
//! stands is a letter, and letters that can be no syllable leave the whole word
//! as it was typed.

use super::is_growing;
use super::render::render;
use super::rime::{Fit, fit, rime_of};
use crate::letters::{Letter, Mark, Method, Raw, Tone, take_apart};

pub(super) struct Reader {
    method: Method,
    letters: Vec<Letter>,
    tone: Option<Tone>,
    /// The key that brought the tone, to be dropped when it is taken back.
    tone_key: Option<usize>,
    mark_keys: [Option<usize>; 4],
    /// What was taken back comes no more in this word.
    no_tones: bool,
    no_marks: [bool; 4],
    dropped: Option<usize>,
    /// Where a tone was taken back by its second key.
    undone_tone: Option<usize>,
    /// A tone or a mark came from a key that has no sign of its own.
    labelled: bool,
    /// Digits in a row before the next key.
    digits: usize,
    state: State,
}

enum State {
    Reading,
    /// No syllable, from the key at this place on; with what stood before,
    /// where keys without a sign of their own brought it.
    Broken(Option<(usize, String)>),
}

impl Reader {
    pub(super) fn new(method: Method) -> Self {
        Self {
            method,
            letters: Vec::with_capacity(8),
            tone: None,
            tone_key: None,
            mark_keys: [None; 4],
            no_tones: false,
            no_marks: [false; 4],
            dropped: None,
            undone_tone: None,
            labelled: false,
            digits: 0,
            state: State::Reading,
        }
    }

    /// Takes the next key; says whether it changed the syllable.
    pub(super) fn take(&mut self, at: usize, key: Raw) -> bool {
        if matches!(self.state, State::Broken(_)) {
            return false;
        }
        match key {
            Raw::Tone(tone) => self.labelled_tone(tone),
            Raw::Mark(mark) => self.labelled_mark(at, mark),
            Raw::Fixed(c) => self.letter(at, c, key),
            Raw::Typed(c) => {
                let taken = match self.method {
                    Method::Telex => self.telex(at, c),
                    Method::Vni => self.vni(at, c),
                    Method::Labelled | Method::Plain => false,
                };
                self.digits = if c.is_ascii_digit() { self.digits + 1 } else { 0 };
                taken || self.letter(at, c, key)
            }
        }
    }

    /// What stood before the word was broken, and where it was.
    pub(super) fn broken_after(&mut self) -> Option<(usize, String)> {
        match &mut self.state {
            State::Broken(before) => before.take(),
            State::Reading => None,
        }
    }

    /// The syllable, unless the keys had better be seen as they are.
    pub(super) fn written(&self) -> Option<String> {
        if matches!(self.state, State::Broken(_)) || self.letters.is_empty() {
            return None;
        }
        let seen = match fit(&self.letters, self.tone) {
            Fit::Impossible => false,
            Fit::Possible => is_growing(&self.letters, self.tone),
            Fit::Whole => true,
        };
        if seen { render(&self.letters, self.tone) } else { None }
    }

    /// Keys that are not seen where the word stays as it was typed.
    pub(super) fn dropped(&self, keys: &[Raw]) -> Vec<usize> {
        // `office`: an English doubled letter before a vowel. `tesst`: somebody
        // who knows how to take a tone back.
        let english = self.undone_tone.is_some_and(
            |at| matches!(keys.get(at + 1), Some(Raw::Typed(c)) if crate::letters::is_vowel(c.to_ascii_lowercase())),
        );
        self.dropped.filter(|_| !english).into_iter().collect()
    }

    fn telex(&mut self, at: usize, c: char) -> bool {
        match c.to_ascii_lowercase() {
            's' => self.tone(at, Tone::Acute),
            'f' => self.tone(at, Tone::Grave),
            'r' => self.tone(at, Tone::Hook),
            'x' => self.tone(at, Tone::Tilde),
            'j' => self.tone(at, Tone::Dot),
            'z' => self.tone.take().is_some(),
            base @ ('a' | 'e' | 'o') => self.mark(at, Mark::Hat, Some(base)),
            'd' => self.mark(at, Mark::Bar, None),
            'w' => self.mark(at, Mark::Horn, None) || self.mark(at, Mark::Breve, None) || self.bare_horn(at, c),
            _ => false,
        }
    }

    fn vni(&mut self, at: usize, c: char) -> bool {
        let tone = match c {
            '1' => Tone::Acute,
            '2' => Tone::Grave,
            '3' => Tone::Hook,
            '4' => Tone::Tilde,
            '5' => Tone::Dot,
            '6' => return self.mark(at, Mark::Hat, None),
            '7' => return self.mark(at, Mark::Horn, None),
            '8' => return self.mark(at, Mark::Breve, None),
            '9' => return self.mark(at, Mark::Bar, None),
            '0' => return self.tone.take().is_some(),
            _ => return false,
        };
        // `so123` is a number: nobody changes a tone twice within a few keys.
        let number = self.digits >= 2 && self.tone.is_some_and(|was| was != tone);
        !number && self.tone(at, tone)
    }

    fn tone(&mut self, at: usize, tone: Tone) -> bool {
        if self.no_tones || !self.has_rime() {
            return false;
        }
        if self.tone == Some(tone) && self.tone_key.is_some() {
            self.tone = None;
            self.no_tones = true;
            self.dropped = self.tone_key.take();
            self.undone_tone = Some(at);
            return false;
        }
        self.tone = Some(tone);
        self.tone_key = Some(at);
        true
    }

    fn labelled_tone(&mut self, tone: Tone) -> bool {
        if !self.has_rime() {
            return false;
        }
        self.tone_key = None;
        self.labelled = true;
        self.tone = if self.tone == Some(tone) { None } else { Some(tone) };
        true
    }

    /// A mark by a key of the method; typed twice, it is taken back and the key
    /// is a letter.
    fn mark(&mut self, at: usize, mark: Mark, base: Option<char>) -> bool {
        if self.no_marks.get(slot(mark)) != Some(&false) {
            return false;
        }
        if self.set_mark(mark, base) {
            self.remember(at, mark);
            return true;
        }
        let carries = |letter: &Letter| letter.mark == Some(mark) && base.is_none_or(|base| letter.base == base);
        let by_key = self.mark_keys.get(slot(mark)).copied().flatten();
        if by_key.is_some() && self.letters.iter().any(carries) {
            self.clear_mark(mark);
            self.dropped = by_key;
            if let Some(off) = self.no_marks.get_mut(slot(mark)) {
                *off = true;
            }
        }
        false
    }

    fn labelled_mark(&mut self, at: usize, mark: Mark) -> bool {
        if self.set_mark(mark, None) {
            self.labelled = true;
            self.remember(at, mark);
            return true;
        }
        let marked = self.letters.iter().any(|letter| letter.mark == Some(mark));
        if marked {
            self.clear_mark(mark);
        }
        marked
    }

    /// `tw`: *tư*. A `w` behind a vowel that takes no mark is a letter.
    fn bare_horn(&mut self, at: usize, c: char) -> bool {
        if self.no_marks.get(slot(Mark::Horn)) != Some(&false) || self.has_rime() {
            return false;
        }
        self.letters.push(Letter { base: 'u', mark: Some(Mark::Horn), upper: c.is_uppercase() });
        if fit(&self.letters, self.tone) == Fit::Impossible {
            self.letters.pop();
            return false;
        }
        self.remember(at, Mark::Horn);
        true
    }

    /// Sets a mark where a syllable may come of it.
    fn set_mark(&mut self, mark: Mark, base: Option<char>) -> bool {
        if mark == Mark::Bar {
            return match self.letters.first_mut() {
                Some(first) if first.base == 'd' && first.mark.is_none() => {
                    first.mark = Some(Mark::Bar);
                    true
                }
                _ => false,
            };
        }
        let rime = rime_of(&self.letters);
        for choice in self.choices(mark, base, rime) {
            let before = self.letters.clone();
            for (at, letter) in self.letters.iter_mut().enumerate().skip(rime) {
                if letter.is_vowel() {
                    letter.mark = choice.contains(&at).then_some(mark);
                }
            }
            if self.letters != before && fit(&self.letters, None) != Fit::Impossible {
                return true;
            }
            self.letters = before;
        }
        false
    }

    /// The places where a mark may go, best first. Each is one or two letters.
    fn choices(&self, mark: Mark, base: Option<char>, rime: usize) -> Vec<Vec<usize>> {
        let takes = |letter: &Letter| match mark {
            Mark::Hat => matches!(letter.base, 'a' | 'e' | 'o') && base.is_none_or(|base| letter.base == base),
            Mark::Horn => matches!(letter.base, 'o' | 'u'),
            Mark::Breve => letter.base == 'a',
            Mark::Bar => false,
        };
        let places: Vec<usize> =
            self.letters.iter().enumerate().skip(rime).filter(|(_, l)| takes(l)).map(|(at, _)| at).collect();
        // Letters that have the mark by a key are left to be taken back.
        if places.iter().all(|at| self.letters.get(*at).is_some_and(|letter| letter.mark == Some(mark))) {
            return Vec::new();
        }
        let mut choices: Vec<Vec<usize>> = Vec::with_capacity(3);
        let uo = mark == Mark::Horn
            && matches!(self.letters.get(rime..), Some([u, o, ..]) if u.base == 'u' && o.base == 'o');
        if uo {
            let both = vec![rime, rime + 1];
            // *thuở* is the one word that ends so; all others have *ươ*.
            let marked = self.letters.iter().skip(rime).any(|letter| letter.mark == Some(Mark::Horn));
            if self.letters.len() > rime + 2 || marked {
                choices.push(both);
            } else {
                choices.push(vec![rime + 1]);
                choices.push(both);
            }
        } else {
            choices.extend(places.into_iter().map(|at| vec![at]));
        }
        choices
    }

    fn letter(&mut self, at: usize, c: char, key: Raw) -> bool {
        let before = self.letters.clone();
        let tone_before = self.tone;
        let (letter, tone) = take_apart(c);
        self.letters.push(letter);
        self.tone = tone.or(self.tone);
        self.both_horns();
        if fit(&self.letters, None) != Fit::Impossible {
            return true;
        }
        // Keys without a sign of their own, or letters that stand: what was
        // seen of them stays as it is.
        let stands = self.method == Method::Labelled || matches!(key, Raw::Fixed(_)) || self.labelled;
        let seen = if stands && !before.is_empty() { render(&before, tone_before) } else { None };
        self.state = State::Broken(seen.map(|seen| (at, seen)));
        false
    }

    /// *uơ* with something behind it is *ươ*, and *ưo* always.
    fn both_horns(&mut self) {
        let rime = rime_of(&self.letters);
        let Some([u, o, _, ..]) = self.letters.get_mut(rime..) else { return };
        let horned = [&*u, &*o].iter().any(|letter| letter.mark == Some(Mark::Horn));
        if u.base == 'u' && o.base == 'o' && horned {
            u.mark = Some(Mark::Horn);
            o.mark = Some(Mark::Horn);
        }
    }

    fn has_rime(&self) -> bool {
        self.letters.len() > rime_of(&self.letters)
    }

    fn remember(&mut self, at: usize, mark: Mark) {
        if let Some(key) = self.mark_keys.get_mut(slot(mark)) {
            *key = Some(at);
        }
    }

    fn clear_mark(&mut self, mark: Mark) {
        for letter in self.letters.iter_mut().filter(|letter| letter.mark == Some(mark)) {
            letter.mark = None;
        }
    }
}

fn slot(mark: Mark) -> usize {
    match mark {
        Mark::Hat => 0,
        Mark::Horn => 1,
        Mark::Breve => 2,
        Mark::Bar => 3,
    }
}
