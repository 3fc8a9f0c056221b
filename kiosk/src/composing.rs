//! Vietnamese from keys: the room `kiosk-typing` behind the logic's port.

use kiosk_typing::{Buffer, Method};
use kiosk_typing::{Key as Pressed, Tone as Written};

use crate::flow::field::{Composer, Key, Tone};

/// Longer than any field; each field has a length of its own.
const MOST: usize = 400;

/// Composes with Telex: its letters, and the labelled keys of letters and tones,
/// work side by side.
pub struct Composing(Buffer);

impl Default for Composing {
    fn default() -> Self {
        Self(Buffer::new(Method::Telex, MOST))
    }
}

impl Composer for Composing {
    fn press(&mut self, text: &str, key: Key) -> String {
        if self.0.text() != text {
            self.0.set_text(text);
        }
        self.0.press(match key {
            Key::Typed(letter) => Pressed::Char(letter),
            Key::Erase => Pressed::Backspace,
            Key::Tone(tone) => Pressed::Tone(match tone {
                Tone::Acute => Written::Acute,
                Tone::Grave => Written::Grave,
                Tone::Hook => Written::Hook,
                Tone::Tilde => Written::Tilde,
                Tone::Dot => Written::Dot,
            }),
        });
        self.0.text().to_owned()
    }

    fn reset(&mut self) {
        self.0.wipe();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(keys: &str) -> String {
        let mut composing = Composing::default();
        keys.chars().fold(String::new(), |text, key| composing.press(&text, Key::Typed(key)))
    }

    #[test]
    fn telex_and_labelled_keys_compose_the_same() {
        assert_eq!(typed("ddawng kys khai sinh"), "đăng ký khai sinh");
        let mut composing = Composing::default();
        let text = "đăng ky".chars().fold(String::new(), |text, key| composing.press(&text, Key::Typed(key)));
        assert_eq!(composing.press(&text, Key::Tone(Tone::Acute)), "đăng ký");
    }

    #[test]
    fn a_field_that_was_left_is_not_remembered() {
        let mut composing = Composing::default();
        composing.press("", Key::Typed('a'));
        composing.reset();
        assert_eq!(composing.press("", Key::Typed('s')), "s");
    }
}
