//! What a citizen types: one field at a time, held here and not in the
//! toolkit, so that it can be wiped.

use std::fmt;

use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

/// The tones that have keys of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

impl Tone {
    /// The combining mark.
    fn mark(self) -> char {
        match self {
            Self::Acute => '\u{301}',
            Self::Grave => '\u{300}',
            Self::Hook => '\u{309}',
            Self::Tilde => '\u{303}',
            Self::Dot => '\u{323}',
        }
    }
}

/// A key, of the screen or of a real keyboard.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// A letter, digit or sign.
    Typed(char),
    /// A tone on what was typed.
    Tone(Tone),
    /// The last one goes.
    Erase,
}

/// It may be a digit of an ID.
impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

/// Composes Vietnamese from keys.
pub trait Composer {
    /// The text after one more key.
    fn press(&mut self, text: &str, key: Key) -> String;
    /// A new field begins.
    fn reset(&mut self);
}

/// Letters as they are, and tone keys on the last vowel: what works without a
/// method of input.
#[derive(Debug, Default)]
pub struct ToneKeys;

impl Composer for ToneKeys {
    fn press(&mut self, text: &str, key: Key) -> String {
        match key {
            Key::Typed(letter) => format!("{text}{letter}"),
            Key::Erase => text.char_indices().next_back().map_or("", |(at, _)| &text[..at]).to_owned(),
            Key::Tone(tone) => {
                let is_vowel =
                    |letter: char| letter.nfd().next().is_some_and(|base| "aeiouy".contains(base.to_ascii_lowercase()));
                let Some((at, vowel)) = text.char_indices().rev().find(|(_, letter)| is_vowel(*letter)) else {
                    return text.to_owned();
                };
                let rest = &text[at + vowel.len_utf8()..];
                if rest.contains(' ') {
                    return text.to_owned();
                }
                // One tone a syllable: another one takes the first one's place.
                let bare = vowel.nfd().filter(|mark| !"\u{301}\u{300}\u{309}\u{303}\u{323}".contains(*mark));
                let toned: String = bare.chain(std::iter::once(tone.mark())).nfc().collect();
                format!("{}{toned}{rest}", &text[..at])
            }
        }
    }

    fn reset(&mut self) {}
}

/// A text that is being typed. It is wiped when it goes.
#[derive(Clone, PartialEq, Eq)]
pub struct Field {
    text: Zeroizing<String>,
    most: usize,
    digits_only: bool,
}

impl Field {
    /// A field of at most so many characters.
    pub fn of(most: usize) -> Self {
        Self { text: Zeroizing::default(), most, digits_only: false }
    }

    /// A field of digits.
    pub fn digits(most: usize) -> Self {
        Self { digits_only: true, ..Self::of(most) }
    }

    /// What stands in it.
    pub fn text(&self) -> &Zeroizing<String> {
        &self.text
    }

    /// How many characters.
    pub fn len(&self) -> usize {
        self.text.chars().count()
    }

    /// Whether nothing was typed.
    pub fn is_empty(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// Another text in its place.
    pub fn set(&mut self, text: &str) {
        self.text = Zeroizing::new(text.chars().take(self.most).collect());
    }

    /// Nothing stands in it any more.
    pub fn clear(&mut self) {
        self.text = Zeroizing::default();
    }

    /// One more key.
    pub fn press(&mut self, key: Key, composer: &mut dyn Composer) {
        match key {
            Key::Typed(letter) if self.digits_only && !letter.is_ascii_digit() => {}
            Key::Tone(_) if self.digits_only => {}
            Key::Typed(_) if self.len() >= self.most => {}
            // Of digits nothing is composed: `7` is no tone there.
            Key::Typed(letter) if self.digits_only => self.text.push(letter),
            Key::Erase if self.digits_only => {
                self.text.pop();
            }
            key => self.text = Zeroizing::new(composer.press(&self.text, key)),
        }
    }
}

/// Never what was typed.
impl fmt::Debug for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Field({} characters)", self.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(text: &str, tone: Tone) -> String {
        ToneKeys.press(text, Key::Tone(tone))
    }

    #[test]
    fn tone_keys_mark_the_last_vowel_of_the_syllable() {
        assert_eq!(typed("khai sinh", Tone::Acute), "khai sính");
        assert_eq!(typed("đê", Tone::Hook), "để");
        assert_eq!(typed("á", Tone::Grave), "à");
        assert_eq!(typed("h", Tone::Grave), "h");
        assert_eq!(typed("ma ", Tone::Grave), "ma ");
    }

    #[test]
    fn erasing_takes_one_character_whole() {
        assert_eq!(ToneKeys.press("để", Key::Erase), "đ");
        assert_eq!(ToneKeys.press("", Key::Erase), "");
    }

    #[test]
    fn a_field_of_digits_takes_digits_and_no_more_than_it_holds() {
        let mut field = Field::digits(4);
        for letter in "1a2-345".chars() {
            field.press(Key::Typed(letter), &mut ToneKeys);
        }
        assert_eq!(field.text().as_str(), "1234");
        assert_eq!(format!("{field:?}"), "Field(4 characters)");
        assert_eq!(format!("{:?}", Key::Typed('7')), "Key(…)");
    }
}
