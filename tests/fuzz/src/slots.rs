//! Target of what is named in a citizen's sentence.

use std::sync::LazyLock;

use assistant_nlu::normal::Normal;
use assistant_nlu::slots::{SlotReader, choice_in, language_of, language_wished};
use gateway_core::domain::DossierNumberParser;

use crate::TODAY;

/// A citizen's words: every place is one in the text, what is private is in its
/// order and does not stay, and nothing of it is printed.
pub fn slots(data: &[u8]) {
    static READER: LazyLock<SlotReader> = LazyLock::new(|| SlotReader::new(DossierNumberParser::default()));
    let text = String::from_utf8_lossy(data);
    let slots = READER.read(&text, &Normal::of(&text), TODAY);
    let left = slots.without_private();
    let kept: Vec<String> = left.split_whitespace().map(digits).collect();
    let printed = format!("{slots:?}");
    let mut end = 0;
    for named in &slots.private {
        let said = text.get(named.range.clone());
        assert!(said.is_some_and(|said| !said.is_empty()) && named.range.start >= end, "{:?}", named.range);
        end = named.range.end;
        let cut = digits(said.unwrap_or_default());
        // The same digits may stand a second time, as an amount or a date.
        let once = digits(&text).matches(&cut).count() == 1;
        // Whole, or within one word: digits of neighbours only look like it.
        let stays = left.contains(said.unwrap_or_default()) || kept.iter().any(|word| word.contains(&cut));
        assert!(cut.len() < 6 || !once || !stays, "{text:?} -> {left:?}");
        assert!(cut.len() < 6 || !printed.contains(&cut), "{printed}");
    }
    let places = slots.places.iter().filter_map(|place| place.range.as_ref());
    for range in slots.dates.iter().map(|named| &named.range).chain(places) {
        assert!(text.get(range.clone()).is_some_and(|said| !said.is_empty()), "{range:?}");
    }
    let _ = (choice_in(&text), language_of(&text), language_wished(&text));
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}
