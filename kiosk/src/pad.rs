//! The tactile keypad: its keys come as a keyboard's, before any control has
//! them, and do on every screen what is written on them.

use kiosk_devices::keypad::{PadKey, pad_key};
use slint::SharedString;
use slint::platform::Key as Named;

use crate::flow::{Event, Place, Switch};

/// What a key of the pad does.
#[derive(Debug)]
pub enum Pressed {
    /// It happens at the terminal.
    Event(Event),
    /// Headphones were put in or taken out.
    Headphones(bool),
    /// Louder or softer.
    Volume {
        /// Louder.
        louder: bool,
    },
    /// What this key of a keyboard does.
    Keyboard(SharedString),
}

/// The keys that Slint names otherwise than the W3C: those of the pad alone, and
/// none that a keyboard's user presses for what it does anyway (Tab, Enter).
const KEYS: [(Named, &str); 17] = [
    (Named::DownArrow, "ArrowDown"),
    (Named::RightArrow, "ArrowRight"),
    (Named::UpArrow, "ArrowUp"),
    (Named::LeftArrow, "ArrowLeft"),
    (Named::Escape, "Escape"),
    (Named::Home, "Home"),
    (Named::F1, "F1"),
    (Named::F13, "F13"),
    (Named::F14, "F14"),
    (Named::F15, "F15"),
    (Named::F16, "F16"),
    (Named::F17, "F17"),
    (Named::F18, "F18"),
    (Named::F19, "F19"),
    (Named::F20, "F20"),
    (Named::F21, "F21"),
    (Named::F22, "F22"),
];

/// What a key of the window's means on the pad; nothing for every other key.
pub fn pressed(text: &str) -> Option<Pressed> {
    let (_, name) = KEYS.iter().find(|(key, _)| text.chars().eq([char::from(*key)]))?;
    Some(match pad_key(name, false)? {
        PadKey::Next => Pressed::Keyboard(char::from(Named::Tab).into()),
        PadKey::Previous => Pressed::Keyboard(char::from(Named::Backtab).into()),
        PadKey::Choose => Pressed::Keyboard(char::from(Named::Return).into()),
        PadKey::Back => Pressed::Event(Event::Back),
        PadKey::Home => Pressed::Event(Event::Home),
        PadKey::Repeat => Pressed::Event(Event::SayAgain),
        PadKey::Language => Pressed::Event(Event::Switch(Switch::Language)),
        PadKey::Call => Pressed::Event(Event::Go(Place::Call)),
        PadKey::Headphones(are_in) => Pressed::Headphones(are_in),
        PadKey::Louder => Pressed::Volume { louder: true },
        PadKey::Softer => Pressed::Volume { louder: false },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(key: Named) -> Option<Pressed> {
        pressed(&String::from(char::from(key)))
    }

    #[test]
    fn every_key_of_the_pad_does_something() {
        for (key, name) in KEYS {
            assert_eq!(of(key).is_some(), pad_key(name, false).is_some(), "{name}");
        }
        assert!(matches!(of(Named::DownArrow), Some(Pressed::Keyboard(tab)) if tab.chars().eq(['\t'])));
        assert!(matches!(of(Named::F15), Some(Pressed::Headphones(true))));
        assert!(matches!(of(Named::F14), Some(Pressed::Event(Event::Go(Place::Call)))));
        assert!(matches!(of(Named::F22), Some(Pressed::Volume { louder: false })));
    }

    #[test]
    fn a_keyboards_own_keys_are_left_alone() {
        for key in [Named::Tab, Named::Return, Named::Backspace, Named::Space, Named::Shift] {
            assert!(of(key).is_none());
        }
        assert!(pressed("a").is_none() && pressed("").is_none());
    }
}
