//! Letters, marks and tones of Vietnamese, and the keys that bring them.

use unicode_normalization::UnicodeNormalization;
use zeroize::DefaultIsZeroes;

/// How the citizen writes marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Method {
    /// Letters: `vieetj` is *việt*.
    Telex,
    /// Digits: `viet65` is *việt*.
    Vni,
    /// Keys with *ă â đ ê ô ơ ư* and the five tones on them, for who knows
    /// neither of the two. No plain letter or digit ever changes another one.
    #[default]
    Labelled,
    /// Nothing is composed: English, numbers, e-mail addresses.
    Plain,
}

/// The five tones that are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tone {
    /// Sắc.
    Acute,
    /// Huyền.
    Grave,
    /// Hỏi.
    Hook,
    /// Ngã.
    Tilde,
    /// Nặng.
    Dot,
}

/// What makes another letter of a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mark {
    /// *â ê ô*.
    Hat,
    /// *ơ ư*.
    Horn,
    /// *ă*.
    Breve,
    /// *đ*.
    Bar,
}

/// One key of the keyboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Key {
    /// A letter (in its case), a digit or a sign. *ă â đ ê ô ơ ư* are taken by
    /// every method.
    Char(char),
    /// A labelled tone; once more takes it away.
    Tone(Tone),
    /// A labelled mark; once more takes it away.
    Mark(Mark),
    /// Ends the word.
    Space,
    /// Takes away the last letter that is seen, with all its marks.
    Backspace,
    /// Takes away everything.
    Clear,
}

/// A key as it is kept: what a letter does depends on the method only while it
/// is as it was typed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Raw {
    /// As typed: it may be a key of the method.
    Typed(char),
    /// A letter that stands, whatever the method makes of its key.
    Fixed(char),
    Tone(Tone),
    Mark(Mark),
}

impl Default for Raw {
    fn default() -> Self {
        Self::Typed('\0')
    }
}

impl DefaultIsZeroes for Raw {}

/// A letter without its tone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Letter {
    /// Lower case, without marks.
    pub(crate) base: char,
    pub(crate) mark: Option<Mark>,
    pub(crate) upper: bool,
}

impl Letter {
    pub(crate) fn is_vowel(self) -> bool {
        is_vowel(self.base)
    }

    /// In lower case.
    pub(crate) fn marked(self) -> char {
        match (self.base, self.mark) {
            ('a', Some(Mark::Hat)) => 'â',
            ('e', Some(Mark::Hat)) => 'ê',
            ('o', Some(Mark::Hat)) => 'ô',
            ('o', Some(Mark::Horn)) => 'ơ',
            ('u', Some(Mark::Horn)) => 'ư',
            ('a', Some(Mark::Breve)) => 'ă',
            ('d', Some(Mark::Bar)) => 'đ',
            (base, _) => base,
        }
    }
}

pub(crate) fn is_vowel(base: char) -> bool {
    matches!(base, 'a' | 'e' | 'i' | 'o' | 'u' | 'y')
}

/// `Ế` → `e` with a hat, upper case, and the acute. Letters that are not
/// Vietnamese are their own base.
pub(crate) fn take_apart(c: char) -> (Letter, Option<Tone>) {
    let mut lower = c.to_lowercase();
    let small = match (lower.next(), lower.next()) {
        (Some(small), None) => small,
        // `İ` is two characters in lower case, and no Vietnamese letter.
        _ => c,
    };
    let upper = small != c;
    if small == 'đ' {
        return (Letter { base: 'd', mark: Some(Mark::Bar), upper }, None);
    }
    let mut parts = std::iter::once(small).nfd();
    let mut letter = Letter { base: parts.next().unwrap_or(small), mark: None, upper };
    let mut tone = None;
    for part in parts {
        match part {
            '\u{302}' => letter.mark = Some(Mark::Hat),
            '\u{306}' => letter.mark = Some(Mark::Breve),
            '\u{31B}' => letter.mark = Some(Mark::Horn),
            part => match tone_of(part) {
                Some(found) => tone = Some(found),
                None => return (Letter { base: small, mark: None, upper }, None),
            },
        }
    }
    (letter, tone)
}

/// The combining character of a tone.
pub(crate) fn combining(tone: Tone) -> char {
    match tone {
        Tone::Acute => '\u{301}',
        Tone::Grave => '\u{300}',
        Tone::Hook => '\u{309}',
        Tone::Tilde => '\u{303}',
        Tone::Dot => '\u{323}',
    }
}

/// The tone of a combining character.
pub(crate) fn tone_of(combining: char) -> Option<Tone> {
    Some(match combining {
        '\u{301}' => Tone::Acute,
        '\u{300}' => Tone::Grave,
        '\u{309}' => Tone::Hook,
        '\u{303}' => Tone::Tilde,
        '\u{323}' => Tone::Dot,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_come_apart_and_together() {
        let (letter, tone) = take_apart('Ế');
        assert_eq!((letter.base, letter.mark, letter.upper), ('e', Some(Mark::Hat), true));
        assert_eq!(tone, Some(Tone::Acute));
        assert_eq!(letter.marked(), 'ê');
        assert_eq!(take_apart('Đ').0.marked(), 'đ');
        assert_eq!(take_apart('ñ').1, Some(Tone::Tilde));
        assert_eq!(take_apart('ö').0.base, 'ö');
        assert_eq!(take_apart('İ').0.base, 'İ');
    }
}
