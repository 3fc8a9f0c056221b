//! Tactile keypads, whose keys arrive as a keyboard's.
//!
//! They are set to send what this table reads: keys that no scanner and no
//! on-screen keyboard sends, so that none is taken for text.

/// What a tactile key means, on every screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PadKey {
    /// The next thing on the screen is spoken and has the focus.
    Next,
    /// The one before.
    Previous,
    /// Take what has the focus.
    Choose,
    /// One step back.
    Back,
    /// To the first screen.
    Home,
    /// Say it again.
    Repeat,
    /// Louder.
    Louder,
    /// Softer.
    Softer,
    /// The other language.
    Language,
    /// Call an officer.
    Call,
    /// Headphones were put in or taken out (the socket's own switch).
    Headphones(bool),
}

/// Keys as a keypad sends them, by the name of the key (W3C UI Events `key`).
const KEYS: [(&str, PadKey); 21] = [
    ("ArrowDown", PadKey::Next),
    ("ArrowRight", PadKey::Next),
    ("Tab", PadKey::Next),
    ("ArrowUp", PadKey::Previous),
    ("ArrowLeft", PadKey::Previous),
    ("Enter", PadKey::Choose),
    ("Escape", PadKey::Back),
    ("Home", PadKey::Home),
    ("F13", PadKey::Repeat),
    ("F14", PadKey::Call),
    ("F15", PadKey::Headphones(true)),
    ("F16", PadKey::Headphones(false)),
    ("F17", PadKey::Language),
    ("F18", PadKey::Back),
    ("F19", PadKey::Home),
    ("F20", PadKey::Choose),
    ("F21", PadKey::Louder),
    ("F22", PadKey::Softer),
    ("AudioVolumeUp", PadKey::Louder),
    ("AudioVolumeDown", PadKey::Softer),
    ("F1", PadKey::Repeat),
];

/// The meaning of a key; nothing for keys of text. Shift turns Tab around.
pub fn pad_key(name: &str, shift: bool) -> Option<PadKey> {
    if name == "Tab" && shift {
        return Some(PadKey::Previous);
    }
    KEYS.iter().find(|(key, _)| *key == name).map(|(_, meaning)| *meaning)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_means_one_thing() {
        for (at, (key, meaning)) in KEYS.iter().enumerate() {
            assert!(KEYS.iter().skip(at + 1).all(|(other, _)| other != key), "{key}");
            assert_eq!(pad_key(key, false), Some(*meaning));
        }
        assert_eq!(pad_key("Tab", true), Some(PadKey::Previous));
        assert_eq!(pad_key("a", false), None);
    }
}
