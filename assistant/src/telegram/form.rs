//! A saying in Telegram's form: texts of at most 4,096 UTF-16 units, buttons
//! below the last one.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use unicode_segmentation::GraphemeCursor;

use crate::messenger::Saying;

/// The longest text of a message, in UTF-16 units (Bot API, `sendMessage`).
pub(super) const LONGEST_TEXT: usize = 4_096;

/// The longest that a button may carry unseen, in bytes (Bot API,
/// `InlineKeyboardButton.callback_data`).
const LONGEST_DATA: usize = 64;

/// What a button carries: its words, where they fit, …
const WORDS: char = '=';
/// … or a mark of them, where they stand on the button.
const MARK: char = '#';

/// One message, as it waits in the outbox.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Part {
    pub(super) text: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) buttons: Vec<Button>,
    /// The label of the contact button.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) contact: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Button {
    pub(super) shown: String,
    pub(super) words: String,
}

impl Button {
    /// What stands on it and what it carries. Words that are too long to be
    /// carried stand on it themselves: Telegram gives the message's own buttons
    /// back with the one that was pressed, so nothing must be remembered here,
    /// and no citizen sends what they did not read.
    pub(super) fn inline(&self) -> (&str, String) {
        let carried = format!("{WORDS}{}", self.words);
        if carried.len() <= LONGEST_DATA { (&self.shown, carried) } else { (&self.words, mark(&self.words)) }
    }
}

/// The words of a pressed button, from what it carries and the buttons of its
/// message with what each carries.
pub(super) fn words_of<'k>(data: &str, keyboard: impl Iterator<Item = (&'k str, Option<&'k str>)>) -> Option<String> {
    let said = |words: &str| Some(words.trim().to_owned()).filter(|words| !words.is_empty());
    if let Some(words) = data.strip_prefix(WORDS) {
        return said(words);
    }
    let mut keyboard = keyboard;
    let (shown, _) = keyboard.find(|(shown, carried)| *carried == Some(data) && mark(shown) == data)?;
    said(shown)
}

fn mark(words: &str) -> String {
    let hash = Sha256::digest(words.as_bytes());
    let mut mark = String::from(MARK);
    for byte in hash.iter().take(12) {
        mark.push_str(&format!("{byte:02x}"));
    }
    mark
}

/// The messages of a saying, each as JSON.
pub(super) fn parts(saying: &Saying) -> Vec<String> {
    let mut parts: Vec<Part> = pieces(&saying.text, LONGEST_TEXT)
        .into_iter()
        .map(|text| Part { text: text.to_owned(), ..Part::default() })
        .collect();
    if let Some(last) = parts.last_mut() {
        let named = saying.buttons.iter().filter(|(shown, words)| !shown.trim().is_empty() && !words.trim().is_empty());
        last.buttons = named.map(|(shown, words)| Button { shown: shown.clone(), words: words.clone() }).collect();
        last.contact.clone_from(&saying.ask_contact);
    }
    // A struct of texts has no form that JSON lacks.
    parts.iter().filter_map(|part| serde_json::to_string(part).ok()).collect()
}

/// A text in pieces of at most so many UTF-16 units: cut after a paragraph, a
/// sentence, a word, or between two letters.
fn pieces(text: &str, most: usize) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text.trim();
    while let Some(end) = overflow(rest, most) {
        let Some((piece, more)) = rest.split_at_checked(best_cut(rest, end)) else { break };
        pieces.push(piece.trim_end());
        rest = more.trim_start();
    }
    pieces.push(rest);
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

/// Where the text goes beyond the limit, in bytes; `None` where it fits.
fn overflow(text: &str, most: usize) -> Option<usize> {
    let mut units = 0;
    text.char_indices().find_map(|(at, letter)| {
        units += letter.len_utf16();
        (units > most).then_some(at)
    })
}

/// The best place to cut in front of `end`; never 0.
fn best_cut(text: &str, end: usize) -> usize {
    let window = text.get(..end).unwrap_or(text);
    // A piece of a few words is worse than a cut sentence.
    let least = end / 4;
    let worth = |at: Option<usize>| at.filter(|at| *at > least);
    let sentence = || {
        window.char_indices().rev().find_map(|(at, letter)| {
            let after = at + letter.len_utf8();
            // A dot within a dossier's number ends nothing.
            let ends = matches!(letter, '.' | '!' | '?' | '…' | ':' | ';')
                && text.get(after..).is_some_and(|rest| rest.starts_with(char::is_whitespace));
            ends.then_some(after)
        })
    };
    worth(window.rfind("\n\n"))
        .or_else(|| worth(window.rfind('\n')))
        .or_else(|| worth(sentence()))
        .or_else(|| worth(window.rfind(' ')))
        .unwrap_or_else(|| between_letters(text, end))
}

/// The last end of a letter at or before `end`; `end` itself where one letter
/// is longer than a message.
fn between_letters(text: &str, end: usize) -> usize {
    let mut cursor = GraphemeCursor::new(end, text.len(), true);
    if cursor.is_boundary(text, 0) == Ok(true) {
        return end;
    }
    match cursor.prev_boundary(text, 0) {
        Ok(Some(at)) if at > 0 => at,
        _ => end,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn saying(text: &str, buttons: &[(&str, &str)]) -> Saying {
        let buttons = buttons.iter().map(|(shown, words)| ((*shown).to_owned(), (*words).to_owned())).collect();
        Saying { text: text.into(), buttons, ask_contact: None }
    }

    fn read(parts: &[String]) -> Vec<Part> {
        parts.iter().map(|part| serde_json::from_str(part).unwrap()).collect()
    }

    fn units(text: &str) -> usize {
        text.encode_utf16().count()
    }

    #[test]
    fn a_long_text_is_parted_between_sentences_and_the_last_part_has_the_buttons() {
        let sentence = "Hồ sơ 000.00.17.H09-210819-0012 đang được giải quyết tại phường. ";
        let parts = read(&parts(&saying(&sentence.repeat(100), &[("Xem", "xem hồ sơ")])));
        assert_eq!(parts.len(), 2);
        assert!(parts.iter().all(|part| part.text.ends_with("tại phường.") && units(&part.text) <= LONGEST_TEXT));
        assert!(parts[0].buttons.is_empty() && parts[1].buttons.len() == 1);
    }

    #[test]
    fn a_short_text_is_one_message_and_an_empty_one_none() {
        assert_eq!(parts(&saying("Chào", &[])), [r#"{"text":"Chào"}"#]);
        assert!(parts(&saying(" \n ", &[("a", "b")])).is_empty());
    }

    #[test]
    fn emoji_are_two_units_and_families_stay_together() {
        let text = "👨‍👩‍👧‍👦".repeat(600);
        let parts = read(&parts(&saying(&text, &[])));
        assert!(parts.iter().all(|part| units(&part.text) <= LONGEST_TEXT));
        assert!(parts.iter().all(|part| part.text.starts_with('👨') && part.text.ends_with('👦')));
        assert_eq!(parts.iter().map(|part| part.text.as_str()).collect::<String>(), text);
    }

    #[test]
    fn short_words_are_carried_and_long_ones_stand_on_the_button() {
        let short = Button { shown: "Lệ phí".into(), words: "lệ phí khai sinh".into() };
        assert_eq!(short.inline(), ("Lệ phí", "=lệ phí khai sinh".to_owned()));
        let long = Button {
            shown: "Khai sinh có yếu tố nước ngoài".into(),
            words: "thủ tục đăng ký khai sinh có yếu tố nước ngoài tại phường".into(),
        };
        let (shown, data) = long.inline();
        assert_eq!(shown, long.words);
        assert!(data.len() <= LONGEST_DATA && data.starts_with(MARK));
        let keyboard = [("Khác", Some("=khác")), (shown, Some(data.as_str()))];
        assert_eq!(words_of(&data, keyboard.into_iter()).as_deref(), Some(long.words.as_str()));
        // Without its buttons, and with another's text under the same mark.
        assert_eq!(words_of(&data, std::iter::empty()), None);
        assert_eq!(words_of(&data, [("Khác", Some(data.as_str()))].into_iter()), None);
        assert_eq!(words_of("=", std::iter::empty()), None);
    }

    proptest! {
        #[test]
        fn nothing_of_a_text_is_lost(text in "(\\PC{0,30}[ .\n!?]{0,3}){0,12}", most in 20_usize..80) {
            let pieces = pieces(&text, most);
            let squeezed = |text: &str| text.split_whitespace().collect::<String>();
            prop_assert_eq!(pieces.iter().map(|piece| squeezed(piece)).collect::<String>(), squeezed(&text));
            for piece in pieces {
                prop_assert!(!piece.is_empty() && units(piece) <= most);
            }
        }

        #[test]
        fn every_button_comes_back_as_its_words(shown in "\\PC{1,40}", words in "[a-zà-ỹ]\\PC{0,120}[a-zà-ỹ]") {
            let button = Button { shown, words: words.clone() };
            let (text, data) = button.inline();
            prop_assert!(data.len() <= LONGEST_DATA);
            let back = words_of(&data, std::iter::once((text, Some(data.as_str()))));
            prop_assert_eq!(back.as_deref(), Some(words.as_str()));
        }
    }
}
