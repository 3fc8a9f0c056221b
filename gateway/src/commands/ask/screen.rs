//! How an answer is shown: lines for people, objects for programs.

use anyhow::Context as _;
use gateway_core::domain::Locale;
use gateway_locale::Locales;
use gateway_locale::keys::Key;
use serde::Serialize;

use super::client::{Choice, Said};
use crate::commands::out;

/// What `--json` prints of an answer: one object on one line.
#[derive(Debug, Serialize)]
struct JsonAnswer<'a> {
    action: Option<&'a str>,
    codes: &'a [String],
    number: Option<&'a str>,
    text: &'a str,
    choices: &'a [Choice],
    refusal: Option<&'a str>,
    locale: &'a str,
}

/// Where answers are shown.
#[derive(Debug, Clone, Copy)]
pub(super) enum Screen {
    /// One JSON object an answer.
    Json,
    /// Lines, with or without colours.
    Lines {
        /// Whether they are coloured.
        coloured: bool,
    },
}

impl Screen {
    /// Shows an answer.
    pub(super) fn show(self, said: &Said) -> anyhow::Result<()> {
        match self {
            Self::Json => {
                let answer = JsonAnswer {
                    action: said.action.as_deref(),
                    codes: &said.codes,
                    number: said.number.as_deref(),
                    text: &said.text,
                    choices: &said.choices,
                    refusal: said.refusal.as_deref(),
                    locale: said.locale.as_str(),
                };
                out(&serde_json::to_string(&answer)?);
            }
            Self::Lines { coloured } => {
                out(&printable(&said.text));
                for (place, choice) in said.choices.iter().enumerate() {
                    let line = format!("  {}. {}", place + 1, printable(&choice.label));
                    out(&if coloured { format!("\u{1b}[36m{line}\u{1b}[0m") } else { line });
                }
            }
        }
        Ok(())
    }

    /// Says something of our own; programs are told nothing that is no answer.
    pub(super) fn say(self, locale: Locale, key: Key) -> anyhow::Result<()> {
        if let Self::Lines { coloured } = self {
            let words = Locales::embedded().context("words")?.text(locale, key.id, &[]);
            out(&if coloured { format!("\u{1b}[2m{words}\u{1b}[0m") } else { words });
        }
        Ok(())
    }
}

/// A server's text without what would steer the terminal: escape sequences,
/// other control characters, changes of writing direction.
fn printable(text: &str) -> String {
    let steers = |c: char| {
        c.is_control() && c != '\n'
            || matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    };
    text.chars().filter(|&c| !steers(c)).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_servers_text_does_not_steer_the_terminal() {
        assert_eq!(super::printable("a\u{1b}[2Jb\u{202e}c\nd\u{7}"), "a[2Jbc\nd");
    }
}
