//! A long text as several messages.

use unicode_segmentation::UnicodeSegmentation;

/// The texts of at most so many UTF-16 units that carry a text, cut at the end
/// of a line, else of a sentence, else of a word, at the least between grapheme
/// clusters. Only one that does not fit by itself is cut within.
///
/// UTF-16 units, because no messenger says what it counts as a character, and
/// none counts more.
pub(crate) fn parted(text: &str, most: usize) -> Vec<String> {
    let mut parts = Vec::new();
    let mut rest = text.trim();
    while units(rest) > most {
        let (part, more) = rest.split_at(cut(rest, most));
        parts.push(part.trim_end().to_owned());
        rest = more.trim_start();
    }
    if !rest.is_empty() {
        parts.push(rest.to_owned());
    }
    parts
}

fn units(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// Where a text that is too long is cut; never at its beginning.
fn cut(text: &str, most: usize) -> usize {
    let (mut line, mut sentence, mut word, mut fits, mut used) = (0, 0, 0, 0, 0);
    let mut before = ["", ""];
    for (at, grapheme) in text.grapheme_indices(true) {
        if grapheme.chars().all(char::is_whitespace) {
            word = at;
            if grapheme.contains('\n') {
                line = at;
            }
            if ends_sentence(before) {
                sentence = at;
            }
        }
        used += units(grapheme);
        if used > most {
            break;
        }
        fits = at + grapheme.len();
        before = [before[1], grapheme];
    }
    // Going back to a better place must not cost most of the message.
    let places = [(line, fits / 2), (sentence, fits / 3), (word, fits / 3)];
    let place = places.into_iter().find(|(place, least)| place > least).map_or(fits, |(place, _)| place);
    if place > 0 { place } else { within(text, most) }
}

/// No number of a list, no day and no sum.
fn ends_sentence([letter, sign]: [&str; 2]) -> bool {
    match sign {
        "!" | "?" | "…" => true,
        "." => !letter.chars().any(char::is_numeric),
        _ => false,
    }
}

/// A cluster that is longer than a message: marks piled upon one letter.
fn within(text: &str, most: usize) -> usize {
    let mut used = 0;
    let fitting = text.char_indices().find(|(_, letter)| {
        used += letter.len_utf16();
        used > most
    });
    let first = text.chars().next().map_or(0, char::len_utf8);
    fitting.map_or(text.len(), |(at, _)| at).max(first)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_fits_is_whole() {
        assert_eq!(parted("Hồ sơ đã xong.", 14), ["Hồ sơ đã xong."]);
        assert!(parted(" \n ", 5).is_empty());
    }

    #[test]
    fn a_text_is_cut_at_the_best_place() {
        assert_eq!(parted("Hồ sơ đã xong\nXin mời đến nhận", 20), ["Hồ sơ đã xong", "Xin mời đến nhận"]);
        assert_eq!(parted("Hồ sơ đã xong. Xin mời ông đến", 24), ["Hồ sơ đã xong.", "Xin mời ông đến"]);
        assert_eq!(parted("Hồ sơ đã xong xin mời", 12), ["Hồ sơ đã", "xong xin mời"]);
        // The number of a list is no end of a sentence.
        assert_eq!(parted("Mang theo: 1. căn cước", 20), ["Mang theo: 1. căn", "cước"]);
        assert_eq!(parted("abcdefghij", 4), ["abcd", "efgh", "ij"]);
    }

    #[test]
    fn no_letter_is_cut_from_its_marks() {
        let nfd = "e\u{302}\u{301}".repeat(10);
        assert!(parted(&nfd, 7).iter().all(|part| part.chars().count() == 6));
        let family = "👨‍👩‍👧";
        assert_eq!(parted(&family.repeat(3), 17), [family.repeat(2), family.to_owned()]);
        // Longer than a message by itself.
        let piled = format!("a{}", "\u{301}".repeat(20));
        assert_eq!(parted(&piled, 8).concat(), piled);
        assert_eq!(parted("😀😀", 1), ["😀", "😀"]);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_every_part_fits(text in any::<String>(), most in 2..40_usize) {
            let parts = parted(&text, most);
            let plain = |text: &str| text.split_whitespace().collect::<String>();
            prop_assert_eq!(plain(&parts.concat()), plain(&text));
            for part in parts {
                prop_assert!(!part.is_empty() && units(&part) <= most);
            }
        }
    }
}
