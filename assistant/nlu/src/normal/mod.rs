//! A citizen's words as they were meant to be written.

use gateway_core::text::{fold, nfc};

/// A text, normalised.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Normal {
    text: String,
    folded: String,
}

impl Normal {
    /// Reads a text.
    pub fn of(text: &str) -> Self {
        let text = nfc(text).to_lowercase();
        let folded = fold(&text);
        Self { text, folded }
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
}
